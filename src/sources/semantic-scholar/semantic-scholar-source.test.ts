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
import { paperSchema, semanticScholarRecord } from './semantic-scholar-paper.ts'
import {
  createSemanticScholarFinder,
  createSemanticScholarSource,
  semanticScholarQuery,
} from './semantic-scholar-source.ts'

const idOf = (id: number) => id.toString(16).padStart(40, '0')

const paperOf = ({ id, title, authors, year, abstract, doi, pdf }: SampleWork) => ({
  paperId: idOf(id),
  title,
  abstract,
  year,
  authors: authors.map((name) => ({ authorId: null, name })),
  externalIds: { DOI: doi, CorpusId: id },
  openAccessPdf: pdf && { url: pdf, status: 'GREEN', license: 'CCBY' },
  journal: null,
  publicationTypes: null,
})

describeLiveSource('semanticscholar', {
  title: 'Semantic Scholar',
  create: createSemanticScholarSource,
  reference: idOf,
  requestsForHundred: 1,
  knows: { pdf: true, doi: true },
  answer({ url }, works) {
    const offset = Number(url.searchParams.get('offset'))
    const data = works.slice(offset, offset + Number(url.searchParams.get('limit'))).map(paperOf)
    // It leaves the list out when there is nothing.
    const found = data.length > 0 ? { total: works.length, offset, data } : { total: 0, offset }
    return { body: JSON.stringify(found) }
  },
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function over(respond: (request: SeenRequest) => LoopbackAnswer) {
  const server = await startLoopback(respond)
  running.push(server)
  return { ...server, options: { upstream: plainUpstream(), endpoint: server.endpoint, apiKey: 'k-1' } }
}
const bare = (id: number) => ({ paperId: idOf(id), title: `Work ${id}` })

describe('createSemanticScholarSource', () => {
  it('follows references and citing works', async () => {
    const { options, requests } = await over(({ url }) => ({
      body: JSON.stringify({
        data: url.pathname.endsWith('/references')
          ? [
              { citedPaper: bare(1) },
              { citedPaper: { paperId: null, title: 'Unknown there' } },
              { citedPaper: bare(2) },
            ]
          : [{ citingPaper: bare(3) }],
      }),
    }))
    const source = createSemanticScholarSource(options)
    const paper = { title: 'Shade', authors: [], arxivId: '1706.03762' }
    const backward = await source.chase!(paper, 'backward', 10)
    expect(backward.map(({ reference, foundBy }) => [reference, foundBy])).toEqual([
      [idOf(1), 'backward'],
      [idOf(2), 'backward'],
    ])
    expect((await source.chase!(paper, 'forward', 10)).map(({ foundBy }) => foundBy)).toEqual(['forward'])
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      '/graph/v1/paper/ARXIV:1706.03762/references',
      '/graph/v1/paper/ARXIV:1706.03762/citations',
    ])
    expect(requests.every(({ headers }) => headers['x-api-key'] === 'k-1')).toBe(true)
  })

  it('follows nothing where the publisher hides it, or the work is unknown', async () => {
    const hidden = await over(() => ({ body: '{"data": null}' }))
    const paper = { title: 'Shade', authors: [], doi: '10.1/a' }
    expect(await createSemanticScholarSource(hidden.options).chase!(paper, 'backward', 10)).toEqual([])
    const unknown = await over(() => ({ status: 404, body: '{"error":"Paper not found"}' }))
    expect(await createSemanticScholarSource(unknown.options).chase!(paper, 'forward', 10)).toEqual([])
  })

  it('finds an open PDF, and tells a resolver from a file', async () => {
    const answers = ['https://a.example/1.pdf', 'https://doi.org/10.1/a', '']
    const { options } = await over(() => ({
      body: JSON.stringify({ openAccessPdf: { url: answers.shift() } }),
    }))
    const finder = createSemanticScholarFinder(options)
    const paper = { title: 'Shade', authors: [], doi: '10.1/a' }
    expect(await finder.find(paper)).toEqual([{ url: 'https://a.example/1.pdf', isPdf: true }])
    expect(await finder.find(paper)).toEqual([{ url: 'https://doi.org/10.1/a', isPdf: false }])
    expect(await finder.find(paper)).toEqual([])
    expect(await finder.find({ title: 'Shade', authors: [] })).toEqual([])
  })
})

describe('semanticScholarQuery', () => {
  it('is plain words without hyphens, with the years as a range', () => {
    const concepts = [
      { term: 'time-series', synonyms: ['panel data'] },
      { term: 'forecasting', synonyms: [] },
    ]
    expect(semanticScholarQuery({ concepts, since: 2015 })).toEqual({
      query: 'time series forecasting',
      year: '2015-',
    })
    expect(semanticScholarQuery({ concepts })).toMatchObject({ year: '' })
  })
})

describeWith(join(samplesFolder, 'semanticscholar'), 'recorded papers of Semantic Scholar', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(samplesFolder, 'semanticscholar', name), 'utf8'))

  it('are read', () => {
    const paper = read('Paper.trimmed.json')
    expect(semanticScholarRecord(paperSchema.parse(paper))).toMatchObject({
      key: `semanticscholar:${paper.paperId}`,
      fields: {
        title: 'Computing Machinery and Intelligence',
        authors: [{ family: 'Turing', given: 'A.' }],
        year: 1950,
        doi: '10.1093/mind/lix.236.433',
        venue: 'Mind',
        volume: 'LIX',
        pages: '433-460',
        type: 'article-journal',
      },
    })
    for (const reference of paper.references) {
      expect(semanticScholarRecord(paperSchema.parse(reference))?.fields.title).not.toBe('')
    }
    expect(semanticScholarRecord(paperSchema.parse(read('PaperWithNullValues.json')))).toBeUndefined()
  })
})
