/** A sparse vector of unit length: term numbers in rising order, and their weights. */
export interface SparseVector {
  terms: Int32Array
  weights: Float64Array
}

/**
 * TF-IDF vectors of documents given as weights of their terms (damped frequencies): each times `ln((1 + n) / (1 + df))`,
 * scaled to unit length (Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 6.4). Terms of a
 * single document are left out, for they compare nothing. A document without shared terms has an empty vector.
 */
export function tfIdfVectors(documents: readonly ReadonlyMap<string, number>[]): SparseVector[] {
  const frequency = new Map<string, number>()
  for (const document of documents)
    for (const term of document.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const terms = [...frequency].filter(([, count]) => count > 1).map(([term]) => term)
  const numbers = new Map(terms.toSorted().map((term, number) => [term, number]))

  return documents.map((document) => {
    const entries: { number: number; weight: number }[] = []
    for (const [term, tf] of document) {
      const number = numbers.get(term)
      if (number === undefined) continue
      const idf = Math.log((1 + documents.length) / (1 + (frequency.get(term) ?? 0)))
      if (idf > 0) entries.push({ number, weight: tf * idf })
    }
    entries.sort((a, b) => a.number - b.number)
    const length = Math.sqrt(entries.reduce((sum, { weight }) => sum + weight * weight, 0))
    return {
      terms: Int32Array.from(entries, ({ number }) => number),
      weights: Float64Array.from(entries, ({ weight }) => weight / length),
    }
  })
}

/**
 * For each vector the `k` others of highest cosine above zero, best first; ties by index. Goes through an inverted index, so
 * that only pairs with a term in common cost anything.
 */
export function nearestNeighbours(
  vectors: readonly SparseVector[],
  k: number,
): { index: number; similarity: number }[][] {
  const postings = new Map<number, { index: number; weight: number }[]>()
  for (const [index, { terms, weights }] of vectors.entries()) {
    for (const [at, term] of terms.entries()) {
      const list = postings.get(term)
      if (list === undefined) postings.set(term, [{ index, weight: weights[at]! }])
      else list.push({ index, weight: weights[at]! })
    }
  }
  const similarities = new Float64Array(vectors.length)
  return vectors.map(({ terms, weights }, index) => {
    similarities.fill(0)
    for (const [at, term] of terms.entries()) {
      for (const posting of postings.get(term)!) similarities[posting.index]! += weights[at]! * posting.weight
    }
    return mostSimilar(similarities, index, k)
  })
}

/** The `k` highest similarities above zero but the document's own, by insertion: sorting all would cost most of the time. */
function mostSimilar(
  similarities: Float64Array,
  own: number,
  k: number,
): { index: number; similarity: number }[] {
  const best: { index: number; similarity: number }[] = []
  for (const [index, similarity] of similarities.entries()) {
    if (index === own || similarity <= 0) continue
    if (best.length === k && similarity <= best[k - 1]!.similarity) continue
    let at = best.length
    while (at > 0 && best[at - 1]!.similarity < similarity) at--
    best.splice(at, 0, { index, similarity })
    if (best.length > k) best.pop()
  }
  return best
}
