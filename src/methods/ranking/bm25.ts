/** How many times each term occurs in a document or a query; a fraction where fields or terms weigh differently. */
export type TermWeights<Term> = ReadonlyMap<Term, number>

/** An inverted index that scores documents by BM25. Documents are numbered from 0 in the order they were given. */
export interface Bm25<Term> {
  readonly documentCount: number
  /** {@link inverseDocumentFrequency} of a term; the highest there is for a term that no document has. */
  idf(term: Term): number
  /** Sum over the query's terms of weight × BM25, for every document. */
  scores(query: TermWeights<Term>): Float64Array
}

interface Postings {
  documents: Int32Array
  /** What one occurrence of the term in a query adds to each of these documents. */
  impacts: Float32Array
}

/**
 * ln(1 + (N − n + 0.5) / (n + 0.5)) for a term in n of N documents: the Robertson–Spärck Jones weight as Lucene keeps it
 * above zero (Kamphuis et al. 2020, "Which BM25 do you mean?", ECIR).
 */
export function inverseDocumentFrequency(documentsWithTerm: number, documentCount: number): number {
  return Math.log(1 + (documentCount - documentsWithTerm + 0.5) / (documentsWithTerm + 0.5))
}

/**
 * Builds the index (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"). `k1` bounds
 * what repetition adds, `b` is how far long documents are held back (0 not at all, 1 in proportion to their length).
 * Impacts are computed here once, so that a query only adds.
 */
export function createBm25<Term>(
  documents: Iterable<TermWeights<Term>>,
  { k1, b }: { k1: number; b: number },
): Bm25<Term> {
  const collected = new Map<Term, { documents: number[]; frequencies: number[] }>()
  const lengths: number[] = []
  let totalLength = 0
  for (const terms of documents) {
    let length = 0
    for (const [term, frequency] of terms) {
      const entry = collected.get(term) ?? { documents: [], frequencies: [] }
      if (entry.documents.length === 0) collected.set(term, entry)
      entry.documents.push(lengths.length)
      entry.frequencies.push(frequency)
      length += frequency
    }
    lengths.push(length)
    totalLength += length
  }
  const documentCount = lengths.length
  const averageLength = totalLength / documentCount || 1
  const saturation = lengths.map((length) => k1 * (1 - b + (b * length) / averageLength))

  const index = new Map<Term, Postings>()
  for (const [term, entry] of collected) {
    const idf = inverseDocumentFrequency(entry.documents.length, documentCount)
    const impacts = Float32Array.from(entry.frequencies, (frequency, position) => {
      const document = entry.documents[position]!
      return (idf * frequency * (k1 + 1)) / (frequency + saturation[document]!)
    })
    index.set(term, { documents: Int32Array.from(entry.documents), impacts })
    collected.delete(term)
  }

  return {
    documentCount,
    idf: (term) => inverseDocumentFrequency(index.get(term)?.documents.length ?? 0, documentCount),
    scores(query) {
      const scores = new Float64Array(documentCount)
      for (const [term, weight] of query) {
        const postings = index.get(term)
        if (postings === undefined) continue
        const { documents, impacts } = postings
        for (let position = 0; position < documents.length; position++) {
          scores[documents[position]!]! += weight * impacts[position]!
        }
      }
      return scores
    },
  }
}
