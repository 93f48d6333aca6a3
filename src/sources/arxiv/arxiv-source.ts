import type { BibliographicRecord } from '../../contract/paper.ts'
import type { Service } from '../../upstream/upstream.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { FullTextFinder, Source } from '../source.ts'
import { type ArxivPage, arxivPdf, readArxivFeed } from './arxiv-feed.ts'
import { arxivQuery } from './arxiv-query.ts'

/** arXiv's terms of use for its API: one request in three seconds on one connection, from all machines together. */
export const arxivService: Service = {
  name: 'arxiv',
  title: 'arXiv',
  limits: [{ name: 'requests', max: 1, window: 3_000 }],
  connections: 1,
  patience: 30_000,
  timeout: 60_000,
  // It may ask for less without saying for how long, so it is asked again for about half a minute.
  attempts: 6,
  guarded: false,
}

/** The manual allows 2,000 works in one answer and asks for slices. */
const largestPage = 1_000
/** The service's window; it fails beyond. */
const furthest = 10_000
/** A later page that has no entries is asked for this often in all; a first one once less, for it may well be true. */
const mostAsks = 3
/** Identifiers in one request: more would not fit into an address. */
const mostIds = 300

/** arXiv as a source: `limit` papers up to 1,000 in one request, newest version each, their PDFs pinned to it. */
export function createArxivSource(options: LiveSourceOptions): Source<SearchItem> {
  const limit = Math.min(options.limit ?? usualLimit, furthest)

  async function search(query: string, signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const found = new Map<string, BibliographicRecord>()
    for (let start = 0; found.size < limit && start < limit; ) {
      const size = Math.min(limit - start, largestPage)
      const page = await askArxiv(
        options,
        { search_query: query, start: `${start}`, max_results: `${size}` },
        signal,
      )
      for (const record of page.records) found.set(record.key, record)
      start += page.entries
      if (page.entries === 0 || start >= page.total) break
    }
    return [...found.values()].slice(0, limit)
  }

  return createSearchSource({
    name: 'arxiv',
    limit,
    translate: arxivQuery,
    search: (terms, signal) => search(arxivQuery(terms), signal),
  })
}

/**
 * Papers by their identifiers, with or without version, 300 in one request; unknown ones are missing from the answer.
 * @throws {SheafError} `source_failed` when one is not an identifier: arXiv then refuses all
 */
export async function fetchArxivPapers(
  options: LiveSourceOptions,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<BibliographicRecord[]> {
  const found: BibliographicRecord[] = []
  for (let from = 0; from < ids.length; from += mostIds) {
    const some = ids.slice(from, from + mostIds)
    const parameters = { id_list: some.join(','), start: '0', max_results: `${some.length}` }
    found.push(...(await askArxiv(options, parameters, signal)).records)
  }
  return found
}

/**
 * One page. arXiv sometimes gives a sound feed without entries, even without results, for a query that has some; such a
 * page is asked for again, each time with the parameters in another order, so that no cache on the way gives the same.
 */
async function askArxiv(
  { upstream, endpoint = 'https://export.arxiv.org' }: LiveSourceOptions,
  parameters: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<ArxivPage> {
  let page: ArxivPage = { records: [], entries: 0, total: 0 }
  const asks = parameters.start === '0' ? mostAsks - 1 : mostAsks
  for (let ask = 0; ask < asks && page.entries === 0; ask++) {
    const entries = Object.entries(parameters)
    const turned = [...entries.slice(ask), ...entries.slice(0, ask)]
    const url = `${endpoint}/api/query?${new URLSearchParams(turned)}`
    page = readArxivFeed(
      arxivService,
      await upstream.request({ service: arxivService, url, cache: 'search', signal }),
    )
  }
  return page
}

/**
 * Full texts at arXiv for works whose arXiv identifier another source named. The newest version, without asking: one
 * request for each paper to learn its number would take three seconds; the version of a found paper is in its record.
 */
export function createArxivFinder({ endpoint }: Pick<LiveSourceOptions, 'endpoint'> = {}): FullTextFinder {
  return {
    name: 'arxiv',
    find: async ({ arxivId, retracted }) =>
      arxivId === undefined || retracted === true ? [] : [arxivPdf(arxivId, endpoint)],
  }
}
