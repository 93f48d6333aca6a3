import type { CardEntry, EvidenceField } from '../../contract/evidence.ts'
import { pagesInWords, type ReportIndex } from '../report-index.ts'
import { counted, fieldNames } from '../words.ts'
import { scroller, section } from './scroller.ts'
import { citationLinks, paperLink } from './sentences.ts'
import { html, joined, type SafeHtml } from './template.ts'

const comparedFields: readonly EvidenceField[] = ['problem', 'method', 'dataset', 'metric', 'result']

/** The studies side by side. */
export function comparisonSection(index: ReportIndex): SafeHtml {
  if (index.studied.length === 0) {
    return section(
      'comparison',
      'Comparison of studies',
      html`<p>No study was read.</p>
`,
    )
  }
  const rows = index.studied.map(
    ({ paper, card }) => html`<tr><th scope="row">${paperLink(index, paper.id)}</th>${comparedFields.map(
      (field) => html`<td>${entries(index, card[field])}</td>`,
    )}</tr>
`,
  )
  const table = html`<table class="comparison">
<thead><tr><th scope="col">Paper</th>${comparedFields.map((field) => html`<th scope="col">${fieldNames[field]}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>`
  return section('comparison', 'Comparison of studies', scroller('Table of studies', table))
}

function entries(index: ReportIndex, entries: readonly CardEntry[]): SafeHtml | undefined {
  if (entries.length === 0) return html`<span class="none">none found</span>`
  return html`${joined(
    entries.map((entry) => cardEntryHtml(index, entry)),
    html`<br>`,
  )}`
}

/** What a card says, with the citations that carry it, or the page where nothing in the text cites it. */
export function cardEntryHtml(index: ReportIndex, entry: CardEntry): SafeHtml {
  const numbers = entry.spans.flatMap((id) => index.citationOf(id)?.number ?? [])
  if (numbers.length > 0) return html`${entry.text}&#8288;${citationLinks(index, numbers)}`
  const span = index.span(entry.spans[0]!)
  return html`${entry.text}${span && html` <span class="where">${pagesInWords(span)}</span>`}`
}

/** Which papers of a theme use a dataset and report a metric; a row for each theme and dataset that occur together. */
export function matrixSection(index: ReportIndex): SafeHtml {
  const { matrix, themes } = index.report
  const heading = 'Datasets and metrics'
  if (matrix.cells.length === 0) {
    return section(
      'matrix',
      heading,
      html`<p>No paper names both a dataset and a metric.</p>
`,
    )
  }
  const labels = new Map(themes.map((theme) => [theme.id, theme.label]))
  const cells = new Map(
    matrix.cells.map((cell) => [JSON.stringify([cell.theme, cell.dataset, cell.metric]), cell]),
  )
  const used = new Set(matrix.cells.map((cell) => JSON.stringify([cell.theme, cell.dataset])))
  const rows = matrix.themes.flatMap((theme) => {
    const datasets = matrix.datasets.filter((dataset) => used.has(JSON.stringify([theme, dataset])))
    return datasets.map((dataset, position) => {
      const lead =
        position === 0
          ? html`<th scope="rowgroup" rowspan="${datasets.length}">${labels.get(theme) ?? theme}</th>`
          : undefined
      const columns = matrix.metrics.map((metric) => {
        const papers = cells.get(JSON.stringify([theme, dataset, metric]))?.paperIds ?? []
        if (papers.length === 0) return html`<td class="empty"><span class="unseen">none</span></td>`
        return html`<td class="filled">${joined(
          papers.map((id) => paperLink(index, id)),
          html`<br>`,
        )}</td>`
      })
      return html`<tr>${lead}<th scope="row">${dataset}</th>${columns}</tr>
`
    })
  })
  const table = html`<table class="matrix">
<thead><tr><th scope="col">Theme</th><th scope="col">Dataset</th>${matrix.metrics.map((metric) => html`<th scope="col">${metric}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>`
  const silent = matrix.themes.filter((theme) => !matrix.cells.some((cell) => cell.theme === theme))
  return section(
    'matrix',
    heading,
    html`${scroller('Table of datasets and metrics', table)}${
      silent.length > 0
        ? html`<p class="note">${counted(silent.length, 'theme')} without a paper that names both: ${silent.map((id) => labels.get(id) ?? id).join(', ')}.</p>
`
        : undefined
    }`,
  )
}
