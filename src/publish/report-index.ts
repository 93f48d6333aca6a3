import { type EvidenceSpan, evidenceFields, type StudyCard } from '../contract/evidence.ts'
import type { Paper } from '../contract/paper.ts'
import type { Citation, Report, Sentence } from '../contract/report.ts'
import type { ScreeningDecision } from '../contract/screening.ts'
import type { Theme } from '../contract/synthesis.ts'
import { oneLine, shortened } from './displayable.ts'

/** A report with the lookups that every rendering needs. Identifiers that nothing answers to give `undefined`. */
export interface ReportIndex {
  report: Report
  paper(id: string): Paper | undefined
  span(id: string): EvidenceSpan | undefined
  card(paperId: string): StudyCard | undefined
  decision(paperId: string): ScreeningDecision | undefined
  themesOf(paperId: string): Theme[]
  /** The citation that stands for a span, where it is cited. */
  citationOf(spanId: string): Citation | undefined
  /** The citation that a number stands for. */
  citation(number: number): Citation | undefined
  /** The number a paper has in the reference list, where it is cited. */
  referenceOf(paperId: string): number | undefined
  /** 1-based place of a paper in the report; names its place in a page, whatever its identifier holds. */
  placeOf(paperId: string): number | undefined
  /** All sentences in reading order, 1-based places. */
  sentencePlace(sentence: Sentence): number | undefined
  /** Where a number is cited: the first sentence of each section that cites it, with the section's name. */
  citedAt(citation: number): { place: number; section: string }[]
  /** Core papers with a study card that says something, in the report's order. */
  studied: { paper: Paper; card: StudyCard }[]
}

/** All sentences of a report in reading order. */
export function sentencesOf(report: Report): Sentence[] {
  return sectionsOf(report).flatMap((one) => one.sentences)
}

/** Sections with their sentences, in reading order. */
function sectionsOf(report: Report): { section: string; sentences: Sentence[] }[] {
  return [
    { section: 'Summary', sentences: report.summary },
    ...report.synthesis.map((one) => ({ section: one.title, sentences: one.paragraphs.flat() })),
    { section: 'Agreements and contradictions', sentences: report.relationSentences },
    { section: 'Gaps', sentences: report.gapSentences },
  ]
}

function placesOfCitations(report: Report): Map<number, { place: number; section: string }[]> {
  const citedAt = new Map<number, { place: number; section: string }[]>()
  let place = 0
  for (const { section, sentences } of sectionsOf(report)) {
    const seen = new Set<number>()
    for (const sentence of sentences) {
      place += 1
      for (const number of sentence.citations) {
        if (seen.has(number)) continue
        seen.add(number)
        citedAt.set(number, [...(citedAt.get(number) ?? []), { place, section }])
      }
    }
  }
  return citedAt
}

/** Builds the lookups once. */
export function indexReport(report: Report): ReportIndex {
  const papers = byKey(report.papers, (paper) => paper.id)
  const spans = byKey(report.spans, (span) => span.id)
  const cards = byKey(report.cards, (card) => card.paperId)
  const decisions = byKey(report.decisions, (decision) => decision.paperId)
  const citations = byKey(report.citations, (citation) => citation.span)
  const numbers = new Map(report.citations.map((citation) => [citation.number, citation]))
  const references = new Map(report.references.map(({ paperId, number }) => [paperId, number]))
  const places = new Map(report.papers.map((paper, position) => [paper.id, position + 1]))
  const sentences = sentencesOf(report)
  const sentencePlaces = new Map(sentences.map((sentence, position) => [sentence, position + 1]))
  const citedAt = placesOfCitations(report)
  const themes = new Map<string, Theme[]>()
  for (const theme of report.themes) {
    for (const id of theme.paperIds) themes.set(id, [...(themes.get(id) ?? []), theme])
  }
  return {
    report,
    paper: (id) => papers.get(id),
    span: (id) => spans.get(id),
    card: (id) => cards.get(id),
    decision: (id) => decisions.get(id),
    themesOf: (id) => themes.get(id) ?? [],
    citationOf: (id) => citations.get(id),
    citation: (number) => numbers.get(number),
    referenceOf: (id) => references.get(id),
    placeOf: (id) => places.get(id),
    sentencePlace: (sentence) => sentencePlaces.get(sentence),
    citedAt: (number) => citedAt.get(number) ?? [],
    studied: report.papers.flatMap((paper) => {
      const card = cards.get(paper.id)
      return card && evidenceFields.some((field) => card[field].length > 0) ? [{ paper, card }] : []
    }),
  }
}

/** How a sentence names a paper: `Marsh 2021`, `Marsh & Oduya 2021`, `Marsh et al. 2021`; without authors, its title. */
export function shortName({ fields, yearSuffix }: Paper): string {
  const [first, second, third] = fields.authors.map((author) => oneLine(author.family)).filter(Boolean)
  const year = `${fields.year ?? 'n.d.'}${yearSuffix ?? ''}`
  if (first === undefined) return `${shortened(oneLine(fields.title) || 'Untitled', 48)}, ${year}`
  const names = third ? `${first} et al.` : second ? `${first} & ${second}` : first
  return `${shortened(names, 64)} ${year}`
}

/** The pages a span stands on, in words: `page 4`, `pages 4–5`. */
export function pagesInWords(span: EvidenceSpan): string {
  const pages = span.locator.ranges.map((range) => range.page)
  return pages.length === 1 ? `page ${pages[0]}` : `pages ${pages.join('–')}`
}

function byKey<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item> {
  return new Map(items.map((item) => [key(item), item]))
}
