import type { EvidenceField } from '../../contract/evidence.ts'
import type { Report } from '../../contract/report.ts'
import { flowRows } from '../prisma/boxes.ts'
import { referenceParts } from '../reference-parts.ts'
import { indexReport, pagesInWords, type ReportIndex, shortName } from '../report-index.ts'
import { unreadEntries } from '../unread.ts'
import { counted, deciders, fieldNames, gapKinds, gapOrigins, reasonInWords } from '../words.ts'
import { escapeMarkdown } from './escape.ts'
import { bulletList, citationLinks, sentenceMarkdown, table } from './sentences.ts'

/**
 * report.md, in GitHub Flavored Markdown with all text of papers escaped. Citation numbers are links to the evidence
 * list, whose entries carry an anchor element each; there is no other HTML in it.
 */
export function renderMarkdown(report: Report): string {
  const index = indexReport(report)
  const sections: [string, string][] = [
    ['Summary', report.summary.map(sentenceMarkdown).join(' ') || 'No statement passed the audit.'],
    ['Question and method', method(report)],
    ['Flow of papers', flow(report)],
    ['Themes', themes(report)],
    ['Synthesis', synthesis(report)],
    [
      'Agreements and contradictions',
      bulletList(
        report.relationSentences.map(sentenceMarkdown),
        'None were found between the published statements.',
      ),
    ],
    ['Comparison of studies', comparison(index)],
    ['Datasets and metrics', matrix(index)],
    ['Gaps', gaps(report)],
    [
      'Limitations of this review',
      bulletList(report.reviewLimitations.map(escapeMarkdown), 'None were noted.'),
    ],
    ['What could not be read', unread(report)],
    ['Screening decisions', decisions(index)],
    ['Evidence', evidence(index)],
    ['References', references(index)],
  ]
  const body = sections.map(([heading, content]) => `## ${heading}\n\n${content}`)
  return `# ${escapeMarkdown(report.title)}\n\n${body.join('\n\n')}\n`
}

function method({ plan, analyst }: Report): string {
  const years =
    plan.since === undefined && plan.until === undefined
      ? []
      : [`**Years:** ${plan.since ?? 'any'} to ${plan.until ?? 'today'}`]
  return [
    `**Question:** ${escapeMarkdown(plan.question)}`,
    `**Parts of the question:**\n\n${bulletList(plan.researchQuestions.map(escapeMarkdown), '')}`,
    `**Included were:**\n\n${bulletList(plan.inclusion.map(escapeMarkdown), 'No criterion was set.')}`,
    `**Excluded were:**\n\n${bulletList(plan.exclusion.map(escapeMarkdown), 'No criterion was set.')}`,
    ...years,
    ...(plan.maxPapers === undefined ? [] : [`**At most:** ${counted(plan.maxPapers, 'paper')}`]),
    table(
      ['Concept', 'Other words for it'],
      plan.concepts.map((concept) => [
        escapeMarkdown(concept.term),
        concept.synonyms.map(escapeMarkdown).join(', '),
      ]),
    ),
    table(
      ['Source', 'Query'],
      plan.sources.map(({ source, query }) => [escapeMarkdown(source), escapeMarkdown(query)]),
    ),
    `**Judged by:** ${escapeMarkdown(analyst)}`,
  ].join('\n\n')
}

function flow({ prisma }: Report): string {
  const rows = flowRows(prisma).flatMap(({ main, leaving }) => [
    [`**${main.heading}**`, `**${main.count}**`, reasons(main.details)],
    ...leaving.map((box) => [box.heading, String(box.count), reasons(box.details)]),
  ])
  return `${table(['Stage', 'Number', 'Of these'], rows)}\n\nThe same as a diagram: [prisma.svg](prisma.svg)`
}

function reasons(details: readonly { text: string; count: number }[]): string {
  return details.map(({ text, count }) => `${escapeMarkdown(text)}: ${count}`).join('; ')
}

function themes({ themes }: Report): string {
  if (themes.length === 0) return 'No themes were found.'
  const rows = themes.map((theme) => [
    escapeMarkdown(theme.label),
    String(theme.paperIds.length),
    theme.keywords.map(escapeMarkdown).join(', '),
    escapeMarkdown(theme.description),
  ])
  return table(['Theme', 'Papers', 'Words', 'What they share'], rows)
}

function synthesis({ synthesis }: Report): string {
  const sections = synthesis.map((section) => {
    const paragraphs = section.paragraphs.map((sentences) => sentences.map(sentenceMarkdown).join(' '))
    return [`### ${escapeMarkdown(section.title)}`, ...paragraphs].join('\n\n')
  })
  return sections.join('\n\n') || 'There is nothing to synthesise.'
}

