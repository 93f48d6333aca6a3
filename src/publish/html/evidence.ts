import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Citation } from '../../contract/report.ts'
import { type Highlight, type Pictures, pageKey, type RenderedPage } from '../pictures.ts'
import { pagesInWords, type ReportIndex, shortName } from '../report-index.ts'
import { fieldNames } from '../words.ts'
import { section } from './scroller.ts'
import { paperLink } from './sentences.ts'
import { html, joined, type SafeHtml, trustedHtml } from './template.ts'

/** The evidence list: each citation's quotation, paper, page and the page's picture with the quotation marked. */
export function evidenceSection(index: ReportIndex, pictures: Pictures): SafeHtml {
  const { citations } = index.report
  const content =
    citations.length === 0
      ? html`<p>Nothing is cited.</p>
`
      : html`<p class="note">Every number in the text stands for one quotation, with the page it was found on.</p>
<ol class="evidence">
${citations.map((citation) => item(index, pictures, citation))}</ol>
`
  return section('evidence', 'Evidence', content)
}

/** All page pictures, each once, where the figures take them from. Identifiers are the pages' places in `pictures`. */
export function pageStore(pictures: Pictures): SafeHtml {
  const images = [...pictures.pages].map(
    (
      [key, picture],
      position,
    ) => html`<image id="page-${position + 1}" data-page="${key}" width="${picture.pageWidth}" height="${picture.pageHeight}" preserveAspectRatio="none" href="data:image/png;base64,${trustedHtml(Buffer.from(picture.png).toString('base64'))}"/>
`,
  )
  return html`<svg class="page-store" width="0" height="0" aria-hidden="true" focusable="false"><defs>
${images}</defs></svg>
`
}

function item(index: ReportIndex, pictures: Pictures, citation: Citation): SafeHtml {
  const span = index.span(citation.span)
  const head = html`<span class="number">${citation.number}</span> `
  if (!span)
    return html`<li id="evidence-${citation.number}"><p class="source">${head}The quotation is missing from the report.</p></li>
`
  const reference = index.referenceOf(citation.paperId)
  const occurrences = index.citedAt(citation.number)
  return html`<li id="evidence-${citation.number}" tabindex="-1">
<p class="source">${head}${paperLink(index, citation.paperId)}, ${pagesInWords(span)}<span class="kind"> · ${fieldNames[span.field].toLowerCase()}${span.section === undefined ? undefined : html` · under “${span.section}”`}</span></p>
<blockquote><p>${span.quotation}</p></blockquote>
${figures(index, pictures, span)}<p class="links">${reference === undefined ? undefined : html`<a href="#reference-${reference}">Reference ${reference}</a>`}${
    occurrences.length > 0
      ? html` · Cited in ${joined(
          occurrences.map(({ place, section }) => html`<a href="#sentence-${place}">${section}</a>`),
          ', ',
        )}`
      : undefined
  }</p>
</li>
`
}

function figures(index: ReportIndex, pictures: Pictures, span: EvidenceSpan): SafeHtml {
  const keys = [...pictures.pages.keys()]
  const paper = index.paper(span.paperId)
  const drawn = span.locator.ranges.flatMap(({ page }) => {
    const key = pageKey(span.locator.document, page)
    const picture = pictures.pages.get(key)
    if (!picture) return []
    const marks = (pictures.highlights.get(span.id) ?? []).filter((highlight) => highlight.page === page)
    const name = `Page ${page} of ${paper ? shortName(paper) : 'the paper'}, the quotation marked`
    return [{ picture, marks, place: keys.indexOf(key) + 1, name }]
  })
  if (drawn.length === 0)
    return html`<p class="note">There is no picture of this page.</p>
`
  return html`${drawn.map(
    ({
      picture,
      marks,
      place,
      name,
    }) => html`<figure class="excerpt">${pageFigure(place, name, marks, excerptOf(picture, marks))}</figure>
`,
  )}<details class="whole"><summary>Whole page</summary>
${drawn.map(
  ({
    picture,
    marks,
    place,
    name,
  }) => html`<figure>${pageFigure(place, name, marks, { left: 0, top: 0, width: picture.pageWidth, height: picture.pageHeight })}</figure>
`,
)}</details>
`
}

/** A window on a page in points, origin at the top left, as SVG counts. */
interface PageWindow {
  left: number
  top: number
  width: number
  height: number
}

/** Points of the page that are shown around a quotation. */
const surroundings = 40
const narrowestExcerpt = 320
const pixelsPerPoint = 1.35

function excerptOf(picture: RenderedPage, marks: readonly Highlight[]): PageWindow {
  const rectangles = marks.flatMap((mark) => mark.rectangles)
  const whole = { left: 0, top: 0, width: picture.pageWidth, height: picture.pageHeight }
  if (rectangles.length === 0) return whole
  const top = Math.max(0, picture.pageHeight - Math.max(...rectangles.map((one) => one.top)) - surroundings)
  const bottom = picture.pageHeight - Math.min(...rectangles.map((one) => one.bottom)) + surroundings
  const left = Math.min(...rectangles.map((one) => one.left)) - surroundings / 2
  const right = Math.max(...rectangles.map((one) => one.right)) + surroundings / 2
  const width = Math.min(picture.pageWidth, Math.max(narrowestExcerpt, right - left))
  return {
    left: Math.min(Math.max(0, (left + right - width) / 2), picture.pageWidth - width),
    top,
    width,
    height: Math.min(picture.pageHeight, bottom) - top,
  }
}

function pageFigure(place: number, name: string, marks: readonly Highlight[], view: PageWindow): SafeHtml {
  const box = [view.left, view.top, view.width, view.height].map(tenths)
  const rectangles = marks.flatMap((mark) =>
    mark.rectangles.map(
      ({ left, right, top, bottom }) =>
        html`<rect class="mark" x="${tenths(left - 1)}" y="${tenths(mark.pageHeight - top - 1)}" width="${tenths(right - left + 2)}" height="${tenths(top - bottom + 2)}" fill="#ffd000" fill-opacity="0.38"/>`,
    ),
  )
  return html`<svg class="page-picture" role="img" aria-label="${name}" viewBox="${box.join(' ')}" width="${Math.round(view.width * pixelsPerPoint)}"><use href="#page-${place}"/>${rectangles}</svg>`
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
