import type { BibliographicRecord } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import type { Upstream } from '../../upstream/upstream.ts'
import { broader } from '../refine.ts'
import type { Source, SourceItem } from '../source.ts'
import { phrasesOf, type SearchTerms } from './query.ts'

/** What live sources are made with. */
export interface LiveSourceOptions {
  readonly upstream: Upstream
  /** Where the service is, when not at its own address: a stand-in or a mirror. Without a slash at its end. */
  readonly endpoint?: string | undefined
  /** At most this many records are brought. Default: 100. */
  readonly limit?: number | undefined
  readonly apiKey?: string | undefined
  /** Whom a service may write to; some give more to those who say. */
  readonly email?: string | undefined
}

/** Records brought from one source when nobody says how many. */
export const usualLimit = 100

/** The one thing that a live source has to offer: its search. It holds the terms, since fetching sees no plan. */
export interface SearchItem extends SourceItem {
  readonly reference: 'search'
  readonly terms: SearchTerms
}

/** How one service is searched. */
export interface Search {
  readonly name: string
  readonly limit: number
  /** The terms in the service's language. */
  translate(terms: SearchTerms): string
  /** At most `limit` records, best first, in as few requests as the service allows. */
  search(terms: SearchTerms, signal?: AbortSignal): Promise<BibliographicRecord[]>
}

/** A search that finds little is widened this often. */
const mostRounds = 2

/**
 * A live source from the way its service is searched. Listing asks nobody. Fetching searches, and where the results are poor
 * searches again with fewer concepts, at most twice; records found only so carry the `query` that found them.
 */
export function createSearchSource({ name, limit, translate, search }: Search): Source<SearchItem> {
  return {
    name,

    query: translate,

    async list({ concepts, since, until }, signal) {
      signal?.throwIfAborted()
      const years = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
      return [{ reference: 'search', label: name, terms: { concepts, ...years } }]
    },

    async fetch({ terms }, signal) {
      signal?.throwIfAborted()
      if (terms.concepts.every((concept) => phrasesOf(concept).length === 0)) {
        throw new SheafError('invalid_input', 'The plan has no word that can be searched for.', {
          advice: 'Ask the question in words, or edit the concepts of the plan.',
        })
      }
      const found = new Map<string, BibliographicRecord>()
      let current: SearchTerms | undefined = terms
      for (let round = 0; current !== undefined && round <= mostRounds; round++) {
        for (const record of await search(current, signal)) {
          const known = found.has(record.key) || found.size >= limit
          if (!known) found.set(record.key, round === 0 ? record : { ...record, query: translate(current) })
        }
        current = found.size < limit ? broader(current, [...found.values()]) : undefined
      }
      return [...found.values()]
    },
  }
}
