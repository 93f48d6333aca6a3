import type { SearchPlace } from '../store/search.ts'

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
  readonly after?: SearchPlace | undefined
  readonly limit: number
}

/** Finds the passages whose vectors are nearest to a question's. */
export interface VectorIndex {
  /**
   * The best passage of each document, nearest first; equal ones by document. What was embedded since the last question is
   * taken in first, but a question does not wait longer than a moment for it.
   */
  nearest(asked: Nearness): Promise<NearPassage[]>
  /** Ends what it runs. Safe to call twice. */
  close(): Promise<void>
}

/** A document's pages count as matching that hold one of so many nearest passages. */
export const nearestPassages = 200

/** Whether something stands behind a place in an answer. */
export function isBeyond({ score, document }: SearchPlace, after: SearchPlace | undefined): boolean {
  return after === undefined || score < after.score || (score === after.score && document > after.document)
}

/** The order of answers: nearest first, equal ones by document. */
export function byNearness(a: SearchPlace, b: SearchPlace): number {
  return b.score - a.score || (a.document < b.document ? -1 : a.document > b.document ? 1 : 0)
}
