import type { Page, Rectangle } from '../contract/document.ts'
import type { EvidenceSpan } from '../contract/evidence.ts'
import type { Report } from '../contract/report.ts'
import { rectanglesOf } from '../documents/boxes.ts'

/** A page as a picture: `width` and `height` in pixels, `pageWidth` and `pageHeight` in points. */
export interface RenderedPage {
  png: Uint8Array
  width: number
  height: number
  pageWidth: number
  pageHeight: number
}

/** Where a span stands on one page: rectangles in points, origin at the bottom left. */
export interface Highlight {
  page: number
  rectangles: readonly Rectangle[]
  pageWidth: number
  pageHeight: number
}

/** Where pictures and highlights come from. A page that cannot be drawn is `undefined`; the quotation stands without it. */
export interface PageSource {
  renderPage(documentId: string, page: number): Promise<RenderedPage | undefined>
  rectanglesOf(span: EvidenceSpan): Promise<readonly Highlight[]>
}

/** The pictures of a report: each cited page once, and the highlights of each cited span. */
export interface Pictures {
  /** By {@link pageKey}, document by document in the order in which they are first cited. */
  pages: ReadonlyMap<string, RenderedPage>
  /** By span. */
  highlights: ReadonlyMap<string, readonly Highlight[]>
}

/** The pictures may take this many bytes in all, so that the page still opens on a phone; later pages go without. */
const pictureBudget = 48 * 1024 * 1024

/** The places of a quotation on its pages, from the character boxes kept when they were read. */
export function highlightsOf({ locator }: EvidenceSpan, pages: readonly Page[]): Highlight[] {
  return locator.ranges.flatMap(({ page: number, start, end }) => {
    const page = pages.find((candidate) => candidate.number === number)
    if (!page) return []
    const rectangles = rectanglesOf(page.boxes, page.text, start, end)
    return [{ page: number, rectangles, pageWidth: page.width, pageHeight: page.height }]
  })
}

/** Names a page of a document. */
export function pageKey(documentId: string, page: number): string {
  return `${documentId}:${page}`
}

/** Pages drawn at the same time. */
const drawnTogether = 4

/** Draws every cited page once and finds where each cited quotation stands. */
export async function collectPictures(report: Report, source: PageSource): Promise<Pictures> {
  const known = new Map(report.spans.map((span) => [span.id, span]))
  // One document after the other, so that a source need not open each many times.
  const byDocument = Map.groupBy(
    report.citations.flatMap((citation) => known.get(citation.span) ?? []),
    (span) => span.locator.document,
  )
  const spans = [...byDocument.values()].flat()
  const highlights = new Map<string, readonly Highlight[]>()
  for (const span of spans) highlights.set(span.id, await source.rectanglesOf(span))
  return { pages: await drawPages(citedPages(spans), source), highlights }
}

interface CitedPage {
  document: string
  page: number
}

function citedPages(spans: readonly EvidenceSpan[]): CitedPage[] {
  const pages = new Map<string, CitedPage>()
  for (const { locator } of spans) {
    for (const { page } of locator.ranges) {
      const key = pageKey(locator.document, page)
      if (!pages.has(key)) pages.set(key, { document: locator.document, page })
    }
  }
  return [...pages.values()]
}

async function drawPages(
  cited: readonly CitedPage[],
  source: PageSource,
): Promise<Map<string, RenderedPage>> {
  const pages = new Map<string, RenderedPage>()
  let bytes = 0
  for (let first = 0; first < cited.length && bytes < pictureBudget; first += drawnTogether) {
    const batch = cited.slice(first, first + drawnTogether)
    const pictures = await Promise.all(batch.map(({ document, page }) => source.renderPage(document, page)))
    pictures.forEach((picture, position) => {
      const { document, page } = batch[position]!
      if (!picture || bytes + picture.png.byteLength > pictureBudget) return
      bytes += picture.png.byteLength
      pages.set(pageKey(document, page), picture)
    })
  }
  return pages
}
