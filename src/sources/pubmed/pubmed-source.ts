import { z } from 'zod'
import type { BibliographicRecord } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import type { Service } from '../../upstream/upstream.ts'
import { jsonOf, number, text } from '../live/answers.ts'
import { plainText } from '../live/plain-text.ts'
import type { SearchTerms } from '../live/query.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { Source } from '../source.ts'
import { readPubmedArticles } from './pubmed-articles.ts'
import { pubmedQuery } from './pubmed-query.ts'

const foundSchema = z.object({
  esearchresult: z.object({ count: number, idlist: z.array(z.string()).optional(), ERROR: text }),
})

/** NCBI's terms for E-utilities: three requests a second, ten with a key (ncbi.nlm.nih.gov/books/NBK25497). */
export function pubmedService(hasKey: boolean): Service {
  return {
    name: 'pubmed',
    title: 'PubMed',
    limits: [{ name: 'requests', max: hasKey ? 10 : 3, window: 1_000 }],
    patience: 30_000,
    timeout: 60_000,
    attempts: 4,
    guarded: false,
  }
}

/** PubMed's search gives no more of one query. */
const furthest = 9_999
/** Articles in one request; longer lists would have to be sent as a body, which no cache keeps. */
const largestPage = 200

/** PubMed as a source: one request for the identifiers, and one for each 200 articles. */
export function createPubmedSource(options: LiveSourceOptions): Source<SearchItem> {
  const limit = Math.min(options.limit ?? usualLimit, furthest)
  const service = pubmedService(options.apiKey !== undefined)

  async function search(terms: SearchTerms, signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const url = addressOf(options, 'esearch', {
      term: pubmedQuery(terms),
      retmode: 'json',
      sort: 'relevance',
      retmax: `${limit}`,
    })
    const response = await options.upstream.request({ service, url, cache: 'search', signal })
    const { idlist, ERROR } = jsonOf(service, response, foundSchema).esearchresult
    if (ERROR || idlist === undefined) {
      throw new SheafError('source_failed', `PubMed refused the search: ${plainText(ERROR).slice(0, 300)}.`, {
        advice: 'Change the concepts of the plan, or search without this source.',
      })
    }
    return fetchPubmedArticles(options, idlist.slice(0, limit), signal)
  }

  return createSearchSource({ name: 'pubmed', limit, translate: pubmedQuery, search })
}

/** Articles by their PMIDs, in that order, 200 in a request; unknown ones are left out. */
export async function fetchPubmedArticles(
  options: LiveSourceOptions,
  pmids: readonly string[],
  signal?: AbortSignal,
): Promise<BibliographicRecord[]> {
  const service = pubmedService(options.apiKey !== undefined)
  const ids = pmids.filter((pmid) => /^[1-9]\d{0,8}$/.test(pmid))
  const found: BibliographicRecord[] = []
  for (let from = 0; from < ids.length; from += largestPage) {
    const some = ids.slice(from, from + largestPage)
    const url = addressOf(options, 'efetch', { id: some.join(','), retmode: 'xml' })
    const response = await options.upstream.request({ service, url, cache: 'search', signal })
    const articles = readPubmedArticles(service, response)
    found.push(...some.flatMap((pmid) => articles.get(pmid) ?? []))
  }
  return found
}

function addressOf(
  { endpoint = 'https://eutils.ncbi.nlm.nih.gov', apiKey, email }: LiveSourceOptions,
  tool: 'esearch' | 'efetch',
  parameters: Readonly<Record<string, string>>,
): string {
  const all = {
    db: 'pubmed',
    ...parameters,
    tool: 'sheaf',
    ...(email !== undefined && { email }),
    ...(apiKey !== undefined && { api_key: apiKey }),
  }
  return `${endpoint}/entrez/eutils/${tool}.fcgi?${new URLSearchParams(all)}`
}