const comparedFields: readonly EvidenceField[] = ['problem', 'method', 'dataset', 'metric', 'result']

function comparison(index: ReportIndex): string {
  if (index.studied.length === 0) return 'No study was read.'
  const rows = index.studied.map(({ paper, card }) => [
    escapeMarkdown(shortName(paper)),
    ...comparedFields.map((field) => card[field].map((entry) => cardEntry(index, entry)).join('; ')),
  ])
  return table(['Paper', ...comparedFields.map((field) => fieldNames[field])], rows)
}

function cardEntry(index: ReportIndex, entry: { text: string; spans: readonly string[] }): string {
  const numbers = entry.spans.flatMap((id) => index.citationOf(id)?.number ?? [])
  if (numbers.length > 0) return `${escapeMarkdown(entry.text)} ${citationLinks(numbers)}`
  const span = index.span(entry.spans[0]!)
  return span ? `${escapeMarkdown(entry.text)} (${pagesInWords(span)})` : escapeMarkdown(entry.text)
}

function matrix(index: ReportIndex): string {
  const { matrix, themes } = index.report
  if (matrix.cells.length === 0) return 'No paper names both a dataset and a metric.'
  const labels = new Map(themes.map((theme) => [theme.id, theme.label]))
  const rows = matrix.cells.map((cell) => [
    escapeMarkdown(labels.get(cell.theme) ?? cell.theme),
    escapeMarkdown(cell.dataset),
    escapeMarkdown(cell.metric),
    cell.paperIds.map((id) => escapeMarkdown(nameOf(index, id))).join('; '),
  ])
  return table(['Theme', 'Dataset', 'Metric', 'Papers'], rows)
}

function gaps({ gaps, gapSentences }: Report): string {
  const items = gapSentences.map((sentence, position) => {
    const gap = gaps[position]
    const opening = gap
      ? `**${escapeMarkdown(gap.title)}** (${gapKinds[gap.kind].toLowerCase()}, ${gapOrigins[gap.origin]}). `
      : ''
    return opening + sentenceMarkdown(sentence)
  })
  return bulletList(items, 'No gaps were found.')
}

function unread(report: Report): string {
  const rows = unreadEntries(report).map(({ item, what, why }) => [item, what, why].map(escapeMarkdown))
  const rejected = report.rejectedQuotations.length
  return [
    rows.length > 0 ? table(['Paper, file or item', 'What', 'Why'], rows) : 'Everything could be read.',
    `${counted(rejected, 'proposed quotation')} stood on no page and ${rejected === 1 ? 'was' : 'were'} rejected.`,
  ].join('\n\n')
}

function decisions(index: ReportIndex): string {
  const rows = index.report.decisions.map((decision) => [
    escapeMarkdown(nameOf(index, decision.paperId)),
    escapeMarkdown(index.paper(decision.paperId)?.fields.title ?? decision.paperId),
    decision.tier,
    reasonInWords(decision.reason),
    decision.score.toFixed(2),
    deciders[decision.decidedBy],
    escapeMarkdown(decision.rationale),
  ])
  return rows.length === 0
    ? 'No paper was screened.'
    : table(['Paper', 'Title', 'Tier', 'Reason', 'Score', 'Decided by', 'Rationale'], rows)
}

function evidence(index: ReportIndex): string {
  const items = index.report.citations.map(({ number, span: id, paperId }) => {
    const span = index.span(id)
    if (!span)
      return `<a id="evidence-${number}"></a>**[${number}]** The quotation is missing from the report.`
    const section = span.section === undefined ? '' : `, under “${escapeMarkdown(span.section)}”`
    const reference = index.referenceOf(paperId)
    const source = `${escapeMarkdown(nameOf(index, paperId))}, ${pagesInWords(span)}${section}${reference === undefined ? '' : ` (reference ${reference})`}`
    return `<a id="evidence-${number}"></a>**[${number}]** ${source}; ${fieldNames[span.field].toLowerCase()}:\n\n> ${escapeMarkdown(span.quotation)}`
  })
  return items.join('\n\n') || 'Nothing is cited.'
}

function references(index: ReportIndex): string {
  const items = index.report.references.map(({ number, paperId }) => {
    const paper = index.paper(paperId)
    if (!paper) return `${number}. ${escapeMarkdown(paperId)}`
    const { text, link } = referenceParts(paper.fields)
    return `${number}. ${escapeMarkdown(text)}${link ? ` <${link.address}>` : ''}`
  })
  return items.join('\n') || 'No paper is cited.'
}

function nameOf(index: ReportIndex, paperId: string): string {
  const paper = index.paper(paperId)
  return paper ? shortName(paper) : paperId
}
