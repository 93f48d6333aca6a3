import { booleanQuery, type SearchTerms, withinLimits } from '../live/query.ts'

/** OpenAlex refuses longer texts of those who do not pay. In characters. */
const longestSearch = 1_500
/** Addresses are refused beyond 8,190 bytes, and 4,094 in its documentation; this leaves room for the rest. */
const longestEncoded = 3_400

/** A search and a filter of the list of works. */
export interface OpenAlexQuery {
  search: string
  /** Empty for all years. */
  filter: string
  /** Boolean operators of the search: beyond five, fewer requests a second are allowed. */
  operators: number
}

/**
 * The terms in OpenAlex's language (docs.openalex.org, "Search entities", boolean searches): every concept in any of its
 * words, in title, abstract and full text; years as a filter. Too long a search loses synonyms first.
 */
export function openalexQuery(terms: SearchTerms): OpenAlexQuery {
  const write = ({ concepts }: SearchTerms) => booleanQuery({ concepts })
  const search = write(
    withinLimits(terms, (fewer) => {
      const written = write(fewer)
      return written.length <= longestSearch && encodeURIComponent(written).length <= longestEncoded
    }),
  )
  const { since, until } = terms
  const filter = [
    since === undefined ? '' : `from_publication_date:${year(since)}-01-01`,
    until === undefined ? '' : `to_publication_date:${year(until)}-12-31`,
  ].filter((part) => part !== '')
  // Inside quotation marks the words are no operators.
  const operators = search.replace(/"[^"]*"/g, '""').match(/ (?:AND|OR) /g)?.length ?? 0
  return { search, filter: filter.join(','), operators }
}

function year(value: number): string {
  return String(Math.min(9999, Math.max(1000, value)))
}
