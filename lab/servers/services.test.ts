import { afterEach, describe, expect, it } from 'vitest'
import { coreIdOf, corpusIdOf, doiOf, paperIdOf } from '../corpus/identifiers.ts'
import { type RunningLab, startLab } from '../lab.ts'

let lab: RunningLab
let clock = 0
afterEach(() => lab.close())

async function start(service: string) {
  clock = Date.UTC(2026, 10, 24)
  lab = await startLab({ papers: 3_000, now: () => clock })
  return async (path: string, query: Record<string, string> = {}, init: RequestInit = {}, step = 1_000) => {
    clock += step
    const response = await fetch(`${lab.endpoints[service]}${path}?${new URLSearchParams(query)}`, {
      redirect: 'manual',
      ...init,
    })
    const text = await response.text()
    const body = /^[[{]/.test(text) ? JSON.parse(text) : text
    return { status: response.status, headers: response.headers, body }
  }
}
type Service = Parameters<RunningLab['corpus']['isIn']>[1]
const someIn = (service: Service, accept: (index: number) => boolean = () => true) =>
  Array.from({ length: 2_000 }, (_, at) => at).filter(
    (index) => lab.corpus.isIn(index, service) && accept(index),
  )

describe('the simulated Semantic Scholar', () => {
  const key = { headers: { 'x-api-key': 'lab-key' } }

  it('gives papers by their identifiers, in batches with null for what it does not know', async () => {
    const ask = await start('semanticscholar')
    const index = someIn(
      'semanticscholar',
      (at) => lab.corpus.paper(at).doi !== undefined && lab.corpus.paper(at).arxivId !== undefined,
    )[0]!
    const { doi, arxivId } = lab.corpus.paper(index)
    const ids = [
      paperIdOf(index),
      `DOI:${doi}`,
      `ARXIV:${arxivId}`,
      `CorpusId:${corpusIdOf(index)}`,
      'DOI:10.1/none',
    ]
    const batch = await ask(
      '/graph/v1/paper/batch',
      { fields: 'title,year' },
      { method: 'POST', body: JSON.stringify({ ids }), ...key },
    )
    expect(batch.body.map((paper: { paperId: string } | null) => paper?.paperId)).toEqual([
      ...Array(4).fill(paperIdOf(index)),
      undefined,
    ])
    expect(batch.body[4]).toBeNull()
    expect(Object.keys(batch.body[0])).toEqual(['paperId', 'title', 'year'])
    expect((await ask('/graph/v1/paper/DOI:10.1/none', {}, key)).body.error).toMatch(/not found$/)
    const many = JSON.stringify({ ids: Array(501).fill('x') })
    expect((await ask('/graph/v1/paper/batch', {}, { method: 'POST', body: many, ...key })).status).toBe(400)
  })

  it('gives references and citations, and refuses what is too much', async () => {
    const ask = await start('semanticscholar')
    const [index] = someIn('semanticscholar', (at) => lab.corpus.references(at).length > 4)
    const references = await ask(`/graph/v1/paper/${paperIdOf(index!)}/references`, { fields: 'title' }, key)
    expect(references.body.data[0].citedPaper.title).toEqual(expect.any(String))
    const [classic] = someIn('semanticscholar', (at) => [...lab.corpus.citations(at)].length > 50)
    const first = await ask(`/graph/v1/paper/${paperIdOf(classic!)}/citations`, { limit: '10' }, key)
    expect([first.body.data.length, first.body.next]).toEqual([10, 10])
    const ids = someIn('semanticscholar').slice(0, 500).map(paperIdOf)
    const heavy = await ask(
      '/graph/v1/paper/batch',
      { fields: 'embedding.specter_v2,abstract' },
      { method: 'POST', body: JSON.stringify({ ids }), ...key },
    )
    const tooHeavy = await ask(
      '/graph/v1/paper/search/bulk',
      { query: 'sleep | diabetes | students | fish | crops | software', fields: 'embedding' },
      key,
    )
    expect([heavy.status, tooHeavy.status]).toEqual([200, 400])
    expect(tooHeavy.body.error).toMatch(/maximum size/)
  })

  it('ranks plain words, finds nothing for hyphens, and stops at a thousand', async () => {
    const ask = await start('semanticscholar')
    const search = (query: Record<string, string>) => ask('/graph/v1/paper/search', query, key)
    const found = await search({
      query: 'intermittent fasting glycaemic control',
      limit: '10',
      year: '2015-2020',
      fields: 'title,year',
    })
    expect(found.body.data).toHaveLength(10)
    expect(found.body.next).toBe(10)
    for (const { year } of found.body.data) expect([2015, 2016, 2017, 2018, 2019, 2020, 2021]).toContain(year)
    expect((await search({ query: 'time-restricted eating' })).body).toEqual({ total: 0, offset: 0 })
    expect((await search({ query: 'fasting', offset: '950', limit: '100' })).status).toBe(400)
    expect((await search({ query: 'fasting', fields: 'title,unknown' })).body.error).toBe(
      'Unrecognized or unsupported fields: [unknown]',
    )
    const [index] = someIn('semanticscholar')
    const match = await ask('/graph/v1/paper/search/match', { query: lab.corpus.paper(index!).title }, key)
    expect(match.body.data[0].title.toLowerCase()).toBe(lab.corpus.paper(index!).title.toLowerCase())
    expect((await ask('/graph/v1/paper/search/match', { query: 'No such title at all' }, key)).status).toBe(
      404,
    )
  })

  it('allows one request a second over all endpoints', async () => {
    const ask = await start('semanticscholar')
    await ask('/graph/v1/paper/search', { query: 'fasting' }, key)
    const refused = await ask(`/graph/v1/paper/${paperIdOf(1)}`, {}, key, 500)
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      '429',
      null,
    ])
    expect((await ask('/graph/v1/paper/x', {}, { headers: { 'x-api-key': 'bad' } })).status).toBe(403)
    expect(lab.violationCounts()).toEqual({ too_fast: 1, invalid_key: 1 })
  })
})

