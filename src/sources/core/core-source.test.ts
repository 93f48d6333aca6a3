import { afterEach, describe, expect, it } from 'vitest'
import { plainUpstream, startLoopback } from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { coreQuery, coreService, createCoreFinder, createCoreSource } from './core-source.ts'

const workOf = ({ id, title, authors, year, abstract, doi, pdf }: SampleWork) => ({
  id,
  title,
  authors: authors.map((name) => {
    const [given, ...family] = name.split(' ')
    return { name: family.length > 0 ? `${family.join(' ')}, ${given}` : name }
  }),
  yearPublished: year,
  doi,
  abstract,
  downloadUrl: pdf,
  sourceFulltextUrls: null,
  documentType: 'research',
})

describeLiveSource('core', {
  title: 'CORE',
  create: createCoreSource,
  reference: (id) => `${id}`,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer({ url }, works) {
    if (url.pathname !== '/v3/search/works/')
      return { status: 301, headers: { location: '/v3/search/works/' }, body: '' }
    const offset = Number(url.searchParams.get('offset'))
    const results = works.slice(offset, offset + Number(url.searchParams.get('limit'))).map(workOf)
    return { body: JSON.stringify({ totalHits: works.length, results }) }
  },
})

describe('createCoreFinder', () => {
  const running: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close()
  })

  it('gives copies of the work that was asked for, and tells pages from PDFs', async () => {
    const results = [
      { id: 1, doi: '10.1234/other', downloadUrl: 'https://core.ac.uk/download/1.pdf' },
      {
        id: 2,
        doi: 'https://doi.org/10.1234/A',
        downloadUrl: 'https://core.ac.uk/download/2.pdf',
        sourceFulltextUrls: ['https://repository.example/2', 'javascript:alert(1)'],
      },
    ]
    const server = await startLoopback(() => ({ body: JSON.stringify({ totalHits: 2, results }) }))
    running.push(server)
    const finder = createCoreFinder({ upstream: plainUpstream(), endpoint: server.endpoint, apiKey: 'k-1' })
    expect(await finder.find({ title: 'Shade', authors: [], doi: '10.1234/a' })).toEqual([
      { url: 'https://core.ac.uk/download/2.pdf', isPdf: true },
      { url: 'https://repository.example/2', isPdf: false },
    ])
    expect(await finder.find({ title: 'Shade', authors: [] })).toEqual([])
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer k-1'])
    expect(server.requests[0]!.url.searchParams.get('q')).toBe('doi:"10.1234/a"')
  })
})

describe('coreService', () => {
  const pause = (status: number, headers: Record<string, string>) =>
    coreService.pause!({ status, headers, body: new Uint8Array(), url: '', cached: false })

  it('reads its own header, as seconds, as a time, and as a date', () => {
    const soon = new Date(Date.now() + 600_000)
    for (const told of ['600', `${Math.round(soon.getTime() / 1_000)}`, soon.toISOString()]) {
      const { limit, until } = pause(429, { 'x-ratelimit-retry-after': told })!
      expect(limit).toBe('requests')
      expect(Math.abs(until.getTime() - soon.getTime()), told).toBeLessThan(60_000)
    }
  })

  it('stops before the last request is lost, and for nothing else', () => {
    expect(pause(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-retry-after': '60' })).toBeDefined()
    expect(pause(200, { 'x-ratelimit-remaining': '5', 'x-ratelimit-retry-after': '60' })).toBeUndefined()
    expect(pause(429, { 'x-ratelimit-retry-after': 'soon' })).toBeUndefined()
    expect(pause(429, { 'x-ratelimit-retry-after': '1e12' })).toBeUndefined()
    expect(pause(429, {})).toBeUndefined()
  })
})

describe('coreQuery', () => {
  it('asks in titles and abstracts, for years by comparison', () => {
    const concepts = [{ term: 'time series', synonyms: ['x") OR (y'] }]
    expect(coreQuery({ concepts, since: 2015, until: 2020 })).toBe(
      '((title:"time series" OR abstract:"time series") OR (title:"x OR y" OR abstract:"x OR y")) AND yearPublished>=2015 AND yearPublished<=2020',
    )
  })
})
