import type { Theme } from '../../contract/synthesis.ts'
import type { ReportIndex } from '../report-index.ts'
import { counted, gapKinds, gapOrigins } from '../words.ts'
import { list, section } from './scroller.ts'
import { sentenceHtml, sentencesHtml } from './sentences.ts'
import { html, type SafeHtml } from './template.ts'

/** What the review found, first of all. */
export function summarySection(index: ReportIndex): SafeHtml {
  const { summary } = index.report
  const text = summary.length > 0 ? sentencesHtml(index, summary) : 'No statement passed the audit.'
  return section(
    'summary',
    'Summary',
    html`<p class="lead">${text}</p>
`,
  )
}

/** The themes as bars, one for each, as long as the theme has papers; each leads to its synthesis. */
export function themesSection({ report }: ReportIndex): SafeHtml {
  const largest = Math.max(1, ...report.themes.map((theme) => theme.paperIds.length))
  const written = new Set(report.synthesis.map((one) => one.themeId))
  const content =
    report.themes.length === 0
      ? html`<p>No themes were found.</p>
`
      : html`<ol class="themes">
${report.themes.map((theme, position) => themeBar(theme, largest, written.has(theme.id) ? position + 1 : undefined))}</ol>
`
  return section('themes', 'Themes', content)
}

function themeBar(theme: Theme, largest: number, place: number | undefined): SafeHtml {
  const share = Math.round((theme.paperIds.length / largest) * 10000) / 100
  return html`<li>
<p class="theme-name">${place === undefined ? theme.label : html`<a href="#theme-${place}">${theme.label}</a>`} <span class="count">${counted(theme.paperIds.length, 'paper')}</span></p>
<svg class="bar" width="100%" height="10" aria-hidden="true"><rect class="bar-track" width="100%" height="10" rx="2"/><rect class="bar-fill" width="${share}%" height="10" rx="2"/></svg>
<p class="keywords">${theme.keywords.join(' · ')}</p>
</li>
`
}

/** The synthesis, theme by theme. */
export function synthesisSection(index: ReportIndex): SafeHtml {
  const { synthesis, themes } = index.report
  const places = new Map(themes.map((theme, position) => [theme.id, position + 1]))
  const content = synthesis.map(
    (one) => html`<h3 id="theme-${places.get(one.themeId)}">${one.title}</h3>
${one.paragraphs.map(
  (sentences) => html`<p>${sentencesHtml(index, sentences)}</p>
`,
)}`,
  )
  return section(
    'synthesis',
    'Synthesis',
    content.length > 0
      ? content
      : html`<p>There is nothing to synthesise.</p>
`,
  )
}

/** Where papers say the same, and where they do not. */
export function relationsSection(index: ReportIndex): SafeHtml {
  const { relations, relationSentences } = index.report
  const kinds = new Map(relations.map((relation) => [relation.statement, relation.kind]))
  const items = relationSentences.map((sentence) => {
    const kind = kinds.get(sentence.text)
    const badge = kind ? html`<span class="badge ${kind}">${kind}</span> ` : undefined
    return html`${badge}${sentenceHtml(index, sentence)}`
  })
  return section(
    'relations',
    'Agreements and contradictions',
    list(items, 'None were found between the published statements.', 'statements'),
  )
}

/** What is not known yet. */
export function gapsSection(index: ReportIndex): SafeHtml {
  const { gaps, gapSentences } = index.report
  const items = gapSentences.map((sentence, position) => {
    const gap = gaps[position]
    if (!gap) return sentenceHtml(index, sentence)
    return html`<span class="badge">${gapKinds[gap.kind]}</span> <b class="gap-title">${gap.title}</b> ${sentenceHtml(index, sentence)} <span class="origin">Concluded ${gapOrigins[gap.origin]}.</span>`
  })
  return section('gaps', 'Gaps', list(items, 'No gaps were found.', 'statements'))
}
