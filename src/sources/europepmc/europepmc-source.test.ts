import { describe, expect, it } from 'vitest'
import { plainUpstream, startLoopback } from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { europepmcRecord, resultSchema } from './europepmc-result.ts'
import { createEuropePmcSource, europepmcQuery } from './europepmc-source.ts'

const resultOf = ({ id, title, authors, year, abstract, doi, pdf }: SampleWork) => ({
  id: `${id}`,
  source: 'MED',
  pmid: `${id}`,
  doi,
  title: title && `${title}.`,
  authorList: {
    author: authors.map((name) => {
      const [firstName, ...lastName] = name.split(' ')
      return { fullName: name, firstName, lastName: lastName.join(' ') }
    }),
  },
  pubYear: year === null ? null : `${year}`,
  abstractText: abstract && `<h4>Abstract</h4>${abstract}`,
  fullTextUrlList: {
    fullTextUrl: [
      { availabilityCode: 'S', documentStyle: 'pdf', url: 'https://closed.example/secret.pdf' },
      { availabilityCode: 'F', documentStyle: 'html', url: `https://europepmc.org/articles/PMC${id}` },
      { availabilityCode: 'OA', documentStyle: 'pdf', url: pdf },
    ],
  },
})

describeLiveSource('europepmc', {
  title: 'Europe PMC',
  create: createEuropePmcSource,
  reference: (id) => `MED/${id}`,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer({ url }, works) {
    const mark = url.searchParams.get('cursorMark')!
    const from = mark === '*' ? 0 : Number(mark)
    const result = works.slice(from, from + Number(url.searchParams.get('pageSize'))).map(resultOf)
    // The last page repeats its mark.
    const nextCursorMark = result.length > 0 ? `${from + result.length}` : mark
    return { body: JSON.stringify({ hitCount: works.length, nextCursorMark, resultList: { result } }) }
  },
})

it('stops where the mark stays, though the page is full', async () => {
  const result = [1, 2, 1, 2].map((id) => ({ id: `${id}`, source: 'MED', title: `Shade ${id}` }))
  const body = JSON.stringify({ hitCount: 900, nextCursorMark: '*', resultList: { result } })
  const server = await startLoopback(() => ({ body }))
  const options = { upstream: plainUpstream(), endpoint: server.endpoint, limit: 4 }
  const terms = { concepts: [{ term: 'shade', synonyms: [] }] }
  await createEuropePmcSource(options).fetch({ reference: 'search', terms })
  expect(server.requests).toHaveLength(1)
  await server.close()
})

describe('europepmcRecord', () => {
  const base = { id: '1', source: 'MED', title: 'Shade.' }

  it('knows retracted works, bodies, and open places with PDFs first', () => {
    const record = europepmcRecord(
      resultSchema.parse({
        ...base,
        pmcid: 'PMC123',
        pubTypeList: { pubType: ['Journal Article', 'Retracted Publication'] },
        authorList: { author: [{ collectiveName: 'The Beech Group' }, { fullName: 'Møller S' }] },
        journalInfo: { volume: '12', issue: '3', journal: { title: 'Forests' } },
        license: 'cc by',
        fullTextUrlList: {
          fullTextUrl: [
            { availabilityCode: 'OA', documentStyle: 'html', url: 'https://europepmc.org/articles/PMC123' },
            {
              availabilityCode: 'OA',
              documentStyle: 'pdf',
              url: 'https://europepmc.org/articles/PMC123?pdf=render',
            },
            { availabilityCode: 'S', documentStyle: 'doi', url: 'https://doi.org/10.1234/a' },
          ],
        },
      }),
    )!
    expect(record).toMatchObject({
      key: 'europepmc:MED/1',
      fields: {
        title: 'Shade',
        authors: [{ family: 'The Beech Group' }, { family: 'Møller', given: 'S' }],
        pmcid: 'PMC123',
        venue: 'Forests',
        volume: '12',
        issue: '3',
        retracted: true,
      },
      locations: [
        { url: 'https://europepmc.org/articles/PMC123?pdf=render', license: 'cc-by', isPdf: true },
        { url: 'https://europepmc.org/articles/PMC123', isPdf: false },
      ],
    })
  })

  it('takes preprints for what they are', () => {
    expect(europepmcRecord(resultSchema.parse({ ...base, source: 'PPR' }))!.fields.type).toBe('article')
  })
})

describe('europepmcQuery', () => {
  it('asks in titles and abstracts, for years as a range', () => {
    const concepts = [
      { term: 'time series', synonyms: ['x" OR AUTH:"y'] },
      { term: 'forecasting', synonyms: [] },
    ]
    expect(europepmcQuery({ concepts, since: 2015 })).toBe(
      '((TITLE_ABS:"time series" OR TITLE_ABS:"x OR AUTH y") AND TITLE_ABS:forecasting) AND PUB_YEAR:[2015 TO 2100]',
    )
  })
})
