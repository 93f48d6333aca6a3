import type { EvidenceSpan } from '../../contract/evidence.ts'
import { withoutLigatures } from '../../methods/text/ligatures.ts'
import type { Answer, EvidenceBase } from '../analyst.ts'
import { attributed } from './attribution.ts'
import { rankEvidence } from './evidence-ranker.ts'
import { researchQuestions } from './plan.ts'

/** A span must cover this share of the question's terms, weighted by rarity, to count as an answer. */
const leastAnswer = 0.35
const mostSentences = 4
const mostOfPaper = 2
const mostParts = 5
/** Spans that the ranker puts first and coverage then sorts. */
const mostConsidered = 8
/** Longest question that is read, in UTF-16 units. */
const longestQuestion = 1_000
/** Words that ask, which no answer repeats. */
const asking =
  /\b(?:what|which|who|whom|whose|how|why|when|where|whether|does|do|did|is|are|was|were|can|could|should|would|will|has|have|had|there|any|evidence|papers?|studies|study|authors?|say|says|about|known|show|find|report|reported|found|effect|effects)\b/gi

/**
 * Answers a question by the spans that bear most on it or on one of its parts, in the papers' own words; undefined where
 * even the best covers too little of any. Spans that say the same are given once.
 */
export function answerQuestion(question: string, { spans, papers }: EvidenceBase): Answer | undefined {
  const candidates = distinctSpans(spans)
  const parts = [...new Set([question, ...researchQuestions(question.slice(0, longestQuestion))])].slice(
    0,
    mostParts,
  )
  const ranked = parts
    .flatMap((part) => bearingOn(part, candidates))
    .sort((one, other) => other.coverage - one.coverage || one.rank - other.rank || one.index - other.index)
  const perPaper = new Map<string, number>()
  const chosen = [...new Set(ranked.map(({ index }) => index))]
    .map((index) => candidates[index]!)
    .filter(({ paperId }) => {
      const count = (perPaper.get(paperId) ?? 0) + 1
      perPaper.set(paperId, count)
      return count <= mostOfPaper
    })
    .slice(0, mostSentences)
  if (chosen.length === 0) return undefined
  return {
    sentences: chosen.map((span) => ({
      text: attributed(span.quotation, span.field, papers.get(span.paperId)),
      spans: [span.id],
    })),
  }
}

/** The first spans of the ranking that cover enough of the question. */
function bearingOn(question: string, candidates: readonly EvidenceSpan[]) {
  const text = question.slice(0, longestQuestion).replace(asking, ' ')
  return rankEvidence(
    { text },
    candidates.map(({ quotation, section }) => ({
      text: withoutLigatures(quotation),
      section: section ?? '',
    })),
  )
    .slice(0, mostConsidered)
    .map(({ index, coverage }, rank) => ({ index, coverage, rank }))
    .filter(({ coverage }) => coverage >= leastAnswer)
}

/** One span for each quotation, in a fixed order; a result before a metric that stands in the same sentence. */
function distinctSpans(spans: ReadonlyMap<string, EvidenceSpan>): EvidenceSpan[] {
  const order = ['result', 'limitation', 'method', 'problem', 'dataset', 'metric']
  const sorted = [...spans.values()].sort(
    (one, other) => order.indexOf(one.field) - order.indexOf(other.field) || (one.id < other.id ? -1 : 1),
  )
  const seen = new Set<string>()
  return sorted.filter(({ paperId, quotation }) => {
    const key = `${paperId} ${quotation}`
    return !seen.has(key) && seen.add(key)
  })
}
