import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeWith, samplesFolder } from '../../../test/support/corpora.ts'
import { type LoopbackAnswer, plainUpstream, startLoopback } from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { readArxivFeed } from './arxiv-feed.ts'
import { arxivQuery } from './arxiv-query.ts'
import { arxivService, createArxivFinder, createArxivSource, fetchArxivPapers } from './arxiv-source.ts'

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const idOf = (id: number) => `1501.${String(id).padStart(5, '0')}`

function entryOf({ id, title, authors, year, abstract, doi }: SampleWork, more = ''): string {
  return `<entry><id>http://arxiv.org/abs/${idOf(id)}v2</id>${title === null ? '' : `<title>${escaped(title)}</title>`}
    <updated>2024-01-01T00:00:00Z</updated><summary>${escaped(abstract ?? '')}</summary>
    ${year === null ? '' : `<published>${year}-03-04T00:00:00Z</published>`}
    ${doi === null ? '' : `<arxiv:doi>${escaped(doi)}</arxiv:doi>`}${more}
    ${authors.map((name) => `<author><name>${escaped(name)}</name></author>`).join('')}</entry>`
}

function feed(entries: readonly string[], total: number): string {
  return `<?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
    <opensearch:totalResults>${total}</opensearch:totalResults>${entries.join('')}</feed>`
}

describeLiveSource('arxiv', {
  title: 'arXiv',
  create: createArxivSource,
  reference: idOf,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer({ url }, works) {
    const start = Number(url.searchParams.get('start'))
    const page = works.slice(start, start + Number(url.searchParams.get('max_results')))
    return {
      body: feed(
        page.map((work) => entryOf(work)),
        works.length,
      ),
    }
  },
})

const work = (id: number): SampleWork => ({
  id,
  title: `Shade ${id}`,
  authors: ['Signe Møller'],
  year: 2015,
  abstract: 'Beeches.',
  doi: null,
  pdf: null,
})
const plan = { concepts: [{ term: 'shade', synonyms: [] }] }

