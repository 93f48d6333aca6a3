import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { describeWith, samplesFolder } from '../../../test/support/corpora.ts'
import {
  type LoopbackAnswer,
  plainUpstream,
  type SeenRequest,
  startLoopback,
} from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { openalexQuery } from './openalex-query.ts'
import { openalexService } from './openalex-service.ts'
import { createOpenAlexFinder, createOpenAlexSource } from './openalex-source.ts'
import { openalexRecord, workSchema } from './openalex-work.ts'

function indexOf(abstract: string): Record<string, number[]> {
  const index: Record<string, number[]> = Object.create(null)
  for (const [at, word] of abstract.split(' ').entries()) {
    index[word] ??= []
    index[word].push(at)
  }
  return index
}

const workOf = ({ id, title, authors, year, abstract, doi, pdf }: SampleWork) => ({
  id: `https://openalex.org/W${id}`,
  doi: doi && (doi.startsWith('10.') ? `https://doi.org/${doi}` : doi),
  title,
  publication_year: year,
  type: 'article',
  authorships: authors.map((name) => ({ author: { display_name: name }, raw_author_name: null })),
  abstract_inverted_index: abstract === null ? null : indexOf(abstract),
  primary_location: null,
  best_oa_location: pdf && { is_oa: true, pdf_url: pdf, version: 'acceptedVersion', license: 'cc-by' },
  locations: null,
  is_retracted: null,
  something_new: { nobody: 'knows' },
})

function answer({ url }: Pick<SeenRequest, 'url'>, works: readonly SampleWork[]): LoopbackAnswer {
  const size = Number(url.searchParams.get('per_page'))
  const from = (Number(url.searchParams.get('page')) - 1) * size
  if (size > 100) return { status: 400, body: '{"error":"Invalid","message":"per_page too large"}' }
  const results = works.slice(from, from + size).map(workOf)
  return { body: JSON.stringify({ meta: { count: works.length }, results }) }
}

