import { plugins } from '@citation-js/core'
import '@citation-js/plugin-bibtex'
import '@citation-js/plugin-ris'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BibliographicFields } from '../../contract/paper.ts'
import { toBibtex } from './bibtex.ts'
import { type CitedPaper, citationKeys } from './citation-keys.ts'
import { toCslJson } from './csl-json.ts'
import { formatReference } from './format-reference.ts'
import { toRis } from './ris.ts'

const engine: BibliographicFields = {
  title: 'The engine: 100 % of wheels & {gears}',
  authors: [
    { family: 'Lovelace', given: 'Ada' },
    { family: 'van der Berg', given: 'Jean-Pierre B.' },
    { family: 'Society of Engines and Wheels' },
  ],
  year: 1843,
  venue: 'Journal of Engines & Wheels',
  volume: '3',
  issue: '2',
  pages: '1-20',
  doi: '10.1000/a_b',
  type: 'article-journal',
}

/** What citation-js reads back, as far as both formats keep it. Left to guess, it takes an abstract with braces for BibTeX. */
function parse(text: string, forceType?: '@ris/file') {
  const options = { generateGraph: false, ...(forceType && { forceType }) }
  const items = plugins.input.chain(text, options) as Record<string, unknown>[]
  return items.map((item) => {
    const authors = (item.author as Record<string, string>[] | undefined) ?? []
    return {
      title: item.title,
      authors: authors.map(({ family, given, literal, 'non-dropping-particle': particle }) =>
        [given, particle, family ?? literal].filter(Boolean).join(' '),
      ),
      year: (item.issued as { 'date-parts': number[][] } | undefined)?.['date-parts'][0]?.[0],
      venue: item['container-title'],
      volume: item.volume,
      issue: item.issue,
      pages: item.page,
      doi: item.DOI,
      abstract: item.abstract,
    }
  })
}

function expected({ fields }: CitedPaper) {
  const { title, year, venue, volume, issue, pages, doi, abstract } = fields
  const authors = fields.authors.map(({ family, given }) => [given, family].filter(Boolean).join(' '))
  return { title, authors, year, venue, volume, issue, pages, doi, abstract }
}

/** Text of any characters, among them those that end lines somewhere. */
const anything = fc.string({
  unit: fc.constantFrom(...'aZ0 \0\t\n\r\v\u0085\u2028\u2029\u00a0{}\\%,@-é中😀'),
})

