import { expect, it } from 'vitest'
import { findDuplicates } from '../methods/duplicates/duplicates.ts'
import { paperOf } from '../methods/duplicates/merge.ts'
import { readArxivFeed } from './arxiv/arxiv-feed.ts'
import { arxivService } from './arxiv/arxiv-source.ts'
import { crossrefRecord, workSchema as crossrefWork } from './crossref/crossref-work.ts'
import { europepmcRecord, resultSchema } from './europepmc/europepmc-result.ts'
import { openalexRecord, workSchema as openalexWork } from './openalex/openalex-work.ts'
import { paperSchema, semanticScholarRecord } from './semantic-scholar/semantic-scholar-paper.ts'

const title = 'Shade tolerance of beech seedlings under simulated drought'
const abstract =
  'Beech seedlings were grown in shade. Drought slowed their growth by a third over two seasons.'

/** One work as five services tell of it, a preprint among them, each with its own spelling and gaps. */
const records = [
  ...readArxivFeed(arxivService, {
    status: 200,
    headers: {},
    body: new TextEncoder().encode(
      `<feed><totalResults>1</totalResults><entry><id>http://arxiv.org/abs/1801.01234v3</id><title>${title}</title>
       <summary>${abstract}</summary><published>2018-01-04T00:00:00Z</published>
       <author><name>Signe M&#248;ller</name></author><author><name>Jan van der Burg</name></author></entry></feed>`,
    ),
    url: '',
    cached: false,
  }).records,
  openalexRecord(
    openalexWork.parse({
      id: 'https://openalex.org/W77',
      doi: 'https://doi.org/10.1234/JFE.2019.017',
      title,
      publication_year: 2019,
      type: 'article',
      authorships: [
        { author: { display_name: 'Signe Moller' } },
        { author: { display_name: 'J. van der Burg' } },
      ],
      primary_location: { source: { display_name: 'Journal of Forest Ecology', type: 'journal' } },
      locations: [
        { is_oa: true, pdf_url: 'http://arxiv.org/pdf/1801.01234', version: 'submittedVersion' },
        { is_oa: true, pdf_url: 'https://jfe.example/17.pdf', version: 'publishedVersion' },
      ],
    }),
  )!,
  crossrefRecord(
    crossrefWork.parse({
      DOI: '10.1234/jfe.2019.017',
      title: ['Shade Tolerance of Beech Seedlings Under Simulated Drought'],
      author: [
        { family: 'Møller', given: 'Signe' },
        { family: 'van der Burg', given: 'Jan' },
      ],
      issued: { 'date-parts': [[2019, 3]] },
      'container-title': ['Journal of Forest Ecology'],
      volume: '12',
      page: '123-129',
      type: 'journal-article',
      'updated-by': [{ DOI: '10.1234/jfe.2021.001', type: 'retraction' }],
    }),
  )!,
  semanticScholarRecord(
    paperSchema.parse({
      paperId: 'a'.repeat(40),
      title,
      year: 2018,
      authors: [{ name: 'S. Møller' }, { name: 'Jan van der Burg' }],
      externalIds: { ArXiv: '1801.01234', DOI: '10.1234/jfe.2019.017' },
    }),
  )!,
  europepmcRecord(
    resultSchema.parse({
      id: '30000001',
      source: 'MED',
      pmid: '30000001',
      pmcid: 'PMC6000001',
      title: `${title}.`,
      pubYear: '2019',
      authorList: { author: [{ fullName: 'Møller S' }, { fullName: 'van der Burg J' }] },
    }),
  )!,
]

it('records of one work from five services make one paper, field by field the best', () => {
  const { groups } = findDuplicates(records)
  expect(groups.map(({ keys }) => keys.length)).toEqual([5])
  const paper = paperOf(records, groups[0]!.because)
  expect(paper.fields).toMatchObject({
    authors: [
      { family: 'Møller', given: 'Signe' },
      { family: 'van der Burg', given: 'Jan' },
    ],
    year: 2019,
    doi: '10.1234/jfe.2019.017',
    arxivId: '1801.01234',
    pmid: '30000001',
    pmcid: 'PMC6000001',
    venue: 'Journal of Forest Ecology',
    volume: '12',
    pages: '123-129',
    abstract,
    retracted: true,
  })
  expect(paper.provenance).toMatchObject({
    abstract: 'arxiv:1801.01234',
    retracted: 'crossref:10.1234/jfe.2019.017',
    pmcid: 'europepmc:MED/30000001',
  })
  expect(paper.locations?.map(({ url }) => url)).toEqual([
    'https://jfe.example/17.pdf',
    'https://arxiv.org/pdf/1801.01234v3',
  ])
})