describe('the simulated Crossref', () => {
  it('names a pool and its limits, which differ by endpoint and by politeness', async () => {
    const ask = await start('crossref')
    const [index] = someIn('crossref')
    const polite = { mailto: 'reader@university.edu' }
    const seen = []
    for (const [path, query] of [
      ['/works', {}],
      ['/works', polite],
      [`/works/${doiOf(index!)}`, {}],
      [`/works/${doiOf(index!)}`, polite],
    ] as const) {
      const { headers } = await ask(path, query)
      seen.push(
        ['x-api-pool', 'x-rate-limit-limit', 'x-rate-limit-interval', 'x-concurrency-limit']
          .map((name) => headers.get(name))
          .join(' '),
      )
    }
    expect(seen).toEqual([
      'public-array 1 1s 1',
      'polite-array 3 1s 3',
      'public-single 5 1s 1',
      'polite-single 10 1s 3',
    ])
    await ask('/works', {}, {}, 1_000)
    expect((await ask('/works', {}, {}, 100)).status).toBe(429)
    expect(lab.violationCounts()).toEqual({ too_fast: 1 })
  })

  it('searches, filters, pages with cursors, and marks what was retracted', async () => {
    const ask = await start('crossref')
    const query = {
      'query.bibliographic': 'intermittent fasting glycaemic control',
      rows: '40',
      select: 'DOI,title,type',
    }
    const seen = new Set<string>()
    let cursor = '*'
    for (let page = 0; page < 3; page++) {
      const { body } = await ask('/works', {
        ...query,
        cursor,
        filter: 'type:journal-article,from-pub-date:2010',
      })
      for (const item of body.message.items) {
        expect(item.type).toBe('journal-article')
        seen.add(item.DOI)
      }
      cursor = body.message['next-cursor']
    }
    expect(seen.size).toBeGreaterThan(80)
    const [retracted] = someIn('crossref', (at) => lab.corpus.paper(at).retracted)
    const { body } = await ask(`/works/${encodeURIComponent(doiOf(retracted!))}`)
    expect(body.message['updated-by'][0].type).toBe('retraction')
    expect(await ask('/works/10.1/none')).toMatchObject({ status: 404, body: 'Resource not found.' })
    expect((await ask('/works', { rows: '1001' })).body.message[0].type).toBe('parameter-not-allowed')
    expect((await ask('/works', { filter: 'no-such:1' })).status).toBe(400)
  })
})

