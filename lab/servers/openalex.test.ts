import { afterEach, describe, expect, it } from 'vitest'
import { openAlexIdOf } from '../corpus/identifiers.ts'
import { type LabOptions, type RunningLab, startLab } from '../lab.ts'

let lab: RunningLab
let clock = 0
afterEach(() => lab.close())

async function start(options: LabOptions = {}, step = 1_000) {
  clock = Date.UTC(2026, 10, 24, 18)
  lab = await startLab({ papers: 3_000, now: () => clock, ...options })
  return async (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    clock += step
    const response = await fetch(`${lab.endpoints.openalex}${path}?${new URLSearchParams(query)}`, {
      headers,
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : text,
    }
  }
}
const key = { authorization: 'Bearer lab-key' }
const search = '"intermittent fasting" AND "glycaemic control"'

describe('the simulated OpenAlex', () => {
  it('searches, filters, selects and pages', async () => {
    const ask = await start()
    const first = await ask('/works', { search, per_page: '5', select: 'id,title,publication_year' })
    expect(first.status).toBe(200)
    expect(first.body.results).toHaveLength(5)
    expect(Object.keys(first.body.results[0])).toEqual(['id', 'title', 'publication_year'])
    expect(first.body.meta).toMatchObject({ page: 1, per_page: 5, cost_usd: 0.001 })
    const second = await ask('/works', { search, per_page: '5', page: '2' })
    const both = await ask('/works', { search, per_page: '10' })
    const ids = ({ body }: { body: { results: { id: string }[] } }) => body.results.map(({ id }) => id)
    expect([...ids(first), ...ids(second)]).toEqual(ids(both))
    const filter = 'from_publication_date:2015-01-01,to_publication_date:2018-12-31'
    const dated = await ask('/works', { search, filter })
    expect(dated.body.meta.count).toBeLessThan(both.body.meta.count)
    for (const { publication_year } of dated.body.results) {
      expect(publication_year).toBeGreaterThanOrEqual(2015)
      expect(publication_year).toBeLessThanOrEqual(2019)
    }
    expect((await ask('/works', { filter: `title_and_abstract.search:${search}` })).body.meta.count).toBe(
      both.body.meta.count,
    )
  })

  it('gives works by any of their identifiers, and what they cite and are cited by', async () => {
    const ask = await start()
    const indices = Array.from({ length: 400 }, (_, index) => 100 + index).filter((index) =>
      lab.corpus.isIn(index, 'openalex'),
    )
    const index = indices.find(
      (at) =>
        lab.corpus.paper(at).doi && lab.corpus.paper(at).arxivId && lab.corpus.references(at).length > 2,
    )!
    const { doi, arxivId } = lab.corpus.paper(index)
    const id = openAlexIdOf(index)
    for (const name of [
      id,
      `https://openalex.org/${id}`,
      `doi:${doi}`,
      `https://doi.org/${doi}`,
      `doi:10.48550/arXiv.${arxivId}`,
    ]) {
      const { status, body } = await ask(`/works/${name}`)
      expect([name, status, body.id]).toEqual([name, 200, `https://openalex.org/${id}`])
    }
    const { body: work } = await ask(`/works/${id}`)
    expect(
      work.locations.some((place: { landing_page_url: string }) => place.landing_page_url.endsWith(arxivId!)),
    ).toBe(true)
    const [cited] = work.referenced_works as string[]
    const citing = await ask('/works', {
      filter: `cites:${cited!.split('/').at(-1)}`,
      per_page: '100',
      sort: 'cited_by_count:desc',
    })
    expect(citing.body.results.map((one: { id: string }) => one.id)).toContain(work.id)
    const counts = citing.body.results.map((one: { cited_by_count: number }) => one.cited_by_count)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
    const several = await ask('/works', {
      filter: `openalex:${work.referenced_works.map((one: string) => one.split('/').at(-1)).join('|')}`,
    })
    expect(several.body.meta.count).toBe(work.referenced_works.length)
    expect((await ask('/works/W9999999999')).status).toBe(404)
  })

  it('refuses what the real one refuses', async () => {
    const ask = await start()
    const statuses = []
    for (const query of [
      { limit: '5' },
      { per_page: '201' },
      { page: '101', per_page: '100' },
      { search: 'a', 'search.exact': 'a' },
      { search: 'word '.repeat(301) },
      { filter: 'no_such_field:1' },
      { filter: `openalex:${Array(101).fill('W1').join('|')}` },
      { select: 'id,host_venue' },
      { search: '(a' },
    ] as Record<string, string>[])
      statuses.push((await ask('/works', query)).status)
    expect(statuses).toEqual(Array(9).fill(400))
    expect((await ask('/works', { cursor: '*' })).status).toBe(401)
    expect((await ask('/works', {}, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await ask('/works', { search: 'x'.repeat(8_200) })).status).toBe(414)
    expect((await ask('/rate-limit')).status).toBe(401)
    expect(lab.violationCounts()).toEqual({ invalid_key: 1 })
  })

  it('goes through all results with a cursor for those with a key', async () => {
    const ask = await start()
    const seen = new Set<string>()
    let count = 0
    for (let cursor: string | null = '*'; cursor !== null; ) {
      const {
        body,
      }: { body: { meta: { next_cursor: string | null; count: number }; results: { id: string }[] } } =
        (await ask('/works', { search, per_page: '20', cursor }, key)) as never
      for (const { id } of body.results) seen.add(id)
      cursor = body.meta.next_cursor
      count = body.meta.count
    }
    expect(seen.size).toBe(count)
    expect(count).toBeGreaterThan(20)
  })

  it('takes credits, and when they are gone refuses until midnight all but single works', async () => {
    const openAlexPlans = {
      keyless: { credits: 25, perSecond: 10, booleanPerSecond: 1 },
      free: { credits: 100, perSecond: 30, booleanPerSecond: 5 },
    }
    const ask = await start({ openAlexPlans })
    const first = await ask('/works', { search })
    expect(first.headers.get('x-ratelimit-remaining')).toBe('15')
    expect(first.headers.get('x-ratelimit-credits-used')).toBe('10')
    await ask('/works', { search })
    const refused = await ask('/works', { search })
    expect(refused.status).toBe(429)
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBe((Date.UTC(2026, 10, 25) - clock) / 1_000)
    expect(refused.body).toMatchObject({
      error: 'Rate limit exceeded',
      retryAfter: wait,
      creditsRequired: 10,
      creditsRemaining: 5,
    })
    expect((await ask(`/works/${openAlexIdOf(1)}`)).status).toBe(200)
    expect(lab.violationCounts()).toEqual({})
    expect((await ask('/works', { filter: 'is_oa:true' })).status).toBe(200)
    expect(lab.violationCounts()).toEqual({ ignored_retry_after: 1 })
    expect((await ask('/works', { search }, key)).status).toBe(200)
    clock += wait * 1_000
    expect((await ask('/works', { search })).status).toBe(200)
  })

  it('minds more requests in a second than it allows', async () => {
    const ask = await start({}, 1)
    const statuses = []
    for (let at = 0; at < 11; at++)
      statuses.push((await ask(`/works/${openAlexIdOf(at)}`, { select: 'id' })).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
    const many = 'a AND b AND c AND d AND e AND f AND g'
    expect((await ask('/works', { search: many }, key)).status).toBe(200)
    expect(lab.violationCounts()).toEqual({ too_fast: 1 })
    clock += 1_000
    await ask('/works', { search: many })
    const { status, body } = await ask('/works', { search: many })
    expect([status, body.message]).toEqual([429, expect.stringMatching(/boolean/)])
  })
})
