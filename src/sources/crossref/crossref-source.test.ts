import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { describeWith, samplesFolder } from '../../../test/support/corpora.ts'
import { plainUpstream, startLoopback } from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { crossrefQuery } from './crossref-query.ts'
import { createCrossrefSource, crossrefService, fetchCrossrefWork } from './crossref-source.ts'
import { crossrefRecord, workSchema } from './crossref-work.ts'

const workOf = ({ id, title, authors, year, abstract, pdf }: SampleWork) => ({
  DOI: `10.1234/PLOT.${id}`,
  title: title === null ? null : [title],
  author: authors.map((name) => {
    const [given, ...family] = name.split(' ')
    return { given, family: family.join(' ') || null, sequence: 'first' }
  }),
  issued: { 'date-parts': [[year]] },
  abstract: abstract && `<jats:title>Abstract</jats:title><jats:p>${abstract}</jats:p>`,
  type: 'journal-article',
  license: [{ URL: 'https://creativecommons.org/licenses/by/4.0/' }],
  link: [
    {
      URL: pdf,
      'content-type': 'application/pdf',
      'content-version': 'vor',
      'intended-application': 'text-mining',
    },
  ],
})

describeLiveSource('crossref', {
  title: 'Crossref',
  create: createCrossrefSource,
  reference: (id) => `10.1234/plot.${id}`,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer({ url }, works) {
    const offset = Number(url.searchParams.get('offset'))
    const items = works.slice(offset, offset + Number(url.searchParams.get('rows'))).map(workOf)
    return { body: JSON.stringify({ status: 'ok', message: { 'total-results': works.length, items } }) }
  },
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function over(status: number, body: string) {
  const server = await startLoopback(() => ({ status, body }))
  running.push(server)
  return {
    ...server,
    options: { upstream: plainUpstream(), endpoint: server.endpoint, email: 'a@example.org' },
  }
}

describe('createCrossrefSource', () => {
  it('flags what was taken back: by its notice, by a mark on it, by its title', async () => {
    const items = [
      {
        DOI: '10.1000/notice',
        title: ['Retraction: Shade'],
        'update-to': [{ DOI: '10.1000/a', type: 'retraction' }],
      },
      { DOI: '10.1000/a', title: ['Shade'] },
      {
        DOI: '10.1000/b',
        title: ['Shade and beeches'],
        'updated-by': [{ DOI: '10.1000/x', type: 'retraction' }],
      },
      { DOI: '10.1000/c', title: ['RETRACTED ARTICLE: Shade and oaks'] },
      {
        DOI: '10.1000/d',
        title: ['Shade and elms'],
        'updated-by': [{ DOI: '10.1000/x', type: 'correction' }],
      },
    ]
    const { options } = await over(200, JSON.stringify({ message: { 'total-results': 5, items } }))
    const source = createCrossrefSource(options)
    const records = await source.fetch({
      reference: 'search',
      terms: { concepts: [{ term: 'shade', synonyms: [] }] },
    })
    expect(records.map(({ fields }) => fields.retracted ?? false)).toEqual([false, true, true, true, false])
    expect(records[3]!.fields.title).toBe('Shade and oaks')
  })

  it('says whom Crossref may write to', async () => {
    const { options, requests } = await over(200, JSON.stringify({ message: { items: [] } }))
    await createCrossrefSource(options).fetch({
      reference: 'search',
      terms: { concepts: [{ term: 'shade', synonyms: [] }] },
    })
    expect(requests[0]!.url.searchParams.get('mailto')).toBe('a@example.org')
  })
})

describe('crossrefRecord', () => {
  it('names links only where a licence opens them', () => {
    const link = [
      { URL: 'https://a.example/1.pdf', 'content-type': 'application/pdf', 'content-version': 'am' },
    ]
    const locations = (license: string) =>
      crossrefRecord(workSchema.parse({ DOI: '10.1234/a', title: ['A'], link, license: [{ URL: license }] }))!
        .locations
    expect(locations('https://www.elsevier.com/tdm/userlicense/1.0/')).toBeUndefined()
    expect(locations('http://creativecommons.org/licenses/by-nc-nd/4.0/')).toEqual([
      { url: 'https://a.example/1.pdf', version: 'accepted', license: 'cc-by-nc-nd', isPdf: true },
    ])
    expect(locations('https://creativecommons.org/publicdomain/zero/1.0/')).toMatchObject([
      { license: 'cc0' },
    ])
  })
})

describe('fetchCrossrefWork', () => {
  it('fetches one work by its DOI, whatever signs that has', async () => {
    const doi = '10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2'
    const { options, requests } = await over(200, JSON.stringify({ message: { DOI: doi, title: ['Shade'] } }))
    expect(await fetchCrossrefWork(options, doi)).toMatchObject({ key: `crossref:${doi}`, fields: { doi } })
    expect(decodeURIComponent(requests[0]!.url.pathname)).toBe(`/works/${doi}`)
  })

  it('knows nothing of a DOI that Crossref does not have', async () => {
    const { options } = await over(404, 'Resource not found.')
    expect(await fetchCrossrefWork(options, '10.1000/none')).toBeUndefined()
  })
})

describe('crossrefService', () => {
  const pause = (status: number, headers: Record<string, string>) =>
    crossrefService(true).pause!({ status, headers, body: new Uint8Array(), url: '', cached: false })

  it('keeps to a limit that its answers give, where that is stricter', () => {
    expect(pause(200, { 'x-rate-limit-limit': '1', 'x-rate-limit-interval': '1s' })).toMatchObject({
      limit: 'requests',
    })
    expect(pause(200, { 'x-rate-limit-limit': '10', 'x-rate-limit-interval': '1s' })).toBeUndefined()
    expect(pause(200, {})).toBeUndefined()
    expect(pause(429, { 'x-rate-limit-limit': '1', 'x-rate-limit-interval': '1s' })).toBeUndefined()
    expect(pause(200, { 'x-rate-limit-limit': '0', 'x-rate-limit-interval': '1s' })).toBeUndefined()
    expect(crossrefService(false)).toMatchObject({ connections: 1, limits: [{ max: 1 }] })
  })
})

describe('crossrefQuery', () => {
  it('is plain words, with kinds and years as a filter', () => {
    const concepts = [
      { term: 'time-series (AND) "data"', synonyms: ['panel data'] },
      { term: 'forecasting', synonyms: [] },
    ]
    const { text, filter } = crossrefQuery({ concepts, since: 2015, until: 2020 })
    expect(text).toBe('time-series AND data forecasting')
    expect(filter).toMatch(/^type:journal-article,.*,from-pub-date:2015,until-pub-date:2020$/)
    const long = {
      concepts: Array.from({ length: 40 }, () => ({ term: 'a rather long concept', synonyms: [] })),
    }
    expect(crossrefQuery(long).text.length).toBeLessThanOrEqual(600)
  })
})

describeWith(join(samplesFolder, 'crossref'), 'recorded works of Crossref', () => {
  it('are read', () => {
    const cassette = readFileSync(
      join(samplesFolder, 'crossref/test_workscontainer_with_cursor.yaml'),
      'utf8',
    )
    const bodies = [...cassette.matchAll(/string: !!binary \|\n((?: {8}.*\n)+)/g)].map(([, base64]) =>
      JSON.parse(gunzipSync(Buffer.from(base64!, 'base64')).toString()),
    )
    const works = bodies.flatMap(({ message }) => message.items as unknown[])
    const records = works.flatMap((work) => crossrefRecord(workSchema.parse(work)) ?? [])
    expect(records.length).toBeGreaterThanOrEqual(10)
    expect(
      records.every((record) => record.fields.doi !== undefined && record.fields.year !== undefined),
    ).toBe(true)
    expect(records[0]).toMatchObject({
      key: 'crossref:10.4061/2010/505436',
      fields: {
        title: expect.stringMatching(/^Retroperitoneal Inflammatory Liposarcoma/),
        year: 2010,
        volume: '2010',
        pages: '1-4',
        publisher: 'Hindawi Limited',
        type: 'article-journal',
        abstract: expect.stringMatching(/^Well differentiated liposarcoma .*biopsy\.$/),
      },
      locations: [{ license: 'cc-by', isPdf: true }, expect.anything()],
    })
    expect(records[0]!.fields.authors[0]).toEqual({ family: 'Lim', given: 'Cathy S.' })
  })
})
