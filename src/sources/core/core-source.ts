import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import type { Pause, Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { jsonOf, list, number, text, usable } from '../live/answers.ts'
import { booleanQuery, type SearchTerms, withinLimits } from '../live/query.ts'
import { type FoundLocation, locationsOf, recordOf } from '../live/record.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { FullTextFinder, Source } from '../source.ts'

/** The fields of a work that Sheaf uses (api.core.ac.uk/docs/v3). */
const workSchema = z.object({
  id: z.union([z.number().int().transform(String), z.string().regex(/^\d{1,15}$/)]),
  title: text,
  authors: list(z.object({ name: text })),
  yearPublished: number,
  doi: text,
  arxivId: text,
  pubmedId: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  abstract: text,
  publisher: text,
  journals: list(z.object({ title: text })),
  documentType: text,
  downloadUrl: text,
  sourceFulltextUrls: list(z.string()),
})
type Work = z.infer<typeof workSchema>

const pageSchema = z.object({ totalHits: z.number(), results: z.array(z.unknown()) })

/** CORE's terms are a number of requests for some minutes, told by its headers; about ten a minute without a key. */
export const coreService: Service = {
  name: 'core',
  title: 'CORE',
  limits: [{ name: 'requests', max: 10, window: 60_000 }],
  connections: 2,
  patience: 30_000,
  timeout: 60_000,
  attempts: 3,
  guarded: false,
  pause,
}

const dayInSeconds = 24 * 60 * 60

/** Its own header for the time to go on is a time, or seconds; it comes with the last request that is left, too. */
function pause({ status, headers }: UpstreamResponse): Pause | undefined {
  const left = Number(headers['x-ratelimit-remaining'] ?? headers['x-ratelimitremaining'] ?? Number.NaN)
  const told = headers['x-ratelimit-retry-after']
  if (told === undefined || !(status === 429 || left === 0)) return undefined
  const now = Date.now()
  const value = Number(told)
  const time = Number.isNaN(value) ? Date.parse(told) : value > 1e9 ? value * 1_000 : now + value * 1_000
  if (!(time > now) || time > now + dayInSeconds * 1_000) return undefined
  return { limit: 'requests', until: new Date(time), reason: 'CORE asks for fewer requests.' }
}

const largestPage = 100
const furthest = 10_000
const longestEncoded = 3_000

/** CORE as a source: 100 works in a request, from repositories of universities. */
export function createCoreSource(options: LiveSourceOptions): Source<SearchItem> {
  const limit = Math.min(options.limit ?? usualLimit, furthest)
  const ask = clientOf(options)

  async function search(terms: SearchTerms, signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const found = new Map<string, BibliographicRecord>()
    const size = Math.min(limit, largestPage)
    for (let offset = 0; found.size < limit && offset < furthest; offset += size) {
      const { works, entries, total } = await ask(coreQuery(terms), size, offset, signal)
      for (const record of usable(coreService, works, coreRecord)) found.set(record.key, record)
      if (entries < size || offset + size >= total) break
    }
    return [...found.values()].slice(0, limit)
  }

  return createSearchSource({ name: 'core', limit, translate: coreQuery, search })
}

/** Copies in repositories that CORE knows of a work with a DOI. */
export function createCoreFinder(options: LiveSourceOptions): FullTextFinder {
  const ask = clientOf(options)
  return {
    name: 'core',
    async find({ doi }, signal) {
      if (doi === undefined || /["\\]/.test(doi)) return []
      const { works } = await ask(`doi:"${doi}"`, 5, 0, signal)
      return locationsOf(works.filter((work) => work.doi?.toLowerCase().endsWith(doi)).flatMap(placesOf))
    },
  }
}

/**
 * The terms in CORE's language (api.core.ac.uk/docs/v3, "Search language"): every concept, in any of its words, in title or
 * abstract, and the years. Too long a query loses synonyms first.
 */
export function coreQuery(terms: SearchTerms): string {
  return write(withinLimits(terms, (fewer) => encodeURIComponent(write(fewer)).length <= longestEncoded))
}

function write({ concepts, since, until }: SearchTerms): string {
  const words = booleanQuery({ concepts }, (phrase) => `(title:"${phrase}" OR abstract:"${phrase}")`)
  return [
    since === undefined && until === undefined ? words : `(${words})`,
    ...(since === undefined ? [] : [`yearPublished>=${since}`]),
    ...(until === undefined ? [] : [`yearPublished<=${until}`]),
  ].join(' AND ')
}

function clientOf({ upstream, endpoint = 'https://api.core.ac.uk', apiKey }: LiveSourceOptions) {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  return async (q: string, size: number, offset: number, signal?: AbortSignal) => {
    // Without the slash it redirects, which takes one request more.
    const parameters = new URLSearchParams({ q, limit: `${size}`, offset: `${offset}` })
    const url = `${endpoint}/v3/search/works/?${parameters}`
    const response = await upstream.request({ service: coreService, url, headers, cache: 'search', signal })
    const { results, totalHits } = jsonOf(coreService, response, pageSchema)
    const works = results.flatMap((result) => workSchema.safeParse(result).data ?? [])
    return { works, entries: results.length, total: totalHits }
  }
}

function coreRecord(work: Work): BibliographicRecord | undefined {
  return recordOf('core', work.id, {
    title: work.title,
    authors: work.authors.map(({ name }) => ({ name })),
    year: work.yearPublished,
    doi: work.doi,
    arxivId: work.arxivId,
    pmid: work.pubmedId,
    abstract: work.abstract,
    venue: work.journals[0]?.title,
    publisher: work.publisher,
    url: `https://core.ac.uk/works/${work.id}`,
    type: typeOf(work.documentType),
    locations: placesOf(work),
  })
}

/** CORE's own copy first, where it has one; addresses of the repositories are mostly pages. */
function placesOf({ downloadUrl, sourceFulltextUrls }: Work): FoundLocation[] {
  return [downloadUrl, ...sourceFulltextUrls].map((url) => ({
    url,
    isPdf: /^https?:\/\/core\.ac\.uk\/download\/|^https?:\/\/arxiv\.org\/pdf\/|\.pdf(?:[?#]|$)/i.test(
      url ?? '',
    ),
  }))
}

function typeOf(type: string | null | undefined): BibliographicFields['type'] {
  if (/thesis/i.test(type ?? '')) return 'thesis'
  return /research|article/i.test(type ?? '') ? 'article-journal' : undefined
}
