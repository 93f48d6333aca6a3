import { tokenize } from '../text/tokens.ts'
import { createBm25, type TermWeights } from './bm25.ts'
import { countCharacterGrams } from './character-grams.ts'
import { relevanceModel } from './feedback.ts'

/** A document as ranking sees it. */
export interface RankedDocument {
  id: string
  title: string
  /** Abstract or text; may be empty. */
  body: string
}

/** A document's place in the answer to a query. */
export interface Ranked {
  id: string
  /** 0 to 1, where 1 is a document that is best by words and by characters. Comparable within one query only. */
  score: number
}

export interface RankOptions {
  /** At most this many documents, best first; all that share anything with the query when absent. */
  limit?: number
  /**
   * Widen the query by what its best documents say (see `feedback.ts`). Better for a topic that many documents treat;
   * worse for a claim that one document supports.
   */
  feedback?: boolean
}

/** A collection that can be ranked by queries. */
export interface RankingIndex {
  /** Documents by how well they answer the query, best first; equal ones in the order in which they were given. */
  rank(query: string, options?: RankOptions): Ranked[]
  /** Inverse document frequency of a token as `tokenize` gives it. */
  idf(token: string): number
}

/** A word of the title counts as this many words of the body. */
const titleWeight = 3
/**
 * Weight of the character runs beside the words. Chosen on SciFact, CISI and CACM together; between 0.3 and 0.7 hardly
 * anything changes. See docs/notes/04-ranking-without-a-model.md.
 */
const gramWeight = 0.4
const wordParameters = { k1: 1.5, b: 0.75 }
const gramParameters = { k1: 1.5, b: 0.75 }

/**
 * Indexes documents by their words and by runs of four characters. Both are scored by BM25, scaled by their best
 * document, and added: the words decide, the characters bring together what stemming leaves apart.
 */
export function createIndex(documents: readonly RankedDocument[]): RankingIndex {
  const words = documents.map(wordWeights)
  const wordIndex = createBm25(words, wordParameters)
  const gramIndex = createBm25(documents.values().map(gramWeights), gramParameters)

  const fuse = (byWord: Float64Array, byGram: Float64Array): Float64Array => {
    const wordScale = 1 / (largest(byWord) || 1)
    const gramScale = gramWeight / (largest(byGram) || 1)
    return byWord.map(
      (score, document) => (score * wordScale + byGram[document]! * gramScale) / (1 + gramWeight),
    )
  }

  return {
    idf: wordIndex.idf,
    rank(query, { limit = documents.length, feedback = false } = {}) {
      const queryWords = countTokens(tokenize(query), 1, new Map())
      const queryGrams = new Map<number, number>()
      countCharacterGrams(query, 1, queryGrams)
      const byGram = gramIndex.scores(queryGrams)
      let scores = fuse(wordIndex.scores(queryWords), byGram)
      if (feedback) {
        const best = order(scores).map((document) => ({ terms: words[document]!, score: scores[document]! }))
        scores = fuse(wordIndex.scores(relevanceModel(queryWords, best, wordIndex.idf)), byGram)
      }
      return order(scores)
        .slice(0, limit)
        .map((document) => ({ id: documents[document]!.id, score: scores[document]! }))
    },
  }
}

/** Numbers of the documents that score at all, best first. */
function order(scores: Float64Array): number[] {
  const numbers: number[] = []
  for (let document = 0; document < scores.length; document++)
    if (scores[document]! > 0) numbers.push(document)
  return numbers.sort((left, right) => scores[right]! - scores[left]! || left - right)
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

function wordWeights(document: RankedDocument): TermWeights<string> {
  const counts = countTokens(tokenize(document.title), titleWeight, new Map())
  return countTokens(tokenize(document.body), 1, counts)
}

function gramWeights(document: RankedDocument): TermWeights<number> {
  const counts = new Map<number, number>()
  countCharacterGrams(document.title, titleWeight, counts)
  countCharacterGrams(document.body, 1, counts)
  return counts
}

function countTokens(
  tokens: readonly string[],
  weight: number,
  counts: Map<string, number>,
): Map<string, number> {
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + weight)
  return counts
}
