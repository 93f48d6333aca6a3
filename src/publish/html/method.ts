import type { Report } from '../../contract/report.ts'
import { flowInWords } from '../prisma/boxes.ts'
import { prismaDiagram } from '../prisma/diagram.ts'
import { counted } from '../words.ts'
import { list, scroller, section } from './scroller.ts'
import { html, joined, type SafeHtml } from './template.ts'

/** The question, what was searched for and where, and the flow of papers. */
export function methodSection(report: Report): SafeHtml {
  const { plan, analyst } = report
  return section(
    'method',
    'Question and method',
    html`<p class="question">${plan.question}</p>
<dl class="facts">
<dt>Parts of the question</dt><dd>${list(plan.researchQuestions, 'None.')}</dd>
<dt>Included were</dt><dd>${list(plan.inclusion, 'No criterion was set.')}</dd>
<dt>Excluded were</dt><dd>${list(plan.exclusion, 'No criterion was set.')}</dd>
<dt>Concepts</dt><dd>${list(
      plan.concepts.map(({ term, synonyms }) =>
        synonyms.length > 0 ? html`<b>${term}</b>, also ${joined(synonyms, ', ')}` : html`<b>${term}</b>`,
      ),
      'None.',
    )}</dd>
<dt>Sources</dt><dd>${list(
      plan.sources.map(({ source, query }) => html`<b>${source}</b>: <code>${query}</code>`),
      'None.',
    )}</dd>
${limits(report)}<dt>Judged by</dt><dd>${analyst === 'extractive' ? 'the extractive analyst (no language model)' : analyst}</dd>
</dl>
<h3 id="flow">Flow of papers</h3>
${scroller('PRISMA flow diagram', prismaDiagram(report.prisma))}<details class="more"><summary>The same in words</summary><p>${flowInWords(report.prisma)}</p></details>
`,
  )
}

function limits({ plan }: Report): SafeHtml | undefined {
  if (plan.since === undefined && plan.until === undefined && plan.maxPapers === undefined) return undefined
  const years =
    plan.since === undefined && plan.until === undefined
      ? []
      : [`published ${plan.since === undefined ? '' : `from ${plan.since} `}to ${plan.until ?? 'today'}`]
  const papers = plan.maxPapers === undefined ? [] : [`at most ${counted(plan.maxPapers, 'paper')}`]
  return html`<dt>Limits</dt><dd>${[...years, ...papers].join('; ')}</dd>
`
}
