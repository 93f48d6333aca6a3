import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LoopbackAnswer, type SeenRequest, startLoopback } from '../../test/support/loopback.ts'
import { openUpstream, type TestUpstream } from '../../test/support/upstream.ts'
import type { Plan } from '../contract/plan.ts'
import { createArxivSource } from './arxiv/arxiv-source.ts'
import { createGivenSource } from './given/given-source.ts'
import { createOpenAlexFinder, createOpenAlexSource } from './openalex/openalex-source.ts'

const terms = { concepts: [{ term: 'shade', synonyms: [] }] }
const item = { reference: 'search', terms } as const
const works = [1, 2, 3].map((id) => ({ id: `https://openalex.org/W${id}`, title: `Shade ${id}` }))

/** Sources over the real way out, which keeps limits and remembers answers. */
describe('live sources over the real upstream', () => {
  let upstream: TestUpstream
  const running: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    upstream = await openUpstream()
  })
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close()
  })
  afterAll(() => upstream.close())

  async function over(respond: (request: SeenRequest) => LoopbackAnswer) {
    const server = await startLoopback(respond)
    running.push(server)
    return { ...server, options: { upstream, endpoint: server.endpoint } }
  }

  it('ask nobody for what was asked before', async () => {
    const { options, requests } = await over(() => ({
      body: JSON.stringify({ meta: { count: 3 }, results: works }),
    }))
    const first = await createOpenAlexSource(options).fetch(item)
    expect(await createOpenAlexSource(options).fetch(item)).toEqual(first)
    expect(requests).toHaveLength(1)
  })

  it('see through an empty page of arXiv, and remember what came after it', async () => {
    const entry = (id: number) =>
      `<entry><id>http://arxiv.org/abs/1501.0000${id}v1</id><title>Shade ${id}</title></entry>`
    const pages = ['', [1, 2, 3].map(entry).join('')]
    const { options, requests } = await over(() => ({
      body: `<feed><totalResults>${pages.length > 1 ? 0 : 3}</totalResults>${pages.shift() ?? ''}</feed>`,
    }))
    const first = await createArxivSource(options).fetch(item)
    expect(first).toHaveLength(3)
    expect(await createArxivSource(options).fetch(item)).toEqual(first)
    expect(requests).toHaveLength(2)
  })

  it('wait for tomorrow’s credits of OpenAlex, while single works go on', async () => {
    const gone = {
      error: 'Rate limit exceeded',
      retryAfter: 36_000,
      creditsRequired: 10,
      creditsRemaining: 2,
    }
    const { options, requests } = await over(({ url }) =>
      url.pathname === '/works'
        ? { status: 429, headers: { 'retry-after': '36000' }, body: JSON.stringify(gone) }
        : { body: JSON.stringify(works[0]) },
    )
    const other = { ...item, terms: { concepts: [{ term: 'oaks', synonyms: [] }] } }
    await expect(createOpenAlexSource(options).fetch(other)).rejects.toMatchObject({
      code: 'waiting',
      waitsFor: expect.stringContaining('OpenAlex'),
    })
    const asked = requests.length
    await expect(createOpenAlexSource(options).fetch(other)).rejects.toMatchObject({ code: 'waiting' })
    expect(requests).toHaveLength(asked)
    expect(await createOpenAlexFinder(options).find({ title: '', authors: [], doi: '10.1234/a' })).toEqual([])
    expect(requests).toHaveLength(asked + 1)
  })

  it('do not look at a page inside the own network that somebody names', async () => {
    const { options, endpoint, requests } = await over(() => ({
      body: '<meta name="citation_title" content="Secret">',
    }))
    const services = { arxiv: options, crossref: options, openalex: options, pubmed: options }
    const source = createGivenSource({ upstream, identifiers: [`${endpoint}/admin`], services })
    const [record] = await source.fetch((await source.list({} as Plan))[0]!)
    expect(record).toMatchObject({ failure: { code: 'address_refused' } })
    expect(requests).toEqual([])
  })
})
