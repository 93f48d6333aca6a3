import { z } from 'zod'
import type { BibliographicRecord } from '../../contract/paper.ts'
import type { Pause, Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { jsonOf, usable } from '../live/answers.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { Source } from '../source.ts'
import { crossrefQuery } from './crossref-query.ts'
import { crossrefRecord, selectedFields, takesBack, workSchema } from './crossref-work.ts'

const listSchema = z.object({
  message: z.object({ 'total-results': z.number().nullish(), items: z.array(z.unknown()) }),
})
const singleSchema = z.object({ message: workSchema })

/** Crossref's pool for those who say whom it may write to, or the public one, as its headers give them. */
export function crossrefService(polite: boolean): Service {
  const max = polite ? 3 : 1
  return {
    name: 'crossref',
    title: 'Crossref',
    limits: [{ name: 'requests', max, window: 1_000 }],
    connections: max,
    patience: 30_000,
    timeout: 60_000,
    attempts: 5,
    guarded: false,
    pause: (response) => pauseOf(response, max),
  }
}

/** Crossref tells its limit with every answer; where that is stricter than what it documents, it goes. */
function pauseOf({ status, headers }: UpstreamResponse, max: number): Pause | undefined {
  const limit = Number(headers['x-rate-limit-limit'] ?? Number.NaN)
  const seconds = Number(/^(\d{1,4})s?$/.exec(headers['x-rate-limit-interval'] ?? '')?.[1] ?? Number.NaN)
  const spacing = (seconds * 1_000) / limit
  if (status !== 200 || !(spacing > 1_000 / max) || spacing > longestSpacing) return undefined
  return {
    limit: 'requests',
    until: new Date(Date.now() + spacing),
    reason: 'Crossref asks for fewer requests.',
  }
}

/** What is further apart is no limit that Crossref has. */
const longestSpacing = 60_000

const largestPage = 1_000
/** Offsets beyond are refused. */
const furthest = 10_000

/** Crossref as a source: up to 1,000 works in a request. What a notice among the results takes back is flagged. */
export function createCrossrefSource(options: LiveSourceOptions): Source<SearchItem> {
  const { upstream, email } = options
  const limit = Math.min(options.limit ?? usualLimit, furthest)
  const service = crossrefService(email !== undefined)

  async function search(terms: SearchItem['terms'], signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const { text, filter } = crossrefQuery(terms)
    const found = new Map<string, BibliographicRecord>()
    const takenBack = new Set<string>()
    const rows = Math.min(limit, largestPage)
    for (let offset = 0; found.size < limit && offset < furthest; offset += rows) {
      const url = addressOf(options, '/works', {
        'query.bibliographic': text,
        filter,
        select: selectedFields,
        rows: `${rows}`,
        offset: `${offset}`,
      })
      const { message } = jsonOf(
        service,
        await upstream.request({ service, url, cache: 'search', signal }),
        listSchema,
      )
      const works = message.items.flatMap((item) => workSchema.safeParse(item).data ?? [])
      for (const doi of works.flatMap(takesBack)) takenBack.add(doi)
      for (const record of usable(service, works, crossrefRecord)) found.set(record.key, record)
      if (message.items.length < rows || offset + rows >= (message['total-results'] ?? 0)) break
    }
    return [...found.values()]
      .slice(0, limit)
      .map((record) => (takenBack.has(record.reference) ? flagged(record) : record))
  }

  return createSearchSource({
    name: 'crossref',
    limit,
    translate: (terms) => {
      const { text } = crossrefQuery(terms)
      const { since, until } = terms
      return since === undefined && until === undefined ? text : `${text} (${since ?? ''}–${until ?? ''})`
    },
    search,
  })
}

/** The record of one DOI; undefined when Crossref does not have it. */
export async function fetchCrossrefWork(
  options: LiveSourceOptions,
  doi: string,
  signal?: AbortSignal,
): Promise<BibliographicRecord | undefined> {
  const service = crossrefService(options.email !== undefined)
  const url = addressOf(options, `/works/${encodeURIComponent(doi)}`, {})
  const response = await options.upstream.request({ service, url, cache: 'search', signal })
  return response.status === 404 ? undefined : crossrefRecord(jsonOf(service, response, singleSchema).message)
}

function addressOf(
  { endpoint = 'https://api.crossref.org', email }: LiveSourceOptions,
  path: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const all = new URLSearchParams({ ...parameters, ...(email !== undefined && { mailto: email }) }).toString()
  return `${endpoint}${path}${all === '' ? '' : `?${all}`}`
}

function flagged(record: BibliographicRecord): BibliographicRecord {
  return {
    ...record,
    fields: { ...record.fields, retracted: true },
    origins: { ...record.origins, retracted: 'source' },
  }
}
