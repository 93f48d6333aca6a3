import { booleanQuery, quoted, type SearchTerms, withinLimits } from '../live/query.ts'

/** A query is sent in an address, where a quotation mark or a space takes three characters; servers take 8,000. */
const longestEncoded = 6_000

/**
 * The terms in arXiv's language (info.arxiv.org/help/api/user-manual.html, 5.1): every concept, in any of its words, in any
 * field (`all:`), and years as days of first submission in GMT. Too long a query loses synonyms first.
 */
export function arxivQuery(terms: SearchTerms): string {
  return write(withinLimits(terms, (fewer) => encodeURIComponent(write(fewer)).length <= longestEncoded))
}

function write({ concepts, since, until }: SearchTerms): string {
  const words = booleanQuery({ concepts }, (phrase) => `all:${quoted(phrase)}`)
  if (since === undefined && until === undefined) return words
  const days = `submittedDate:[${year(since, 1991)}01010000 TO ${year(until, 9999)}12312359]`
  return words === '' ? days : `(${words}) AND ${days}`
}

/** Four digits, as the service requires. arXiv begins in 1991. */
function year(value: number | undefined, otherwise: number): string {
  return String(Math.min(9999, Math.max(1991, value ?? otherwise)))
}