describeLiveSource('openalex', {
  title: 'OpenAlex',
  create: createOpenAlexSource,
  reference: (id) => `W${id}`,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer,
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function over(respond: (request: SeenRequest) => LoopbackAnswer) {
  const server = await startLoopback(respond)
  running.push(server)
  const upstream = plainUpstream()
  return { ...server, upstream, options: { upstream, endpoint: server.endpoint, apiKey: 'k-123' } }
}
const paper = { title: 'Shade', authors: [], doi: '10.1234/shade(1)' }

describe('createOpenAlexSource', () => {
  const bare = (id: number) => ({ id: `https://openalex.org/W${id}`, title: `Work ${id}` })

  it('follows references in batches, and citing works by their number', async () => {
    const references = Array.from({ length: 150 }, (_, at) => `https://openalex.org/W${at + 1}`)
    const { options, requests, upstream } = await over(({ url }) => {
      if (url.pathname.startsWith('/works/doi:'))
        return { body: JSON.stringify({ id: 'https://openalex.org/W999', referenced_works: references }) }
      const asked = url.searchParams.get('filter')!.replace('openalex:', '').split('|')
      const results = asked[0]!.startsWith('cites:')
        ? [bare(7), bare(8)]
        : asked.map((id) => bare(Number(id.slice(1))))
      return { body: JSON.stringify({ meta: { count: results.length }, results }) }
    })
    const source = createOpenAlexSource(options)
    const backward = await source.chase!(paper, 'backward', 120)
    expect(backward.map(({ reference }) => reference)).toEqual(
      Array.from({ length: 120 }, (_, at) => `W${at + 1}`),
    )
    expect(new Set(backward.map(({ foundBy }) => foundBy))).toEqual(new Set(['backward']))
    const forward = await source.chase!(paper, 'forward', 50)
    expect(forward.map(({ key, foundBy }) => [key, foundBy])).toEqual([
      ['openalex:W7', 'forward'],
      ['openalex:W8', 'forward'],
    ])
    expect(
      requests.map(({ url }) => url.searchParams.get('filter')?.split('|').length ?? url.pathname),
    ).toEqual(['/works/doi:10.1234/shade(1)', 100, 20, '/works/doi:10.1234/shade(1)', 1])
    expect(upstream.units.map((units) => units?.credits)).toEqual([0, 1, 1, 0, 1])
    expect(requests.every(({ headers }) => headers.authorization === 'Bearer k-123')).toBe(true)
    expect(requests.some(({ url }) => url.search.includes('k-123'))).toBe(false)
  })

  it('stops at a page that is not full, whatever it says of others', async () => {
    const results = [1, 2, 3].map(bare)
    const { options, requests } = await over(() => ({
      body: JSON.stringify({ meta: { count: 900 }, results }),
    }))
    const terms = { concepts: [{ term: 'work', synonyms: [] }] }
    await createOpenAlexSource({ ...options, limit: 500 }).fetch({ reference: 'search', terms })
    expect(requests).toHaveLength(1)
  })

  it('has nothing to follow for a work that it does not know, or that has no identifier', async () => {
    const { options, requests } = await over(() => ({ status: 404, body: '{"error":"Not found"}' }))
    const source = createOpenAlexSource(options)
    expect(await source.chase!(paper, 'backward', 10)).toEqual([])
    expect(await source.chase!({ title: 'Shade', authors: [] }, 'forward', 10)).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it('finds open places of a work', async () => {
    const { options } = await over(() => ({
      body: JSON.stringify({
        ...bare(1),
        best_oa_location: { is_oa: true, pdf_url: 'https://a.example/1.pdf', version: 'publishedVersion' },
        locations: [
          { is_oa: true, pdf_url: 'https://a.example/1.pdf' },
          { is_oa: false, pdf_url: 'https://closed.example/1.pdf' },
          { is_oa: true, landing_page_url: 'https://b.example/1', pdf_url: null },
        ],
        open_access: { oa_url: 'ftp://c.example/1' },
      }),
    }))
    expect(await createOpenAlexFinder(options).find(paper)).toEqual([
      { url: 'https://a.example/1.pdf', version: 'published', isPdf: true },
      { url: 'https://b.example/1', isPdf: false },
    ])
  })
})

describe('openalexService', () => {
  const pause = (status: number, headers: Record<string, string>, body: unknown = {}) =>
    openalexService(false).pause!({
      status,
      headers,
      body: new TextEncoder().encode(JSON.stringify(body)),
      url: '',
      cached: false,
    })

  it('closes credits alone for hours when they are gone, so that single works go on', () => {
    const body = {
      error: 'Rate limit exceeded',
      retryAfter: 57_539,
      creditsRequired: 10,
      creditsRemaining: 8,
    }
    const until = Date.now() + 57_539_000
    const closed = pause(429, { 'retry-after': '57539' }, body)!
    expect(closed.limit).toBe('credits')
    expect(Math.abs(closed.until.getTime() - until)).toBeLessThan(60_000)
    expect(pause(200, { 'x-ratelimit-remaining': '4', 'x-ratelimit-reset': '3600' })).toMatchObject({
      limit: 'credits',
    })
    expect(pause(200, { 'x-ratelimit-remaining': '990', 'x-ratelimit-reset': '3600' })).toBeUndefined()
    const bought = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '3600',
      'x-ratelimit-prepaid-remaining-usd': '5',
    }
    expect(pause(200, bought)).toBeUndefined()
    expect(pause(429, { 'retry-after': '36000' }, 'a page')).toMatchObject({ limit: 'credits' })
  })

  it('closes requests, or those with many operators, for seconds', () => {
    expect(pause(429, { 'retry-after': '1' })).toMatchObject({ limit: 'requests' })
    expect(
      pause(429, {}, { retryAfter: 1, message: 'Too many boolean operators: 1 per second' }),
    ).toMatchObject({
      limit: 'boolean',
    })
    expect(pause(429, { 'retry-after': 'soon' }, 'x')).toBeUndefined()
  })
})

describe('openalexQuery', () => {
  const concept = (term: string, ...synonyms: string[]) => ({ term, synonyms })

  it('asks for every concept in any of its words, with years as a filter', () => {
    const concepts = [concept('time series', 'panel data'), concept('forecasting')]
    expect(openalexQuery({ concepts, since: 2015, until: 2020 })).toEqual({
      search: '("time series" OR "panel data") AND forecasting',
      filter: 'from_publication_date:2015-01-01,to_publication_date:2020-12-31',
      operators: 2,
    })
    expect(openalexQuery({ concepts: [concept('x" OR (y) AND z')] })).toMatchObject({
      search: '"x OR y AND z"',
      operators: 0,
    })
  })

  it('stays within 1,500 characters', () => {
    const synonyms = Array.from({ length: 100 }, (_, at) => `another rather long word for it ${at}`)
    const { search, operators } = openalexQuery({
      concepts: [concept('shade', ...synonyms), concept('beech')],
    })
    expect(search.length).toBeLessThanOrEqual(1_500)
    expect(search).toMatch(/ AND beech$/)
    expect(operators).toBeGreaterThan(5)
  })
})

describe('openalexRecord', () => {
  it('survives an index of an abstract that is none', () => {
    const index = JSON.parse('{"late":[1e9],"first":[0,-1,0.5],"second":[1],"__proto__":[7]}')
    const work = workSchema.parse({ id: 'W1', title: 'A', abstract_inverted_index: index })
    expect(openalexRecord(work)!.fields.abstract).toBe('first second')
    expect(openalexRecord(workSchema.parse({ id: 'https://evil.example/', title: 'A' }))).toBeUndefined()
  })
})

describeWith(join(samplesFolder, 'openalex'), 'a recorded work of OpenAlex', () => {
  it('is read', () => {
    const sample = JSON.parse(readFileSync(join(samplesFolder, 'openalex/W2741809807.json'), 'utf8'))
    const record = openalexRecord(workSchema.parse(sample))!
    expect(record).toMatchObject({
      key: 'openalex:W2741809807',
      fields: {
        title: expect.stringMatching(/^The state of OA/),
        year: 2018,
        doi: '10.7717/peerj.4375',
        pmid: '29456894',
        pmcid: 'PMC5815332',
        venue: 'PeerJ',
        type: 'article-journal',
      },
    })
    expect(record.fields.retracted).toBeUndefined()
    expect(record.fields.authors[0]).toEqual({ family: 'Piwowar', given: 'Heather' })
    expect(record.fields.abstract).toMatch(/^Despite growing interest in Open Access/)
    expect(record.locations![0]).toEqual({
      url: 'https://peerj.com/articles/4375.pdf',
      version: 'published',
      license: 'cc-by',
      isPdf: true,
    })
  })
})
