import { booleanQuery, type SearchTerms, withinLimits } from '../live/query.ts'

const longestEncoded = 5_000

/**
 * The terms in PubMed's language (pubmed.ncbi.nlm.nih.gov/help/#advanced-search): every concept, in any of its words, in
 * title or abstract, and the years. Always in quotation marks, which keeps terms from being mapped to other ones. Too long
 * a query loses synonyms first.
 */
export function pubmedQuery(terms: SearchTerms): string {
  return write(withinLimits(terms, (fewer) => encodeURIComponent(write(fewer)).length <= longestEncoded))
}

function write({ concepts, since, until }: SearchTerms): string {
  const words = booleanQuery({ concepts }, (phrase) => `"${phrase}"[tiab]`)
  if (since === undefined && until === undefined) return words
  return `(${words}) AND ${since ?? 1500}:${until ?? 3000}[dp]`
}
