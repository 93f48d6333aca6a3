import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import type { Service } from '../../upstream/upstream.ts'
import { jsonOf, usable } from '../live/answers.ts'
import { phrasesOf, type SearchTerms } from '../live/query.ts'
import { locationsOf } from '../live/record.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { FullTextFinder, Source } from '../source.ts'
import {
  askedFields,
  paperSchema,
  semanticScholarLocations,
  semanticScholarRecord,
} from './semantic-scholar-paper.ts'

const searchSchema = z.object({ total: z.number(), data: z.array(z.unknown()).default([]) })
/** `data` is null where a publisher does not let the references be shown. */
const linksSchema = z.object({
  data: z
    .array(z.object({ citedPaper: z.unknown().optional(), citingPaper: z.unknown().optional() }))
    .nullish(),
})
const placeSchema = paperSchema.pick({ openAccessPdf: true })

/** One request a second with a key, over all its endpoints; without one a pool is shared with the world, so fewer. */
export function semanticScholarService(hasKey: boolean): Service {
  return {
    name: 'semanticscholar',
    title: 'Semantic Scholar',
    limits: [{ name: 'requests', max: 1, window: hasKey ? 1_000 : 3_000 }],
    patience: 30_000,
    timeout: 30_000,
    // The shared pool refuses often, without saying for how long.
    attempts: 6,
    guarded: false,
  }
}

const largestPage = 100
/** The ranked search gives no more. */
const furthest = 1_000
/** Answers beyond 10 MB are refused; abstracts and long lists of authors make this many safe. */
const mostLinks = 500

/** Semantic Scholar as a source: 100 papers in a request; references and citing works of a paper can be followed. */
export function createSemanticScholarSource(options: LiveSourceOptions): Source<SearchItem> {
  const limit = Math.min(options.limit ?? usualLimit, furthest)
  const ask = clientOf(options)
  const service = semanticScholarService(options.apiKey !== undefined)

  async function search(terms: SearchTerms, signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const found = new Map<string, BibliographicRecord>()
    const size = Math.min(limit, largestPage)
    const { query, year } = semanticScholarQuery(terms)
    for (let offset = 0; found.size < limit && offset < furthest; offset += size) {
      const parameters = { query, ...(year !== '' && { year }), fields: askedFields }
      const response = await ask(
        '/paper/search',
        { ...parameters, offset: `${offset}`, limit: `${size}` },
        signal,
      )
      const { total, data } = jsonOf(service, response, searchSchema)
      for (const record of usable(service, data, readPaper)) found.set(record.key, record)
      if (data.length < size || offset + size >= total) break
    }
    return [...found.values()].slice(0, limit)
  }

  return {
    ...createSearchSource({
      name: 'semanticscholar',
      limit,
      translate: (terms) => {
        const { query, year } = semanticScholarQuery(terms)
        return year === '' ? query : `${query} (year ${year})`
      },
      search,
    }),

    async chase(paper, direction, most, signal) {
      const name = nameOf(paper)
      if (name === undefined) return []
      const links = direction === 'backward' ? 'references' : 'citations'
      const parameters = { fields: askedFields, limit: `${Math.min(most, mostLinks)}` }
      const response = await ask(`/paper/${name}/${links}`, parameters, signal)
      if (response.status === 404) return []
      const { data } = jsonOf(service, response, linksSchema)
      const records = usable(service, data ?? [], ({ citedPaper, citingPaper }) =>
        readPaper(citedPaper ?? citingPaper),
      )
      return records.slice(0, most).map((record) => ({ ...record, foundBy: direction }))
    },
  }
}

/** The open PDF that Semantic Scholar knows for a work with a DOI, arXiv or PubMed identifier. */
export function createSemanticScholarFinder(options: LiveSourceOptions): FullTextFinder {
  const ask = clientOf(options)
  return {
    name: 'semanticscholar',
    async find(paper, signal) {
      const name = nameOf(paper)
      if (name === undefined) return []
      const response = await ask(`/paper/${name}`, { fields: 'openAccessPdf' }, signal)
      if (response.status === 404) return []
      const service = semanticScholarService(options.apiKey !== undefined)
      return locationsOf(semanticScholarLocations(jsonOf(service, response, placeSchema)))
    },
  }
}

/**
 * The terms for its ranked search, which knows no operators, and finds nothing for words with hyphens: the concepts' terms as
 * plain words, and the years as a range.
 */
export function semanticScholarQuery({ concepts, since, until }: SearchTerms): {
  query: string
  year: string
} {
  const words = concepts.map((concept) => phrasesOf(concept)[0] ?? '').filter((phrase) => phrase !== '')
  return {
    query: words.join(' ').replaceAll('-', ' ').slice(0, 600),
    year: since === undefined && until === undefined ? '' : `${since ?? ''}-${until ?? ''}`,
  }
}

/** A paper's name there by the best identifier that it has. */
function nameOf({ doi, arxivId, pmid }: BibliographicFields): string | undefined {
  if (doi !== undefined) return `DOI:${encodeURIComponent(doi).replaceAll('%2F', '/')}`
  if (arxivId !== undefined) return `ARXIV:${arxivId}`
  return pmid === undefined ? undefined : `PMID:${pmid}`
}

function readPaper(paper: unknown): BibliographicRecord | undefined {
  const read = paperSchema.safeParse(paper)
  return read.success ? semanticScholarRecord(read.data) : undefined
}

function clientOf({ upstream, endpoint = 'https://api.semanticscholar.org', apiKey }: LiveSourceOptions) {
  const service = semanticScholarService(apiKey !== undefined)
  const headers = apiKey === undefined ? {} : { 'x-api-key': apiKey }
  return (path: string, parameters: Readonly<Record<string, string>>, signal?: AbortSignal) =>
    upstream.request({
      service,
      url: `${endpoint}/graph/v1${path}?${new URLSearchParams(parameters)}`,
      headers,
      cache: 'search',
      signal,
    })
}
