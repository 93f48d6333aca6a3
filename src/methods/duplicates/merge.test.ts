import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BibliographicFields, type BibliographicRecord, paperSchema } from '../../contract/paper.ts'
import { mergeFields, paperOf } from './merge.ts'

function record(key: string, fields: Partial<BibliographicFields>, more: Partial<BibliographicRecord> = {}) {
  return {
    key,
    source: 'test',
    reference: key,
    origins: {},
    fields: { title: 'Shade and growth of beeches', authors: [], ...fields },
    ...more,
  } satisfies BibliographicRecord
}

const preprint = record('arxiv:1', {
  title: 'Shade and growth of beeches',
  year: 2013,
  arxivId: '1312.00042',
  doi: '10.48550/arxiv.1312.00042',
  venue: 'arXiv',
  type: 'article',
  abstract: 'Beeches grow slowly in the shade. We measured how slowly.',
})
const published = record('crossref:1', {
  title: 'Shade and growth of beeches',
  authors: [{ family: 'Møller', given: 'S.' }],
  year: 2015,
  doi: '10.1234/jfe.2015.017',
  venue: 'Journal of Forest Ecology',
  volume: '12',
  pages: '123-129',
  type: 'article-journal',
})

describe('mergeFields', () => {
  it('takes the publication before the preprint, and from the preprint what the publication lacks', () => {
    const { fields, provenance } = mergeFields([preprint, published])
    expect(fields).toMatchObject({
      year: 2015,
      doi: '10.1234/jfe.2015.017',
      venue: 'Journal of Forest Ecology',
      volume: '12',
      type: 'article-journal',
      arxivId: '1312.00042',
    })
    expect(fields.abstract).toMatch(/^Beeches/)
    expect(provenance).toMatchObject({ year: 'crossref:1', arxivId: 'arxiv:1', abstract: 'arxiv:1' })
  })

  it('does not mix the places of two publications', () => {
    const other = record('b', { venue: 'Acta Botanica', volume: '7', issue: '3' })
    const { fields } = mergeFields([published, other])
    expect(fields).toMatchObject({ venue: 'Journal of Forest Ecology', volume: '12' })
    expect(fields.issue).toBeUndefined()
  })

  it('prefers metadata to a guess from the page, whole to cut, names written out to initials', () => {
    const guessed = record(
      'a',
      {
        title: 'Shade and growth of beeches JOURNAL OF FOREST',
        authors: [{ family: 'Møller', given: 'Signe' }],
      },
      { origins: { title: 'pdf-text' } },
    )
    const capitals = record('b', { title: 'SHADE AND GROWTH OF BEECHES' })
    const cut = record('c', {
      title: 'Shade and growth of…',
      authors: [{ family: 'Møller' }, { family: 'et al.' }],
    })
    const { fields, provenance } = mergeFields([guessed, capitals, cut, published])
    expect(fields.title).toBe('Shade and growth of beeches')
    expect(fields.authors).toEqual([{ family: 'Møller', given: 'Signe' }])
    expect(provenance).toMatchObject({ title: 'crossref:1', authors: 'a' })
  })

  it('believes one record that says the work was retracted', () => {
    expect(mergeFields([published, record('z', { retracted: true })]).fields.retracted).toBe(true)
  })

  const anyRecords = fc
    .array(
      fc.record(
        {
          title: fc.constantFrom('Shade', 'SHADE', 'Sha…', ''),
          authors: fc.array(fc.record({ family: fc.constantFrom('Møller', 'et al') }), { maxLength: 2 }),
          year: fc.integer({ min: 2010, max: 2012 }),
          venue: fc.constantFrom('arXiv', 'Acta'),
          volume: fc.constantFrom('1', '2'),
          doi: fc.constantFrom('10.1/a', '10.48550/arxiv.1'),
          abstract: fc.string({ maxLength: 20 }),
        },
        { requiredKeys: ['title', 'authors'] },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((all) => all.map((fields, at) => record(`r${at}`, fields as Partial<BibliographicFields>)))

  it('does not depend on order, and merging again changes nothing', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const once = mergeFields(records)
        expect(mergeFields(records.toReversed())).toEqual(once)
        expect(mergeFields([record('merged', once.fields)]).fields).toEqual(once.fields)
        for (const [field, key] of Object.entries(once.provenance)) {
          const source = records.find((each) => each.key === key)
          expect(source?.fields[field as keyof BibliographicFields]).toEqual(
            once.fields[field as keyof BibliographicFields],
          )
        }
      }),
    )
  })
})

describe('paperOf', () => {
  const document = 'b'.repeat(64)

  it('has an identity that depends on the records alone', () => {
    const one = paperOf([preprint, published], ['the same title'])
    const other = paperOf([published, preprint], ['the same title'])
    expect(other).toEqual(one)
    expect(one.id).toMatch(/^p[0-9a-f]{12}$/)
    expect(paperOf([published], []).id).not.toBe(one.id)
    expect(paperSchema.parse(one)).toEqual(one)
  })

  it('takes the full text that can be read', () => {
    const broken = record(
      'a',
      {},
      { document: 'c'.repeat(64), failure: { code: 'damaged', message: 'It is damaged.' } },
    )
    const whole = record('z', {}, { document, pageCount: 7 })
    expect(paperOf([broken, whole], [])).toMatchObject({ document, pageCount: 7 })
    expect(paperOf([broken, whole], []).failure).toBeUndefined()
    expect(paperOf([broken, published], []).failure?.code).toBe('damaged')
  })

  it('has the places of all its records, and every identifier', () => {
    const pinned = { url: 'https://arxiv.org/pdf/1312.00042v2', version: 'submitted', isPdf: true } as const
    const journal = { url: 'https://jfe.example/17.pdf', version: 'published', isPdf: true } as const
    const records = [
      { ...preprint, locations: [pinned] },
      { ...published, locations: [journal, { url: 'https://arxiv.org/abs/1312.00042', isPdf: false }] },
      record('europepmc:1', { pmid: '29456894', pmcid: 'PMC5815332' }),
    ]
    const paper = paperOf(records, ['the same title'])
    expect(paper.locations).toEqual([journal, pinned])
    expect(paper.fields).toMatchObject({ pmid: '29456894', pmcid: 'PMC5815332', arxivId: '1312.00042' })
    expect(paper.provenance.pmcid).toBe('europepmc:1')
    expect(paperSchema.parse(paper)).toEqual(paper)
    expect(paperOf(records.toReversed(), ['the same title'])).toEqual(paper)
    expect(paperOf([published], []).locations).toBeUndefined()
  })

  it('gives no reasons for a single record', () => {
    expect(paperOf([published], ['the same title']).mergedBecause).toEqual([])
  })
})
