import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureDuplicates } from '../../../bench/quality/duplicates.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { findDuplicates } from './duplicates.ts'

const beeches: BibliographicFields = {
  title: 'Trees that grow in the shade: carbon allocation of understorey beeches',
  authors: [
    { family: 'Møller', given: 'Signe' },
    { family: 'Ochoa', given: 'Luis' },
  ],
  year: 2015,
  doi: '10.1234/jfe.2015.017',
  venue: 'Journal of Forest Ecology',
  volume: '12',
  pages: '123-129',
}

function record(key: string, fields: Partial<BibliographicFields>, more: Partial<BibliographicRecord> = {}) {
  return {
    key,
    source: 'test',
    reference: key,
    origins: {},
    fields: { title: 'Untitled', authors: [], ...fields },
    ...more,
  } satisfies BibliographicRecord
}

function areOne(a: Partial<BibliographicFields>, b: Partial<BibliographicFields>): boolean {
  return findDuplicates([record('a', a), record('b', b)]).groups.length === 1
}

const { doi: _doi, ...withoutDoi } = beeches
const bare = { title: beeches.title, authors: beeches.authors, year: 2015 }

describe('one work', () => {
  it.each<[string, Partial<BibliographicFields>]>([
    ['the same record', beeches],
    ['no identifiers', withoutDoi],
    ['title, authors and year alone', bare],
    ['capitals', { ...withoutDoi, title: beeches.title.toUpperCase() }],
    [
      'HTML and entities',
      {
        ...withoutDoi,
        title: 'Trees that grow in the shade&#58; <i>carbon</i> allocation of understorey beeches',
      },
    ],
    ['another hyphenation', { ...withoutDoi, title: beeches.title.replace('understorey', 'under-storey') }],
    ['a slip in the title', { ...withoutDoi, title: beeches.title.replace('allocation', 'alocation') }],
    ['another spelling', { ...withoutDoi, title: beeches.title.replace('understorey', 'understory') }],
    ['a title cut short', { ...withoutDoi, title: 'Trees that grow in the shade: carbon allo…' }],
    ['the subtitle left out', { ...withoutDoi, title: 'Trees that grow in the shade' }],
    [
      'initials',
      {
        ...withoutDoi,
        authors: [
          { family: 'Moller', given: 'S.' },
          { family: 'Ochoa', given: 'L.' },
        ],
      },
    ],
    [
      '"et al" for the other authors',
      { ...withoutDoi, authors: [{ family: 'Møller', given: 'S' }, { family: 'et al.' }] },
    ],
    ['names run together', { ...withoutDoi, authors: [{ family: 'Moller S.Ochoa L.' }] }],
    [
      'family and given names exchanged',
      {
        ...withoutDoi,
        authors: [
          { family: 'Signe', given: 'Møller' },
          { family: 'Luis', given: 'Ochoa' },
        ],
      },
    ],
    ['no authors', { ...withoutDoi, authors: [] }],
    ['an abbreviated page range', { ...withoutDoi, pages: '123-9' }],
    ['a start page', { ...withoutDoi, pages: 'pp. 123' }],
    ['an abbreviated journal', { ...withoutDoi, venue: 'J. For. Ecol.' }],
    ['the year of the online version', { ...withoutDoi, year: 2014 }],
    ['brackets around a translated title', { ...withoutDoi, title: `[${beeches.title}].` }],
    ['a language after the title', { ...withoutDoi, title: `${beeches.title}. [Norwegian]` }],
    ['the number of a conference abstract', { ...withoutDoi, title: `Abstract 1432: ${beeches.title}` }],
    ['a retraction mark', { ...withoutDoi, title: `RETRACTED: ${beeches.title}` }],
    [
      'an arXiv preprint of the year before',
      { ...bare, year: 2013, arxivId: '1312.00042', doi: '10.48550/arxiv.1312.00042', venue: 'arXiv' },
    ],
    ['a DOI with its resolver', { ...beeches, doi: 'https://doi.org/10.1234/JFE.2015.017', pages: '1-7' }],
    [
      'a title in the original language under the same DOI and pages',
      { ...beeches, title: 'Bäume, die im Schatten wachsen' },
    ],
  ])('%s', (_, other) => {
    expect(areOne(beeches, other)).toBe(true)
  })

  it('spells Greek letters and subscripts out', () => {
    const title = 'Tumour necrosis factor-α and K<sub>Ca</sub>3.1 channels in vascular muscle'
    const other = 'Tumour necrosis factor-alpha and KCa3.1 channels in vascular muscle'
    expect(areOne({ ...bare, title }, { ...bare, title: other })).toBe(true)
  })

  it('believes the hash of the document whatever the fields say', () => {
    const document = 'a'.repeat(64)
    const records = [record('a', { title: 'scan0001' }, { document }), record('b', beeches, { document })]
    expect(findDuplicates(records).groups).toEqual([{ keys: ['a', 'b'], because: ['the same document'] }])
  })

  it('says why', () => {
    const { groups } = findDuplicates([record('a', beeches), record('b', beeches)])
    expect(groups[0]?.because).toEqual([
      'the same DOI 10.1234/jfe.2015.017',
      'the same authors',
      'the same pages',
      'the same title',
    ])
  })
})

