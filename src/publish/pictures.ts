import type { Rectangle } from '../contract/document.ts'
import type { EvidenceSpan } from '../contract/evidence.ts'
import type { Report } from '../contract/report.ts'

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
  /** By {@link pageKey}, in the order in which pages are first cited. */
  pages: ReadonlyMap<string, RenderedPage>
  /** By span. */
  highlights: ReadonlyMap<string, readonly Highlight[]>
}

/** The pictures may take this many bytes in all, so that the page still opens on a phone; later pages go without. */
const pictureBudget = 48 * 1024 * 1024

/** Names a page of a document. */
export function pageKey(documentId: string, page: number): string {
  return `${documentId}:${page}`
}

/** Draws every cited page once and finds where each cited quotation stands, in the order of the citations. */
export async function collectPictures(report: Report, source: PageSource): Promise<Pictures> {
  const spans = new Map(report.spans.map((span) => [span.id, span]))
  const pages = new Map<string, RenderedPage>()
  const highlights = new Map<string, readonly Highlight[]>()
  const tried = new Set<string>()
  let bytes = 0
  for (const citation of report.citations) {
    const span = spans.get(citation.span)
    if (!span) continue
    highlights.set(span.id, await source.rectanglesOf(span))
    for (const { page } of span.locator.ranges) {
      const key = pageKey(span.locator.document, page)
      if (tried.has(key) || bytes >= pictureBudget) continue
      tried.add(key)
      const picture = await source.renderPage(span.locator.document, page)
      if (!picture || bytes + picture.png.byteLength > pictureBudget) continue
      bytes += picture.png.byteLength
      pages.set(key, picture)
    }
  }
  return { pages, highlights }
}
