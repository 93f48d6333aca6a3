import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { jsonOf, usable } from '../live/answers.ts'
import { locationsOf } from '../live/record.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { FullTextFinder, Source } from '../source.ts'
import { openalexQuery } from './openalex-query.ts'
import { listUnits, openalexService, searchUnits, singleUnits } from './openalex-service.ts'
import { openalexLocations, openalexRecord, selectedFields, workId, workSchema } from './openalex-work.ts'

const pageSchema = z.object({
  meta: z.object({ count: z.number().nullish() }),
  results: z.array(z.unknown()),
})
const citingSchema = z.object({ id: z.string(), referenced_works: z.array(z.string()).nullish().catch(null) })

/** Works on a page, and identifiers in one filter. */
const largestPage = 100
/** Pages beyond need a cursor, which OpenAlex refuses those without a key. */
const furthest = 10_000

/** OpenAlex as a source: 100 works in a request; references and citing works of a paper can be followed. */
export function createOpenAlexSource(options: LiveSourceOptions): Source<SearchItem> {
  const limit = Math.min(options.limit ?? usualLimit, furthest)
  const client = createClient(options)

  async function search(terms: SearchItem['terms'], signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const { search, filter, operators } = openalexQuery(terms)
    const query = { search, ...(filter !== '' && { filter }) }
    return client.list(query, limit, searchUnits(operators), signal)
  }

  return {
    ...createSearchSource({
      name: 'openalex',
      limit,
      translate: (terms) => {
        const { search, filter } = openalexQuery(terms)
        return filter === '' ? search : `${search} (${filter})`
      },
      search,
    }),

    async chase(paper, direction, most, signal) {
      const work = await client.single(paper, 'id,referenced_works', citingSchema, signal)
      const id = work && workId(work.id)
      if (!work || id === undefined) return []
      const found: BibliographicRecord[] = []
      if (direction === 'forward') {
        const query = { filter: `cites:${id}`, sort: 'cited_by_count:desc' }
        found.push(...(await client.list(query, most, listUnits, signal)))
      } else {
        const ids = (work.referenced_works ?? []).flatMap((address) => workId(address) ?? []).slice(0, most)
        for (let from = 0; from < ids.length; from += largestPage) {
          const query = { filter: `openalex:${ids.slice(from, from + largestPage).join('|')}` }
          found.push(...(await client.list(query, largestPage, listUnits, signal)))
        }
      }
      return found.slice(0, most).map((record) => ({ ...record, foundBy: direction }))
    },
  }
}

/** Open places that OpenAlex knows for a work with a DOI, arXiv or PubMed identifier. It takes no credits. */
export function createOpenAlexFinder(options: LiveSourceOptions): FullTextFinder {
  const client = createClient(options)
  return {
    name: 'openalex',
    async find(paper, signal) {
      const work = await client.single(paper, selectedFields, workSchema, signal)
      return work ? locationsOf(openalexLocations(work)) : []
    },
  }
}

/** The record of one work by its identifiers, free of credits; undefined when OpenAlex does not have it. */
export async function fetchOpenAlexWork(
  options: LiveSourceOptions,
  paper: Pick<BibliographicFields, 'doi' | 'arxivId' | 'pmid'>,
  signal?: AbortSignal,
): Promise<BibliographicRecord | undefined> {
  const work = await createClient(options).single(paper, selectedFields, workSchema, signal)
  return work && openalexRecord(work)
}

function createClient({ upstream, endpoint = 'https://api.openalex.org', apiKey }: LiveSourceOptions) {
  const service = openalexService(apiKey !== undefined)
  // In a header a key stands in no log of addresses.
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }

  return {
    /** Works of a list in its order, at most `limit`; `units` for each page. */
    async list(
      query: Readonly<Record<string, string>>,
      limit: number,
      units: Readonly<Record<string, number>>,
      signal?: AbortSignal,
    ): Promise<BibliographicRecord[]> {
      const found = new Map<string, BibliographicRecord>()
      const size = Math.min(limit, largestPage)
      for (let page = 1; found.size < limit && page * size <= furthest; page++) {
        const parameters = { ...query, select: selectedFields, per_page: `${size}`, page: `${page}` }
        const url = `${endpoint}/works?${new URLSearchParams(parameters)}`
        const response = await upstream.request({ service, url, headers, units, cache: 'search', signal })
        const { results, meta } = jsonOf(service, response, pageSchema)
        const records = usable(service, results, (work) => {
          const read = workSchema.safeParse(work)
          return read.success ? openalexRecord(read.data) : undefined
        })
        for (const record of records) found.set(record.key, record)
        if (results.length < size || page * size >= (meta.count ?? 0)) break
      }
      return [...found.values()].slice(0, limit)
    },

    /** One work by the best identifier that the fields have; undefined when there is none, or OpenAlex does not know it. */
    async single<Shape extends z.ZodType>(
      { doi, arxivId, pmid }: Pick<BibliographicFields, 'doi' | 'arxivId' | 'pmid'>,
      select: string,
      shape: Shape,
      signal?: AbortSignal,
    ): Promise<z.infer<Shape> | undefined> {
      const arxivDoi = arxivId === undefined ? undefined : `10.48550/arxiv.${arxivId.toLowerCase()}`
      const id = doi ?? arxivDoi
      const name =
        id !== undefined
          ? `doi:${encodeURIComponent(id).replaceAll('%2F', '/')}`
          : pmid !== undefined
            ? `pmid:${pmid}`
            : undefined
      if (name === undefined) return undefined
      const url = `${endpoint}/works/${name}?select=${select}`
      const response = await upstream.request({
        service,
        url,
        headers,
        units: singleUnits,
        cache: 'search',
        signal,
      })
      if (response.status === 404) return undefined
      return jsonOf(service, response, shape)
    },
  }
}
