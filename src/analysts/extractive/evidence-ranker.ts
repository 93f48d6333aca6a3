import { type CandidateSentence, type EvidenceQuery, evidenceFeatures } from './evidence-features.ts'
import { abstractEvidenceWeights, fullTextEvidenceWeights } from './evidence-weights.ts'

/** A sentence's standing as evidence. */
export interface RankedSentence {
  /** Place among the given sentences, 0-based. */
  index: number
  /** Linear score, comparable only between sentences of one document and one query. */
  score: number
  /** Share of the query's terms in the sentence, weighted by rarity, 0 to 1. Below {@link leastCoverage}: no evidence. */
  coverage: number
}

/**
 * Below this coverage even the best sentence is not taken for evidence. On SciFact's training claims it keeps 90 % of
 * the abstracts that hold evidence and drops half of those that are cited without any (`bench/quality/evidence.ts`).
 */
export const leastCoverage = 0.3

/** Documents of more sentences are read as full texts. */
const longestAbstract = 40

/**
 * Ranks the sentences of one document as evidence for a claim or question, best first, by a linear model over word
 * overlap, cues, roles and places (weights: `bench/training/evidence.ts`). Equal scores keep the document's order.
 */
export function rankEvidence(
  query: EvidenceQuery,
  sentences: readonly CandidateSentence[],
): RankedSentence[] {
  const full = sentences.length > longestAbstract || sentences.some(({ section }) => section !== undefined)
  const weights = full ? fullTextEvidenceWeights : abstractEvidenceWeights
  return evidenceFeatures(query, sentences)
    .map(({ features, coverage }, index) => ({
      index,
      score: weights.reduce((sum, weight, at) => sum + weight * features[at]!, 0),
      coverage,
    }))
    .sort((one, other) => other.score - one.score || one.index - other.index)
}

/** The sentences that bear on the query, best first, at most `most`; none where even the best says too little of it. */
export function findEvidence(
  query: EvidenceQuery,
  sentences: readonly CandidateSentence[],
  most: number = 3,
): RankedSentence[] {
  return rankEvidence(query, sentences)
    .slice(0, most)
    .filter(({ coverage }) => coverage >= leastCoverage)
}