/** One line of text of any script with all characters that some format gives a meaning. */
const words = fc
  .array(
    fc.string({
      unit: fc.constantFrom(...'abzAZ09éßøŁ中ё-\'"`&%$#_{}~^\\@=.,;:()/+*!?’–'),
      minLength: 1,
      maxLength: 9,
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((list) => `w${list.join(' ')}`)
const name = fc.stringMatching(/^[A-ZÄÉŁ][a-zäéł]{1,9}(?:-[A-Z][a-z]{1,5})?$/u)
const paper: fc.Arbitrary<CitedPaper> = fc
  .record({
    id: fc.stringMatching(/^p[0-9a-f]{12}$/),
    title: words,
    authors: fc.array(fc.record({ family: name, given: name }), { minLength: 1, maxLength: 4 }),
    year: fc.integer({ min: 1500, max: 2100 }),
    venue: words,
    volume: fc.integer({ min: 1, max: 999 }).map(String),
    issue: fc.integer({ min: 1, max: 99 }).map(String),
    pages: fc.constantFrom('1-20', '117', 'e0197919'),
    doi: fc.stringMatching(/^10\.\d{4}\/[a-z0-9_.()%-]{1,12}[a-z0-9]$/),
    abstract: words,
  })
  .map(({ id, ...fields }) => ({ id, fields: { ...fields, type: 'article-journal' as const } }))

describe('formatting a reference', () => {
  it('gives authors with initials, year, title, place and DOI', () => {
    expect(formatReference(engine)).toBe(
      'Lovelace, A., van der Berg, J.-P. B., & Society of Engines and Wheels. (1843). The engine: 100 % of wheels & {gears}. ' +
        'Journal of Engines & Wheels, 3(2), 1–20. https://doi.org/10.1000/a_b',
    )
  })

  it('does with the title alone, and with an arXiv id', () => {
    expect(formatReference({ title: 'What is known?', authors: [] })).toBe('What is known? (n.d.).')
    expect(
      formatReference({ title: 'A', authors: [{ family: '张', given: '伟' }], arxivId: '2101.00001' }),
    ).toBe('张, 伟. (n.d.). A. https://arxiv.org/abs/2101.00001')
  })

  it('names twenty authors and no more, and tells of a retraction', () => {
    const authors = Array.from({ length: 25 }, (_, index) => ({ family: `F${index}`, given: 'A' }))
    const text = formatReference({ title: 'Many', authors, year: 2000, retracted: true })
    expect(text).toContain('F18, A., … F24, A. (2000). Many [Retracted].')
    expect(text).not.toContain('F19')
  })

  it('stays one line whatever the fields hold', () => {
    fc.assert(
      fc.property(anything, anything, anything, (title, family, venue) => {
        expect(formatReference({ title, authors: [{ family }], venue })).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
      }),
    )
  })
})

describe('citation keys', () => {
  it('are made of name, year and title, and told apart by letters', () => {
    const twins: CitedPaper[] = ['p3', 'p1', 'p2'].map((id) => ({ id, fields: engine }))
    const keys = citationKeys([...twins, { id: 'p0', fields: { title: 'Über «Öl»', authors: [] } }])
    expect(Object.fromEntries(keys)).toEqual({
      p1: 'lovelace1843enginea',
      p2: 'lovelace1843engineb',
      p3: 'lovelace1843enginec',
      p0: 'anonymousuber',
    })
  })

  it('are unique ASCII and do not depend on the order of the papers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(paper, { selector: ({ id }) => id, maxLength: 8 }), (papers) => {
        const keys = citationKeys(papers)
        expect(new Set(keys.values()).size).toBe(papers.length)
        for (const key of keys.values()) expect(key).toMatch(/^[a-z0-9-]+$/)
        expect(citationKeys(papers.toReversed())).toEqual(keys)
      }),
    )
  })
})

describe('exported bibliographies', () => {
  it('write BibTeX in UTF-8 with special characters escaped', () => {
    const fields = { ...engine, title: 'Größe & 5 % of $x_1$', abstract: 'First\nsecond' }
    expect(toBibtex([{ id: 'p1', fields }])).toBe(
      `@article{lovelace1843grosse,
  title = {{Größe \\& 5 \\% of \\$x\\_1\\$}},
  author = {Lovelace, Ada and van der Berg, Jean-Pierre B. and {Society of Engines and Wheels}},
  year = {1843},
  journal = {Journal of Engines \\& Wheels},
  volume = {3},
  number = {2},
  pages = {1--20},
  doi = {10.1000/a_b},
  abstract = {First second}
}
`,
    )
  })

  it('come back from BibTeX as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(paper, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
        (papers) => {
          expect(parse(toBibtex(papers))).toEqual(papers.map(expected))
        },
      ),
    )
    expect(parse(toBibtex([{ id: 'p', fields: engine }]))).toEqual([expected({ id: 'p', fields: engine })])
  })

  it('come back from RIS as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(paper, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
        (papers) => {
          expect(parse(toRis(papers), '@ris/file')).toEqual(papers.map(expected))
        },
      ),
    )
  })

  it('come back from CSL-JSON as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(paper, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
        (papers) => {
          expect(parse(JSON.stringify(toCslJson(papers)))).toEqual(papers.map(expected))
        },
      ),
    )
  })

  it('keep one record one record whatever its fields hold', () => {
    fc.assert(
      fc.property(anything, anything, anything, (title, family, abstract) => {
        const papers = [
          { id: 'p1', fields: { title: `t${title}`, authors: [{ family: `f${family}` }], abstract } },
        ]
        expect(toRis(papers).match(/^(?:TY|ER) {2}- /gm)).toHaveLength(2)
        expect(toRis(papers)).not.toMatch(/[^\r]\n|\r[^\n]/)
        expect(parse(toBibtex(papers))).toHaveLength(1)
      }),
    )
  })
})
