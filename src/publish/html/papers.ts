import { evidenceFields, type StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import { workAddress } from '../reference-parts.ts'
import type { ReportIndex } from '../report-index.ts'
import { counted, deciders, fieldNames, reasonInWords } from '../words.ts'
import { cardEntryHtml } from './comparison.ts'
import { section } from './scroller.ts'
import { html, joined, type SafeHtml } from './template.ts'

/** Every paper with what screening decided and, where it was read, its study card; with a filter that the script enables. */
export function papersSection(index: ReportIndex): SafeHtml {
  const { papers } = index.report
  return section(
    'papers',
    'Papers and screening decisions',
    html`${filter(index)}<p id="papers-shown" class="note" role="status">${counted(papers.length, 'paper')}</p>
<ol class="papers">
${papers.map((paper) => card(index, paper))}</ol>
`,
  )
}

function filter({ report }: ReportIndex): SafeHtml {
  return html`<form class="filter" id="filter" hidden aria-label="Filter papers">
<label>Tier <select name="tier"><option value="">all</option><option value="core">core</option><option value="background">background</option><option value="exclude">excluded</option><option value="none">not screened</option></select></label>
<label>Theme <select name="theme"><option value="">all</option>${report.themes.map((theme, position) => html`<option value="${position + 1}">${theme.label}</option>`)}</select></label>
<label>Words <input type="search" name="words" autocomplete="off"></label>
</form>
`
}

function card(index: ReportIndex, paper: Paper): SafeHtml {
  const place = index.placeOf(paper.id)
  const decision = index.decision(paper.id)
  const tier = decision?.tier ?? 'none'
  const themes = index.themesOf(paper.id)
  const themePlaces = themes.map((theme) => index.report.themes.indexOf(theme) + 1).join(' ')
  const study = index.card(paper.id)
  return html`<li class="paper tier-${tier}" id="paper-${place}" data-tier="${tier}" data-themes="${themePlaces}">
<h3><bdi>${paper.fields.title}</bdi></h3>
<p class="byline">${byline(paper)}</p>
<p class="decision"><span class="badge tier-${tier}">${tierName(tier)}</span> ${
    decision
      ? html`${reasonInWords(decision.reason)}; score ${decision.score.toFixed(2)}, decided by ${deciders[decision.decidedBy]}. <span class="rationale">${decision.rationale}</span>`
      : 'Nothing but a file that cannot be read is known of it.'
  }</p>
${
  paper.failure &&
  html`<p class="failure">${paper.document === undefined && paper.retrieval ? 'Not retrieved' : 'Not read'}: ${reasonInWords(paper.failure.code)}. ${paper.failure.message}</p>
`
}${
  paper.mergedBecause.length > 0
    ? html`<p class="note">One work from ${counted(paper.records.length, 'record')}: ${paper.mergedBecause.join(' ')}</p>
`
    : undefined
}${study && studyCard(index, study)}</li>
`
}

function tierName(tier: string): string {
  return tier === 'exclude' ? 'excluded' : tier === 'none' ? 'not screened' : tier
}

function byline(paper: Paper): SafeHtml {
  const { authors, year, venue, doi, retracted } = paper.fields
  const names = authors.map((author) => [author.given, author.family].filter(Boolean).join(' '))
  const shown = names.length > 8 ? [...names.slice(0, 7), `… and ${names.length - 7} more`] : names
  const address = workAddress(paper.fields)
  const parts = [
    shown.length > 0 ? shown.join(', ') : undefined,
    venue,
    year,
    address &&
      html`<a href="${address}" rel="noreferrer noopener">${doi === undefined ? 'web page' : `doi:${doi}`}</a>`,
    retracted === true ? html`<strong>withdrawn by its publisher</strong>` : undefined,
  ].filter((part) => part !== undefined && part !== '')
  return html`${joined(parts, html` <span aria-hidden="true">·</span> `)}`
}

function studyCard(index: ReportIndex, card: StudyCard): SafeHtml | undefined {
  const filled = evidenceFields.filter((field) => card[field].length > 0)
  if (filled.length === 0) return undefined
  return html`<details class="study"><summary>Study card</summary>
<dl>
${filled.map(
  (
    field,
  ) => html`<dt>${fieldNames[field]}</dt>${card[field].map((entry) => html`<dd>${cardEntryHtml(index, entry)}</dd>`)}
`,
)}</dl>
</details>
`
}
