import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  type LoopbackAnswer,
  plainUpstream,
  type SeenRequest,
  startLoopback,
} from '../../../test/support/loopback.ts'
import { recordSchema } from '../../contract/paper.ts'
import { readLandingPage } from '../live/landing-page.ts'
import { describeSource } from '../source.conformance.ts'
import { createGivenSource } from './given-source.ts'
import { readIdentifier } from './identifier.ts'

const running: { close(): Promise<void> }[] = []
const closeAll = async () => {
  for (const server of running.splice(0)) await server.close()
}

const page = `<!doctype html><html><head><title>Shade | Forests</title>
  <meta name="citation_title" content="Shade &amp; beeches: p<0.05"><META content='Møller, Signe' NAME=citation_author>
  <meta name="citation_author" content="Jan van der Burg"/><meta name="citation_publication_date" content="2015/03/04">
  <meta name="citation_doi" content="doi:10.1234/SHADE.5"><meta name="citation_journal_title" content="Forests">
  <meta name="citation_firstpage" content="12"><meta name="citation_lastpage" content="34">
  <meta name="citation_pdf_url" content="/pdf/5.pdf"><meta name="citation_pdf_url" content="javascript:alert(1)">
  <meta name="description" content="Beeches grow slowly.">`

/** Stands for all services and hosts at once. */
function world({ url }: Pick<SeenRequest, 'url'>): LoopbackAnswer {
  const path = decodeURIComponent(url.pathname)
  if (path === '/api/query') {
    const ids = url.searchParams
      .get('id_list')!
      .split(',')
      .filter((id) => !id.startsWith('0'))
    const entries = ids.map(
      (id) =>
        `<entry><id>http://arxiv.org/abs/${id.replace(/v\d$/, '')}v5</id><title>Paper ${id}</title></entry>`,
    )
    return { body: `<feed><totalResults>${ids.length}</totalResults>${entries.join('')}</feed>` }
  }
  if (path === '/entrez/eutils/efetch.fcgi') {
    const article =
      '<PubmedArticle><MedlineCitation><PMID>29456894</PMID><Article><ArticleTitle>The state of OA.</ArticleTitle></Article></MedlineCitation></PubmedArticle>'
    return { body: `<PubmedArticleSet>${article}</PubmedArticleSet>` }
  }
  if (path === '/works/10.1234/known')
    return { body: JSON.stringify({ message: { DOI: '10.1234/known', title: ['Known'] } }) }
  if (path === '/works/10.1234/broken') return { body: 'no JSON' }
  if (/^\/works\/doi:10\.1234\/(?:broken|datacite)$/.test(path))
    return {
      body: JSON.stringify({
        id: 'https://openalex.org/W5',
        title: 'Found at OpenAlex',
        doi: 'https://doi.org/10.1234/broken',
      }),
    }
  if (path === '/article/5') return { body: page, headers: { 'content-type': 'text/html; charset=utf-8' } }
  if (path === '/moved') return { status: 302, headers: { location: '/article/5' }, body: '' }
  if (path === '/download') return { body: '%PDF-1.7 …' }
  if (path === '/empty')
    return { body: '<html><head></head></html>', headers: { 'content-type': 'text/html; charset=nonsense' } }
  if (path === '/closed') return { status: 403, body: 'no' }
  return { status: 404, body: 'Resource not found.' }
}

async function over(identifiers: (host: string) => string[]) {
  const server = await startLoopback(world)
  running.push(server)
  const options = { upstream: plainUpstream(), endpoint: server.endpoint }
  const source = createGivenSource({
    upstream: options.upstream,
    identifiers: identifiers(server.endpoint),
    services: { arxiv: options, crossref: options, openalex: options, pubmed: options },
  })
  const fetchAll = async () => {
    const records = []
    for (const item of await source.list(plan)) records.push(...(await source.fetch(item)))
    return records
  }
  return { ...server, source, fetchAll }
}

const plan = {
  question: 'q',
  researchQuestions: ['q'],
  inclusion: [],
  exclusion: [],
  concepts: [{ term: 'q', synonyms: [] }],
  sources: [],
}

describe('the conformance of a given source', () => {
  let host: Promise<string> | undefined
  afterAll(closeAll)
  const start = async () => {
    const server = await startLoopback(world)
    running.push(server)
    return server.endpoint
  }
  describeSource('given', {
    plan,
    async create() {
      host ??= start()
      const endpoint = await host
      const options = { upstream: plainUpstream(), endpoint }
      return createGivenSource({
        upstream: options.upstream,
        identifiers: ['1706.03762', '10.1234/known', '10.1234/unknown', 'nonsense', `${endpoint}/article/5`],
        services: { arxiv: options, crossref: options, openalex: options, pubmed: options },
      })
    },
  })
})