describe('the simulated Europe PMC', () => {
  it('repeats the last cursor mark, and gives full texts', async () => {
    const ask = await start('europepmc')
    const seen: string[] = []
    const path = '/europepmc/webservices/rest/search'
    let cursorMark = '*'
    for (;;) {
      const { body } = await ask(path, {
        query: 'TITLE_ABS:"intermittent fasting"',
        format: 'json',
        pageSize: '50',
        cursorMark,
      })
      seen.push(...body.resultList.result.map(({ id }: { id: string }) => id))
      if (body.nextCursorMark === cursorMark) break
      cursorMark = body.nextCursorMark
      expect(seen.length).toBeLessThanOrEqual(body.hitCount)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect((await ask(path, { query: 'x', format: 'json', pageSize: '1001' })).status).toBe(400)
    expect((await ask(path, { query: '(x', format: 'json' })).status).toBe(400)
    const [index] = someIn('europepmc', (at) => lab.corpus.paper(at).pmcid !== undefined)
    const full = await ask(`/europepmc/webservices/rest/${lab.corpus.paper(index!).pmcid}/fullTextXML`)
    expect(full.body).toMatch(/<sec><title>Results<\/title>/)
  })
})

describe('the simulated PubMed', () => {
  it('searches with fields behind terms, and refuses haste and depth', async () => {
    const ask = await start('pubmed')
    const search = (term: string, more = {}, step = 1_000) =>
      ask(
        '/entrez/eutils/esearch.fcgi',
        { db: 'pubmed', retmode: 'json', tool: 'test', term, retmax: '50', ...more },
        {},
        step,
      )
    const both = await search(
      '("intermittent fasting"[tiab] OR "alternate-day fasting"[tiab]) AND "glycaemic control"[tiab]',
    )
    const dated = await search('"intermittent fasting"[tiab] AND 2015:2020[dp]')
    const all = await search('"intermittent fasting"[tiab]')
    const count = ({ body }: typeof all) => Number(body.esearchresult.count)
    expect(count(both)).toBeGreaterThan(5)
    expect(count(dated)).toBeLessThan(count(all))
    const articles = await ask('/entrez/eutils/efetch.fcgi', {
      id: `${all.body.esearchresult.idlist.slice(0, 2).join(',')},1`,
      tool: 'test',
    })
    expect(articles.body.match(/<PubmedArticle>/g)).toHaveLength(2)
    expect((await search('fasting', { retstart: '9990' })).body.esearchresult.ERROR).toMatch(
      /cannot be larger than 9998/,
    )
    const statuses = []
    for (let at = 0; at < 4; at++) statuses.push((await search('fasting', {}, at === 0 ? 1_000 : 1)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    expect(lab.violationCounts()).toEqual({ too_fast: 1 })
  })
})

describe('the simulated CORE', () => {
  it('tells in headers of its own how many requests are left, and redirects without a slash', async () => {
    const ask = await start('core')
    const moved = await ask('/v3/search/works', { q: 'fasting' })
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/core/v3/search/works/?q=fasting'])
    const answers = []
    for (let at = 0; at < 10; at++)
      answers.push(
        await ask('/v3/search/works/', {
          q: '(title:"fasting" OR abstract:"fasting") AND yearPublished>=2018',
          limit: '3',
        }),
      )
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([...'876543210', '0'])
    expect(answers.map(({ status }) => status)).toEqual([...Array(9).fill(200), 429])
    expect(Date.parse(answers[8]!.headers.get('x-ratelimit-retry-after')!)).toBeGreaterThan(clock)
    expect(lab.violationCounts()).toEqual({ too_fast: 1 })
    const key = { headers: { authorization: 'Bearer lab-key' } }
    const [index] = someIn('core', (at) => lab.corpus.paper(at).doi !== undefined)
    expect((await ask('/v3/search/works/', { q: `doi:"${doiOf(index!)}"` }, key)).body.results[0].id).toBe(
      coreIdOf(index!),
    )
    expect((await ask(`/v3/works/${coreIdOf(index!)}`, {}, key)).status).toBe(200)
  })
})

describe('the simulated Unpaywall', () => {
  it('asks for an address, and knows only DOIs of Crossref', async () => {
    const ask = await start('unpaywall')
    const [index] = someIn('crossref', (at) => lab.corpus.paper(at).location === 'good')
    const email = 'reader@university.edu'
    const known = await ask(`/v2/${encodeURIComponent(doiOf(index!))}`, { email })
    expect(known.body.best_oa_location).toMatchObject({
      host_type: 'publisher',
      url_for_pdf: expect.stringMatching(/\.pdf$/),
    })
    expect((await ask('/v2/10.48550/arxiv.1706.03762', { email })).status).toBe(404)
    expect((await ask(`/v2/${doiOf(index!)}`, { email: 'you@example.com' })).status).toBe(422)
    expect(lab.violationCounts()).toEqual({ no_contact: 1 })
  })
})
