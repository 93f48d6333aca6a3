import type { Report } from '../../contract/report.ts'
import { referenceParts } from '../reference-parts.ts'
import type { ReportIndex } from '../report-index.ts'
import { unreadEntries } from '../unread.ts'
import { counted } from '../words.ts'
import { list, scroller, section } from './scroller.ts'
import { html, type SafeHtml } from './template.ts'

/** What this review itself cannot say. */
export function limitationsSection({ reviewLimitations }: Report): SafeHtml {
  return section('limitations', 'Limitations of this review', list(reviewLimitations, 'None were noted.'))
}

/** Papers, files, pages and tasks that failed, and quotations that were refused. */
export function unreadSection(report: Report): SafeHtml {
  const rows = unreadEntries(report)
  const table = html`<table>
<thead><tr><th scope="col">Paper, file or item</th><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>
${rows.map(
  ({ item, what, why }) => html`<tr><th scope="row">${item}</th><td>${what}</td><td>${why}</td></tr>
`,
)}</tbody>
</table>`
  const rejected = report.rejectedQuotations.length
  return section(
    'unread',
    'What could not be read',
    html`${
      rows.length > 0
        ? scroller('Table of failures', table)
        : html`<p>Everything could be read.</p>
`
    }<p class="note">${counted(rejected, 'proposed quotation')} stood on no page and ${rejected === 1 ? 'was' : 'were'} rejected.</p>
`,
  )
}

/** The reference list of the papers cited. */
export function referencesSection(index: ReportIndex): SafeHtml {
  const items = index.report.references.map(({ number, paperId }) => {
    const paper = index.paper(paperId)
    if (!paper)
      return html`<li id="reference-${number}">${paperId}</li>
`
    const { text, link } = referenceParts(paper.fields)
    const address = link && html` <a href="${link.address}" rel="noreferrer noopener">${link.printed}</a>`
    return html`<li id="reference-${number}">${text}${address} <a class="open" href="#paper-${index.placeOf(paperId)}">Study card</a></li>
`
  })
  return section(
    'references',
    'References',
    items.length === 0
      ? html`<p>No paper is cited.</p>
`
      : html`<ol class="references">
${items}</ol>
`,
  )
}