describe('createGivenSource', () => {
  afterEach(closeAll)

  it('asks arXiv once for all its papers, and says which it does not have', async () => {
    const { fetchAll, requests } = await over(() => [
      '1706.03762',
      'https://arxiv.org/pdf/1501.00001v2.pdf',
      'arXiv:0000.00000',
      '0712.00001',
      '1706.03762',
    ])
    const records = await fetchAll()
    expect(records.map(({ reference, failure }) => [reference, failure?.message])).toEqual([
      ['arXiv:1706.03762', undefined],
      ['arXiv:1501.00001v2', undefined],
      ['arXiv:0712.00001', 'arXiv has no paper 0712.00001.'],
      ['arXiv:0000.00000', expect.stringContaining('names no work')],
    ])
    expect(records[0]!.locations![0]!.url).toBe('https://arxiv.org/pdf/1706.03762v5')
    expect(requests).toHaveLength(1)
  })

  it('finds a DOI at Crossref, else at OpenAlex, else says so', async () => {
    const { fetchAll } = await over(() => [
      '10.1234/known',
      'https://doi.org/10.1234/broken',
      'doi:10.1234/datacite',
      '10.1234/none',
    ])
    const records = await fetchAll()
    expect(records.map(({ fields, failure }) => failure?.message ?? fields.title)).toEqual([
      'Known',
      'Found at OpenAlex',
      'Found at OpenAlex',
      'Neither Crossref nor OpenAlex knows the DOI 10.1234/none.',
    ])
    expect(records.map(({ key }) => key)).toContain('given:10.1234/datacite')
  })

  it('finds PubMed’s articles', async () => {
    const { fetchAll } = await over(() => ['PMID: 29456894', '7'])
    expect((await fetchAll()).map(({ reference, failure }) => [reference, failure?.code])).toEqual([
      ['PMID:29456894', undefined],
      ['PMID:7', 'unreachable'],
    ])
  })

  it('takes PDFs for places, and reads pages about works', async () => {
    const { fetchAll, endpoint } = await over((host) => [
      'https://a.example/papers/Shade_of%20beeches.pdf',
      `${host}/moved`,
      `${host}/download`,
      `${host}/empty`,
      `${host}/closed`,
      `${host}/gone`,
    ])
    const [pdf, work, download, ...failures] = await fetchAll()
    expect(pdf).toMatchObject({
      fields: { title: 'Shade of beeches', authors: [] },
      origins: { title: 'file-name' },
      locations: [{ url: 'https://a.example/papers/Shade_of%20beeches.pdf', isPdf: true }],
    })
    expect(work).toMatchObject({
      key: `given:${endpoint}/moved`,
      fields: { title: 'Shade & beeches: p<0.05', doi: '10.1234/shade.5' },
      locations: [{ url: `${endpoint}/pdf/5.pdf`, isPdf: true }],
    })
    expect(download!.locations).toEqual([{ url: `${endpoint}/download`, isPdf: true }])
    expect(failures.map(({ failure }) => failure?.code)).toEqual([
      'not_a_full_text',
      'refused_by_host',
      'unreachable',
    ])
  })

  it('needs at least one work', () => {
    const options = { upstream: plainUpstream() }
    const services = { arxiv: options, crossref: options, openalex: options, pubmed: options }
    expect(() => createGivenSource({ ...options, identifiers: [' '], services })).toThrow('No work was named')
  })
})

describe('readLandingPage', () => {
  it('reads what publishers say for Google Scholar', () => {
    const record = readLandingPage(page, 'https://forests.example/article/5')!
    expect(recordSchema.parse(record)).toEqual(record)
    expect(record.fields).toEqual({
      title: 'Shade & beeches: p<0.05',
      authors: [
        { family: 'Møller', given: 'Signe' },
        { family: 'van der Burg', given: 'Jan' },
      ],
      year: 2015,
      doi: '10.1234/shade.5',
      venue: 'Forests',
      pages: '12-34',
      url: 'https://forests.example/article/5',
      abstract: 'Beeches grow slowly.',
      type: 'article-journal',
    })
    expect(record.locations).toEqual([{ url: 'https://forests.example/pdf/5.pdf', isPdf: true }])
  })

  it('takes any page', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('<meta ', ' name="citation_title"', " content='", '"', '>', '<', '=', '\u0000'),
            fc.string(),
          ),
          { maxLength: 60 },
        ),
        (parts) => {
          const record = readLandingPage(parts.join(''), 'https://a.example/')
          if (record) expect(recordSchema.parse(record)).toEqual(record)
        },
      ),
    )
    expect(readLandingPage('<meta name="'.repeat(200_000), 'https://a.example/')).toBeUndefined()
  })
})

describe('readIdentifier', () => {
  it.each([
    ['10.1234/ABC', { kind: 'doi', id: '10.1234/abc' }],
    ['https://doi.org/10.1234/a%2Fb', { kind: 'doi', id: '10.1234/a/b' }],
    ['10.48550/arXiv.1706.03762', { kind: 'arxiv', id: '1706.03762' }],
    ['arxiv.org/abs/1706.03762v5', { kind: 'arxiv', id: '1706.03762v5' }],
    ['https://arxiv.org/abs/hep-th/9901001', { kind: 'arxiv', id: 'hep-th/9901001' }],
    ['hep-th/9901001v2', { kind: 'arxiv', id: 'hep-th/9901001v2' }],
    ['29456894', { kind: 'pubmed', id: '29456894' }],
    ['https://pubmed.ncbi.nlm.nih.gov/29456894/', { kind: 'pubmed', id: '29456894' }],
    ['https://a.example/x.PDF?y=1', { kind: 'pdf', url: 'https://a.example/x.PDF?y=1' }],
    ['https://arxiv.org/list/cs.LG/recent', { kind: 'page', url: 'https://arxiv.org/list/cs.LG/recent' }],
    ['javascript:alert(1)', { kind: 'unknown', text: 'javascript:alert(1)' }],
    ['file:///etc/passwd', { kind: 'unknown', text: 'file:///etc/passwd' }],
    ['https://u:p@a.example/', { kind: 'unknown', text: 'https://u:p@a.example/' }],
  ])('reads %s', (given, identifier) => {
    expect(readIdentifier(given)).toEqual(identifier)
  })
})