describe('two works', () => {
  const part = (number: string) => ({ ...withoutDoi, title: `A theory of forest carbon. Part ${number}` })
  it.each<[string, Partial<BibliographicFields>, Partial<BibliographicFields>]>([
    ['parts of a series', part('I'), part('II')],
    ['parts in different numerals', part('1'), part('II')],
    [
      'phases of a trial',
      { ...bare, title: 'A phase 2 trial of shade in beeches' },
      { ...bare, title: 'A phase 3 trial of shade in beeches' },
    ],
    [
      'a numbered sequel',
      { ...bare, title: 'Carbon allocation of beeches' },
      { ...bare, title: 'Carbon allocation of beeches II' },
    ],
    ['a reply', beeches, { ...beeches, title: `Reply to: ${beeches.title}`, pages: '301-302' }],
    ["an author's reply at the end", beeches, { ...beeches, title: `${beeches.title}: authors' reply` }],
    [
      'a comment',
      beeches,
      { ...beeches, title: `Comment on "${beeches.title}"`, authors: [{ family: 'Berg' }] },
    ],
    ['an erratum', beeches, { ...beeches, title: `Erratum: ${beeches.title}` }],
    ['a correction of the same DOI', beeches, { ...beeches, title: `Correction to: ${beeches.title}` }],
    ['a retraction notice', beeches, { ...beeches, title: `Retraction notice to "${beeches.title}"` }],
    [
      'an annual report',
      { title: 'Annual report of the forest service', authors: [{ family: 'Forest Service' }], year: 2014 },
      { title: 'Annual report of the forest service', authors: [{ family: 'Forest Service' }], year: 2015 },
    ],
    [
      'guidelines of two years',
      { ...beeches, title: 'Standards of care in forest management', volume: '38', year: 2015 },
      {
        ...withoutDoi,
        title: 'Standards of care in forest management',
        volume: '39',
        year: 2016,
        pages: '1-20',
      },
    ],
    [
      'editorials',
      { title: 'Editorial', authors: [{ family: 'Berg' }], year: 2015 },
      { title: 'Editorial', authors: [{ family: 'Berg' }], year: 2015 },
    ],
    ['other authors', bare, { ...bare, authors: [{ family: 'Berg' }, { family: 'Quist' }], year: 2003 }],
    [
      'one word exchanged',
      { ...withoutDoi, title: 'Shade and growth in young beeches' },
      { ...withoutDoi, title: 'Shade and growth in young spruces', pages: '140-149' },
    ],
    [
      'opposites',
      { ...bare, title: 'Treatment of hypertension in adult patients' },
      { ...bare, title: 'Treatment of hypotension in adult patients' },
    ],
    [
      'one talk printed in two journals',
      beeches,
      { ...beeches, doi: '10.9/x', venue: 'Acta Botanica', volume: '77', pages: 'S12' },
    ],
    [
      'books in two editions',
      { ...bare, title: 'Forest ecology handbook of methods', year: 1998 },
      { ...bare, title: 'Forest ecology handbook of methods', year: 2012 },
    ],
  ])('%s', (_, a, b) => {
    expect(areOne(a, b)).toBe(false)
    expect(areOne(b, a)).toBe(false)
  })

  it('keeps the abstracts of a supplement apart that share one DOI', () => {
    const subjects = [
      'beech seedlings',
      'oak roots',
      'pine needles',
      'soil fungi',
      'bark beetles',
      'leaf litter',
    ]
    const records = Array.from({ length: 300 }, (_, at) =>
      record(`s${at}`, {
        title: `Carbon in ${subjects[at % 6]} under treatment ${String.fromCharCode(97 + (at % 26))}${at}`,
        authors: [{ family: 'Møller' }, { family: `Name${at}` }],
        year: 2015,
        doi: '10.1234/supplement',
        venue: 'Journal of Forest Ecology',
        volume: '12',
        pages: `S${at + 1}`,
      }),
    )
    expect(findDuplicates(records).groups).toHaveLength(300)
  })

  it('does not chain two works through a record that resembles both', () => {
    const a = { ...beeches, abstract: sentence('a'), pages: '1-9' }
    const b = { ...beeches, abstract: sentence('b'), pages: '51-60', doi: '10.1234/other' }
    const { groups } = findDuplicates([record('a', a), record('b', b), record('c', bare)])
    expect(groups).toHaveLength(2)
  })
})

