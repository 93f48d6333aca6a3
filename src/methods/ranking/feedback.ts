import type { TermWeights } from './bm25.ts'

/** A document that answered the query, with its score. */
export interface FeedbackDocument {
  terms: TermWeights<string>
  score: number
}

const feedbackDocuments = 3
const feedbackTerms = 10
/** Share of the widened query that comes from the documents. */
const feedbackShare = 0.2

/**
 * RM3: the query mixed with the words that its best documents say most, each document counting by its score and each
 * word by its share of the document and its rarity (Abdul-Jaleel et al. 2004, "UMass at TREC 2004"). Fewer documents and
 * words than usual, because a wrong first document then does less harm on small collections. `documents`: best first.
 */
export function relevanceModel(
  query: TermWeights<string>,
  documents: readonly FeedbackDocument[],
  idf: (term: string) => number,
): TermWeights<string> {
  const best = documents.slice(0, feedbackDocuments)
  const scoreSum = sum(best.map((document) => document.score))
  const queryLength = sum(query.values())
  if (scoreSum === 0 || queryLength === 0) return query

  const model = new Map<string, number>()
  for (const { terms, score } of best) {
    const share = score / scoreSum / (sum(terms.values()) || 1)
    for (const [term, frequency] of terms) {
      model.set(term, (model.get(term) ?? 0) + share * frequency * idf(term))
    }
  }
  const chosen = [...model]
    .sort(([leftTerm, left], [rightTerm, right]) => right - left || (leftTerm < rightTerm ? -1 : 1))
    .slice(0, feedbackTerms)
  const modelSum = sum(chosen.map(([, weight]) => weight))

  const mixed = new Map<string, number>()
  for (const [term, weight] of query) mixed.set(term, ((1 - feedbackShare) * weight) / queryLength)
  for (const [term, weight] of chosen) {
    mixed.set(term, (mixed.get(term) ?? 0) + (feedbackShare * weight) / modelSum)
  }
  return mixed
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
