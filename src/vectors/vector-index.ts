/** A passage as the best of its document. */
export interface NearPassage {
  readonly document: string
  readonly page: number
  readonly start: number
  readonly end: number
  /** Cosine of its vector and the question's. */
  readonly score: number
  /** On how many pages the document has a passage among the nearest. */
  readonly pages: number
}

/** What part of the nearest is asked for. */
export interface Nearness {
  readonly model: string
  readonly question: Int8Array
  /** Only passages of these; undefined for all. */
  readonly documents: ReadonlySet<string> | undefined
  readonly after?: { readonly score: number; readonly document: string } | undefined
  readonly limit: number
}

/** Finds the passages whose vectors are nearest to a question's. */
export interface VectorIndex {
  /** The best passage of each document, nearest first; equal ones by document. */
  nearest(asked: Nearness): Promise<NearPassage[]>
}

/** A document's pages count as matching that hold one of so many nearest passages. */
export const nearestPassages = 200