/** An abstract of sixty words that shares none with another letter's. */
function sentence(letter: string): string {
  return Array.from({ length: 60 }, (_, at) => `${letter}word${at}`).join(' ')
}

const wildFields = fc.record(
  {
    title: fc.oneof(
      fc.constantFrom('Shade', beeches.title, 'Part II', '[Title].', ''),
      fc.string({ unit: 'binary', maxLength: 80 }),
    ),
    authors: fc.array(fc.record({ family: fc.constantFrom('Møller', 'Ochoa', 'et al', '') }), {
      maxLength: 3,
    }),
    year: fc.integer({ min: 2010, max: 2013 }),
    doi: fc.constantFrom('10.1/a', '10.1/b', 'nonsense'),
    pages: fc.constantFrom('1-9', 'S3', '11-Sep', '-'),
    volume: fc.constantFrom('1', '1)', 'Pt 2'),
    venue: fc.constantFrom('PNAS', 'Cell', ''),
    abstract: fc.constantFrom(sentence('a'), sentence('b')),
  },
  { requiredKeys: ['title', 'authors'] },
)
const wildRecords = fc
  .array(wildFields, { maxLength: 12 })
  .map((all) => all.map((fields, at) => record(`r${at}`, fields as Partial<BibliographicFields>)))

describe('properties', () => {
  it('puts every record into one group, whatever the order', () => {
    fc.assert(
      fc.property(
        wildRecords.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const { groups } = findDuplicates(all)
          expect(findDuplicates(shuffled).groups).toEqual(groups)
          expect(groups.flatMap(({ keys }) => keys).toSorted()).toEqual(all.map(({ key }) => key).toSorted())
          for (const { keys, because } of groups) expect(because.length > 0).toBe(keys.length > 1)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('hostile records', () => {
  it.each([
    ['a megabyte of title', 'long '.repeat(200_000)],
    ['a megabyte without spaces', 'x'.repeat(1_000_000)],
    ['control characters', '\u0000\u0001\u001b[31m\u202e'.repeat(1_000)],
    ['open brackets and entities', '[<&(${\\'.repeat(100_000)],
    ['out-of-range entities', '&#x110000; &#99999999; &#0; &bogus;'],
    ['lone surrogates', '\ud800\udc00\ud800'],
  ])('survives %s', (_, text) => {
    const fields = {
      title: text,
      authors: [{ family: text }],
      abstract: text,
      venue: text,
      pages: text,
      volume: text,
      doi: text,
      isbn: text,
      pmid: text,
      arxivId: text,
    }
    const records = Array.from({ length: 20 }, (_, at) => record(`h${at}`, fields))
    expect(findDuplicates([...records, record('z', beeches)]).groups.at(-1)?.keys).toEqual(['z'])
  })

  it('survives ten thousand records with one title and one DOI', () => {
    const records = Array.from({ length: 10_000 }, (_, at) =>
      record(`k${at}`, {
        title: 'Abstracts',
        authors: [{ family: `Name${at}` }],
        doi: '10.1/all',
        year: 2000,
      }),
    )
    expect(findDuplicates(records).groups.length).toBeGreaterThan(0)
  })
})

describeWith(labelledSetsFolder, 'labelled records', () => {
  it('finds nearly all duplicates and merges nearly no other records', async () => {
    for (const { set, metric, value } of await measureDuplicates(labelledSetsFolder)) {
      expect(value, `${metric} on ${set}`).toBeGreaterThanOrEqual(set.includes(',') ? 0.99 : 0.995)
    }
  })
})
