import type { Page } from '../../contract/document.ts'
import type { EvidenceField } from '../../contract/evidence.ts'
import type { Plan } from '../../contract/plan.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import type { ProposedQuotation } from '../analyst.ts'
import { datasetsIn, type FoundName } from './dataset-names.ts'
import { facetsOf } from './facets.ts'
import { type Candidate, type SentenceField, scoreOf, useScore } from './field-scores.ts'
import { metricsIn } from './metric-names.ts'
import { sentencesOfPaper } from './paper-sentences.ts'
import { independence, isQuotableSentence } from './quotable.ts'
import { totalRarity } from './rarity.ts'
import { roleOdds } from './roles.ts'
import { purposeOfSection } from './section-purposes.ts'

/** At most this many quotations of each field: what a person would note on a card. */
const most = { problem: 2, method: 3, dataset: 5, metric: 5, result: 4, limitation: 3 } as const
/** A candidate below this score says too little of the field. */
const least = { problem: 0.9, method: 0.95, result: 0.95, limitation: 0.9 } as const
/** How far below that a paper's only problem or method may be: a card without either says little. */
const makeshift = { problem: 0.25, method: 0.25, result: 0, limitation: 0 } as const
/** What telling what the question asks of its subject adds to a sentence's nearness to it, at most. */
const facetWorth = 0.4
/** Two quotations that share this part of their stems (of the shorter) say the same. */
const sameWords = 0.6

/**
 * Reads the whole paper and proposes the quotations of its study card, best first within a field: whole sentences that
 * stand alone, from where the paper's sections tell of it, and where there is a choice those nearest to the question. For
 * a dataset or a metric the card's text is the name itself.
 */
export function extractQuotations(plan: Plan, pages: readonly Page[]): ProposedQuotation[] {
  const terms = plan.concepts.map(({ term, synonyms }) => new Set(tokenize([term, ...synonyms].join(' '))))
  const wanted = new Set(tokenize(plan.concepts.map(({ term }) => term).join(' ')))
  const facetShare = facetsOf(plan.question)
  const candidates = sentencesOfPaper(pages)
    .filter(({ text, afterSentence }) => isQuotableSentence(text, afterSentence))
    .map((sentence): Candidate => {
      const stems = new Set(tokenize(sentence.text))
      const concepts = terms.filter((own) => [...own].some((stem) => stems.has(stem))).length
      const overlap =
        totalRarity([...wanted].filter((stem) => stems.has(stem))) / Math.max(1, totalRarity(wanted))
      return {
        ...sentence,
        stems,
        odds: roleOdds(sentence.text, sentence.heading),
        purpose: purposeOfSection(sentence.heading),
        relevance: Math.min(
          1,
          (overlap + concepts / Math.max(1, terms.length)) / 2 + facetWorth * facetShare(sentence.text),
        ),
        independence: independence(sentence.text),
      }
    })
  const taken = new Set<Candidate>()
  const chosen = (['result', 'limitation', 'method', 'problem'] as const).map((field) =>
    choose(field, candidates, taken),
  )
  const [result, limitation, method, problem] = chosen as [
    ProposedQuotation[],
    ProposedQuotation[],
    ProposedQuotation[],
    ProposedQuotation[],
  ]
  return [
    ...problem,
    ...method,
    ...chooseNames('dataset', candidates, datasetsIn),
    ...chooseNames('metric', candidates, metricsIn),
    ...result,
    ...limitation,
  ]
}

/** The best of one field, greedily: what repeats a chosen one, or was chosen for another field, is passed over. */
function choose(
  field: SentenceField,
  candidates: readonly Candidate[],
  taken: Set<Candidate>,
): ProposedQuotation[] {
  const ranked = candidates
    .map((candidate) => ({ candidate, score: scoreOf[field](candidate) }))
    .filter(({ candidate, score }) => score >= least[field] - makeshift[field] && !taken.has(candidate))
    .sort((one, other) => other.score - one.score || one.candidate.position - other.candidate.position)
  const kept: { candidate: Candidate; score: number }[] = []
  for (const entry of ranked) {
    if (kept.length === most[field] || (entry.score < least[field] && kept.length > 0)) break
    const same = [...taken].some(({ stems }) => overlapOf(stems, entry.candidate.stems) >= sameWords)
    const crowded = kept.filter(
      ({ candidate }) => Math.abs(candidate.position - entry.candidate.position) < 0.01,
    ).length
    if (same || crowded >= 2) continue
    kept.push(entry)
    taken.add(entry.candidate)
  }
  return kept.map(({ candidate, score }) => quotationOf(field, candidate, confidenceOf(score - least[field])))
}

function quotationOf(
  field: EvidenceField,
  candidate: Candidate,
  confidence: number,
  text?: string,
): ProposedQuotation {
  return {
    field,
    quotation: candidate.text,
    page: candidate.page,
    ...(candidate.section !== undefined && { section: candidate.section }),
    confidence,
    ...(text !== undefined && { text }),
  }
}

/** From a half, where a candidate is barely good enough, towards 0.95; below a half for a makeshift. */
function confidenceOf(margin: number): number {
  if (margin < 0) return Math.round((0.5 + margin) * 100) / 100
  return Math.round((0.5 + 0.45 * (1 - Math.exp(-1.2 * Math.max(0, margin)))) * 100) / 100
}

/** Names that papers mention most, each with the sentence that tells most of its use. */
function chooseNames(
  field: 'dataset' | 'metric',
  candidates: readonly Candidate[],
  namesIn: (sentence: string) => FoundName[],
): ProposedQuotation[] {
  const mentions = new Map<string, { name: FoundName; candidate: Candidate; score: number; count: number }>()
  for (const candidate of candidates) {
    if (candidate.purpose === 'related') continue
    for (const name of namesIn(candidate.text)) {
      const score = useScore(field, candidate)
      const known = mentions.get(name.key)
      if (known === undefined) mentions.set(name.key, { name, candidate, score, count: 1 })
      else {
        known.count++
        if (score > known.score) Object.assign(known, { name, candidate, score })
      }
    }
  }
  return [...mentions.values()]
    .map((mention) => ({ ...mention, total: mention.score + 0.15 * Math.min(4, mention.count - 1) }))
    .filter(({ total }) => total >= 0.8)
    .sort((one, other) => other.total - one.total || (one.name.key < other.name.key ? -1 : 1))
    .slice(0, most[field])
    .map(({ name, candidate, total }) => quotationOf(field, candidate, confidenceOf(total - 0.8), name.text))
}

/** Share of the smaller set's stems that both have. */
function overlapOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one]
  if (small.size === 0) return 0
  return [...small].filter((stem) => large.has(stem)).length / small.size
}