describe('createArxivSource', () => {
  const running: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close()
  })
  async function over(answers: LoopbackAnswer[]) {
    const server = await startLoopback(() => answers.shift() ?? { body: feed([], 0) })
    running.push(server)
    const options = { upstream: plainUpstream(), endpoint: server.endpoint, limit: 2_000 }
    const source = createArxivSource(options)
    return { ...server, options, fetch: () => source.fetch({ reference: 'search', terms: plan }) }
  }

  it('pins the PDF to the version that was found', async () => {
    const { fetch } = await over([
      {
        body: feed(
          [1, 2, 3].map((id) => entryOf(work(id))),
          3,
        ),
      },
    ])
    const [record] = await fetch()
    expect(record!.fields).toMatchObject({ arxivId: '1501.00001', venue: 'arXiv', type: 'article' })
    expect(record!.locations).toEqual([
      { url: 'https://arxiv.org/pdf/1501.00001v2', version: 'submitted', isPdf: true },
    ])
  })

  it('takes the address of the PDF that the feed names', async () => {
    const link = (href: string) => `<link href="${href}" rel="related" type="application/pdf" title="pdf"/>`
    const hrefs = ['http://mirror.example/pdf/1501.00001v2?a=1&amp;b=2', 'javascript:alert(1)']
    const entries = hrefs.map((href, at) =>
      entryOf(work(at + 1), `<link href="http://a.example/" rel="alternate"/>${link(href)}`),
    )
    const { fetch } = await over([{ body: feed(entries, 2) }])
    const [named, harmful] = await fetch()
    expect(named!.locations!.map(({ url }) => url)).toEqual([
      'http://mirror.example/pdf/1501.00001v2?a=1&b=2',
    ])
    expect(harmful!.locations).toBeUndefined()
  })

  it('asks again for pages that are empty without reason, under another address', async () => {
    const [one, two] = [
      [1, 2, 3, 4],
      [5, 6],
    ].map((ids) => ids.map((id) => entryOf(work(id))))
    const { fetch, requests } = await over([
      { body: feed([], 0) },
      { body: feed(one!, 6) },
      { body: feed([], 6) },
      { body: feed([], 6) },
      { body: feed(two!, 6) },
    ])
    expect((await fetch()).map(({ reference }) => reference)).toEqual([1, 2, 3, 4, 5, 6].map(idOf))
    expect(new Set(requests.map(({ url }) => url.search)).size).toBe(5)
    expect(requests.map(({ url }) => url.searchParams.get('start'))).toEqual(['0', '0', '4', '4', '4'])
  })

  it('keeps what it has when later pages stay empty', async () => {
    const { fetch, requests } = await over([
      {
        body: feed(
          [1, 2, 3].map((id) => entryOf(work(id))),
          6,
        ),
      },
    ])
    expect(await fetch()).toHaveLength(3)
    expect(requests).toHaveLength(4)
  })

  it('flags what its authors took back, and gives no place for it', async () => {
    const comments = [
      'This paper has been withdrawn by the author due to an error in Lemma 2',
      'Withdrawn',
      'Withdrawn from ICLR 2020; 12 pages',
      '12 pages, 3 figures',
    ]
    const entries = comments.map((comment, at) =>
      entryOf(work(at + 1), `<arxiv:comment>${comment}</arxiv:comment>`),
    )
    const { fetch } = await over([{ body: feed(entries, 4) }])
    const records = await fetch()
    expect(records.map(({ fields }) => fields.retracted ?? false)).toEqual([true, true, false, false])
    expect(records.map(({ locations }) => locations?.length ?? 0)).toEqual([0, 0, 1, 1])
  })

  it('takes an error for an error, not for a paper', async () => {
    const error = `<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>
      <summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry>`
    const { options } = await over([{ status: 400, body: feed([error], 1) }])
    await expect(fetchArxivPapers(options, ['abc'])).rejects.toMatchObject({
      code: 'source_failed',
      message: 'arXiv refused the request: incorrect id format for abc.',
      retryable: false,
    })
  })

  it('fetches many identifiers in one request', async () => {
    const { options, requests } = await over([
      {
        body: feed(
          [1, 2].map((id) => entryOf(work(id))),
          2,
        ),
      },
    ])
    const records = await fetchArxivPapers(options, ['1501.00001', '1501.00002v2'])
    expect(records).toHaveLength(2)
    expect(requests.map(({ url }) => url.searchParams.get('id_list'))).toEqual(['1501.00001,1501.00002v2'])
  })

  it('does not heed what a document declares', async () => {
    const bombs = [
      '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
      '<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
      '<!DOCTYPE feed SYSTEM "http://127.0.0.1/x.dtd"><!DOCTYPE y [<!ENTITY a "b">]>',
    ]
    for (const bomb of bombs) {
      const body = `${bomb}${feed([entryOf(work(1), '<arxiv:comment>&a;&b;</arxiv:comment>')], 1).replace(/^.*\?>/, '')}`
      const { fetch } = await over([{ body }])
      await expect(fetch()).rejects.toMatchObject({ code: 'source_failed' })
    }
    const deep = await over([{ body: feed([`${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`], 1) }])
    await expect(deep.fetch()).rejects.toMatchObject({ code: 'source_failed' })
  })
})

describe('createArxivFinder', () => {
  it('knows a PDF of what has an arXiv identifier', async () => {
    const finder = createArxivFinder()
    expect(await finder.find({ title: '', authors: [], arxivId: 'hep-th/9901001' })).toEqual([
      { url: 'https://arxiv.org/pdf/hep-th/9901001', version: 'submitted', isPdf: true },
    ])
    expect(await finder.find({ title: '', authors: [], doi: '10.1234/5' })).toEqual([])
    const elsewhere = createArxivFinder({ endpoint: 'http://127.0.0.1:4000/arxiv' })
    expect(await elsewhere.find({ title: '', authors: [], arxivId: '1706.03762' })).toMatchObject([
      { url: 'http://127.0.0.1:4000/arxiv/pdf/1706.03762' },
    ])
  })
})

describe('arxivQuery', () => {
  const concept = (term: string, ...synonyms: string[]) => ({ term, synonyms })

  it('asks for every concept in any of its words, and for the years', () => {
    const concepts = [concept('time series', 'panel data'), concept('forecasting')]
    expect(arxivQuery({ concepts })).toBe('(all:"time series" OR all:"panel data") AND all:forecasting')
    expect(arxivQuery({ concepts: [concept('a'), concept('b')], since: 2015, until: 2020 })).toBe(
      '(all:a AND all:b) AND submittedDate:[201501010000 TO 202012312359]',
    )
    expect(arxivQuery({ concepts: [concept('a', 'b')], since: 2015 })).toBe(
      '(all:a OR all:b) AND submittedDate:[201501010000 TO 999912312359]',
    )
  })

  it('lets no term out of its quotation marks', () => {
    const hostile = [
      'x") OR all:y',
      'ti:quantum',
      'a AND b',
      'OR',
      '[2000 TO 2001]',
      'back\\slash"',
      'wild*card?',
    ]
    expect(hostile.map((term) => arxivQuery({ concepts: [concept(term)] }))).toEqual([
      'all:"x OR all y"',
      'all:"ti quantum"',
      'all:"a AND b"',
      'all:"OR"',
      'all:"2000 TO 2001"',
      'all:"back slash"',
      'all:"wild card"',
    ])
  })

  it('stays within an address, losing synonyms before concepts', () => {
    const synonyms = Array.from({ length: 200 }, (_, at) => `another rather long word for it ${at}`)
    const query = arxivQuery({ concepts: [concept('shade', ...synonyms), concept('beech', ...synonyms)] })
    expect(encodeURIComponent(query).length).toBeLessThanOrEqual(6_000)
    expect(query).toMatch(/^\(all:shade OR .* AND \(all:beech OR /)
  })
})

describeWith(join(samplesFolder, 'arxiv'), 'recorded feeds of arXiv', () => {
  const recording = z.object({ status_code: z.number(), body: z.string() })
  const read = (name: string) => {
    const file = readdirSync(join(samplesFolder, 'arxiv')).find((each) => each.startsWith(name))!
    const { status_code, body } = recording.parse(
      JSON.parse(readFileSync(join(samplesFolder, 'arxiv', file), 'utf8')),
    )
    return readArxivFeed(arxivService, {
      status: status_code,
      headers: {},
      body: new TextEncoder().encode(body),
      url: '',
      cached: false,
    })
  }

  it('are read', () => {
    const page = read('q_testing_s0')
    expect(page).toMatchObject({ entries: 10, total: 214_881 })
    expect(page.records).toHaveLength(10)
    expect(page.records[0]).toMatchObject({
      reference: '2202.12139',
      fields: {
        title: 'Testing Deep Learning Models: A First Comparative Study of Multiple Testing Techniques',
        year: 2022,
      },
      locations: [{ url: 'https://arxiv.org/pdf/2202.12139v1', version: 'submitted', isPdf: true }],
    })
    const [workshop] = read('id_1707.08567').records
    expect(workshop!.fields.authors).toContainEqual({ family: 'de With', given: 'Peter H. N.' })
    const [old] = read('id_astro-ph').records
    expect(old!.reference).toBe('astro-ph/0601001')
    expect(old!.fields.abstract).toContain('V_max<17.5')
  })

  it('may be empty, or refuse', () => {
    expect(read('id_0000.0000')).toEqual({ records: [], entries: 0, total: 0 })
    expect(() => read('id_abc')).toThrow('incorrect id format for abc')
  })
})
