import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diskLibrary } from '../library-files.ts'
import { filesOf, readBibtex } from './bibtex.ts'
import { readCslJson } from './csl.ts'
import { readCsv } from './csv.ts'
import { jsonErrorOffset } from './json-error.ts'
import { readCompanion } from './read-companion.ts'
import { readRis } from './ris.ts'

const readers = { readBibtex, readRis, readCslJson, readCsv }

describe('BibTeX', () => {
  it('gives fields with accents, abbreviations and identifiers', () => {
    const { entries, problems } = readBibtex(`% A comment
@string(jss = "Journal of {S}tatistical Software")
@Article{zeileis2004, title = {{E}conometric {HC} and {$\\beta$} --- M\\"uller's 5\\,\\% \\& more},
  author = {Zeileis, Achim and Gr{\\"u}n, Bettina and {R Core Team} and Jean de la Fontaine},
  journal = jss, volume = 11, number = {10}, pages = {1--17}, year = 2004, doi = {10.18637/JSS.v011.i10},
  keywords = {a; b, c}, abstract = {First.
    Second.}}
@inproceedings{x, title = "In {"}quotes{"}", booktitle = {Proc. of {X}}, date = {2010-03-04}, eprint = {1706.03762v5}}
`)
    expect(problems).toEqual([])
    expect(entries[0]).toEqual({
      name: 'zeileis2004',
      files: [],
      fields: {
        title: 'Econometric HC and β — Müller’s 5 % & more'.replace('’', "'"),
        authors: [
          { family: 'Zeileis', given: 'Achim' },
          { family: 'Grün', given: 'Bettina' },
          { family: 'R Core Team' },
          { family: 'de la Fontaine', given: 'Jean' },
        ],
        year: 2004,
        doi: '10.18637/jss.v011.i10',
        venue: 'Journal of Statistical Software',
        volume: '11',
        issue: '10',
        pages: '1-17',
        keywords: ['a', 'b, c'],
        abstract: 'First. Second.',
        type: 'article-journal',
      },
    })
    expect(entries[1]?.fields).toMatchObject({ year: 2010, arxivId: '1706.03762', venue: 'Proc. of X' })
  })

  it('reads what stands around a broken entry and names its line', () => {
    const { entries, problems } = readBibtex(
      '@misc{a, title={A}}\n\n@misc{b, title={B\n@misc{c, title={C}}\n@misc{d title}\n@misc{e, title={E}}\n@misc{f, title=',
    )
    expect(entries.map(({ name }) => name)).toEqual(['a', 'c', 'e'])
    expect(problems.map(({ line }) => line)).toEqual([3, 7, 5])
  })

  it.each([
    [':papers/x.pdf:PDF', ['papers/x.pdf']],
    [
      'Full Text PDF:files/12/A - B.pdf:application/pdf;Snapshot:files/13/x.html:text/html',
      ['files/12/A - B.pdf', 'files/13/x.html'],
    ],
    [':C\\:/Users/me/x.pdf:PDF', ['C:/Users/me/x.pdf']],
    ['/home/me/x.pdf', ['/home/me/x.pdf']],
    ['', []],
  ])('finds the files in %j', (value, files) => {
    expect(filesOf(value)).toEqual(files)
  })
})

describe('RIS', () => {
  it('gives fields, with CRLF, a byte order mark and values that go on', () => {
    const { entries, problems } = readRis(
      '\ufeffTY  - JOUR\r\nID  - k1\r\nTI  - A long\r\n      title\r\nAU  - Doe, Jane\r\nAU  - Society\r\nPY  - 2010/03//\r\nT2  - Journal X\r\n' +
        'VL  - 3\r\nIS  - 2\r\nSP  - 1\r\nEP  - 9\r\nDO  - https://doi.org/10.1234/X\r\nKW  - a, b\r\nKW  - c\r\nAB  - Abstract\r\nL1  - file:///home/me/a%20b.pdf\r\nER  - \r\n',
    )
    expect(problems).toEqual([])
    expect(entries).toEqual([
      {
        name: 'k1',
        files: ['/home/me/a b.pdf'],
        fields: {
          title: 'A long title',
          authors: [{ family: 'Doe', given: 'Jane' }, { family: 'Society' }],
          year: 2010,
          doi: '10.1234/x',
          venue: 'Journal X',
          volume: '3',
          issue: '2',
          pages: '1-9',
          abstract: 'Abstract',
          keywords: ['a, b', 'c'],
          type: 'article-journal',
        },
      },
    ])
  })

  it('names the line of what is no record', () => {
    const { entries, problems } = readRis('TY  - JOUR\nTI  - A\n\nTY  - JOUR\nAU  - Nobody\nER  - \n')
    expect(entries.map(({ fields }) => fields.title)).toEqual(['A'])
    expect(problems.map(({ line }) => line)).toEqual([1, 4])
  })
})

describe('CSL-JSON', () => {
  it('gives fields of items, alone or under `items`', () => {
    const item = {
      id: 'z1',
      type: 'article-journal',
      title: 'On <i>E. coli</i> &amp; more',
      author: [
        { family: 'Berg', given: 'Jan', 'non-dropping-particle': 'van der' },
        { literal: 'A Society' },
      ],
      issued: { 'date-parts': [['2004', 3]] },
      DOI: '10.1234/ABC',
      ISBN: '978-0-00-000000-2',
      PMID: 123,
      volume: 7,
    }
    const read = readCslJson(JSON.stringify([item]))
    expect(read).toEqual(readCslJson(JSON.stringify({ items: [item] })))
    expect(read.entries[0]?.fields).toEqual({
      title: 'On E. coli & more',
      authors: [{ family: 'van der Berg', given: 'Jan' }, { family: 'A Society' }],
      year: 2004,
      doi: '10.1234/abc',
      isbn: '9780000000002',
      pmid: '123',
      volume: '7',
      type: 'article-journal',
    })
  })

  it('leaves other JSON alone and names the line of broken JSON', () => {
    expect(readCslJson('{"name": "x", "version": "1"}')).toEqual({ entries: [], problems: [] })
    expect(readCslJson('[1, 2, {"x": null}]')).toEqual({ entries: [], problems: [] })
    expect(readCslJson('[\n{"title": "A"},\n{"title": }]').problems).toEqual([
      { line: 3, message: 'This is not valid JSON.' },
    ])
  })

  it('finds where JSON breaks wherever something is cut out of it', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, cut) => {
        const broken = json.slice(0, cut % json.length)
        const valid = (() => {
          try {
            JSON.parse(broken)
            return true
          } catch {
            return false
          }
        })()
        if (!valid) expect(jsonErrorOffset(broken)).toBeLessThanOrEqual(broken.length)
        expect(jsonErrorOffset(json)).toBe(json.length)
        expect(jsonErrorOffset(`[${json}}`)).toBe(json.length + 1)
      }),
    )
  })

  it('is not led astray by prototype keys', () => {
    const { entries } = readCslJson(
      '[{"__proto__": {"title": "x", "polluted": true}, "constructor": {"prototype": {"polluted": true}}, "title": "A"}]',
    )
    expect(entries[0]?.fields).toEqual({ title: 'A', authors: [] })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('CSV', () => {
  it("reads Zotero's export", () => {
    const { entries } = readCsv(
      '\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Abstract Note","Pages","File Attachments","Manual Tags"\n' +
        '"AB12","conferencePaper","2014","Doe, Jane; van der Berg, Jan","A ""quoted"" title, with\na line break","Proc. X","10.1234/X","Abs","1-2","/home/me/Zotero/storage/AB12/x.pdf; /y.html","a; b"\n',
    )
    expect(entries).toEqual([
      {
        name: 'AB12',
        files: ['/home/me/Zotero/storage/AB12/x.pdf', '/y.html'],
        fields: {
          title: 'A "quoted" title, with a line break',
          authors: [
            { family: 'Doe', given: 'Jane' },
            { family: 'van der Berg', given: 'Jan' },
          ],
          year: 2014,
          doi: '10.1234/x',
          venue: 'Proc. X',
          abstract: 'Abs',
          pages: '1-2',
          keywords: ['a', 'b'],
          type: 'paper-conference',
        },
      },
    ])
  })

  it('guesses headers and delimiters', () => {
    const { entries } = readCsv(
      'Paper Title;Author(s);Year;Filename\nA;Jane Doe, John Roe and Ann Poe;2001;a.pdf\n',
    )
    expect(entries[0]).toEqual({
      name: '1',
      files: ['a.pdf'],
      fields: {
        title: 'A',
        authors: [
          { family: 'Doe', given: 'Jane' },
          { family: 'Roe', given: 'John' },
          { family: 'Poe', given: 'Ann' },
        ],
        year: 2001,
      },
    })
  })

  it('leaves tables without titles alone and names the line of a row that says nothing', () => {
    expect(readCsv('x,y\n1,2\n')).toEqual({ entries: [], problems: [] })
    expect(readCsv('title,doi\nA,\n,\n').problems).toEqual([
      { line: 3, message: 'The row has neither a title nor an identifier.' },
    ])
  })
})

describe('any companion', () => {
  it.each(Object.entries(readers))('%s ends on every text without an exception', (_, read) => {
    const pieces = fc.constantFrom(
      '@',
      '{',
      '}',
      '"',
      ',',
      '=',
      '#',
      '\\',
      '\n',
      'TY  - JOUR\n',
      'ER  - \n',
      'title',
      '@misc{x,',
      '[',
      ']',
      ':',
      '__proto__',
      'é',
      '\0',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary-ascii' })), { maxLength: 40 }),
        (parts) => {
          const { entries, problems } = read(parts.join(''))
          expect(Array.isArray(entries) && Array.isArray(problems)).toBe(true)
        },
      ),
    )
  })

  it('is bounded: deep nesting, unclosed and huge entries, many broken ones', () => {
    expect(readBibtex(`@misc{x, title=${'{'.repeat(50_000)}`).problems).toHaveLength(1)
    expect(readBibtex('@misc{x,\n'.repeat(3000)).problems.length).toBeLessThanOrEqual(21)
    expect(readBibtex(`@misc{x, title={${'a'.repeat(2_000_000)}}}`).problems).toHaveLength(1)
    expect(readCslJson('['.repeat(200_000)).problems).toHaveLength(1)
    expect(
      readRis(`TY  - JOUR\nTI  - ${'x '.repeat(500_000)}\nER  - \n`).entries[0]!.fields.title.length,
    ).toBeLessThanOrEqual(20_000)
  })

  it('is read in its encoding, and not at all when it is huge or gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-companions-'))
    try {
      const path = join(folder, 'refs.bib')
      await writeFile(path, Buffer.from('@misc{x, title={Größe}}', 'latin1'))
      expect((await readCompanion(path, diskLibrary.read)).entries[0]?.fields.title).toBe('Größe')
      await writeFile(path, Buffer.from('\ufeff@misc{x, title={Größe}}', 'utf16le'))
      expect((await readCompanion(path, diskLibrary.read)).entries[0]?.fields.title).toBe('Größe')
      await truncate(path, 101 * 1024 * 1024)
      expect((await readCompanion(path, diskLibrary.read)).problems[0]?.message).toContain(
        'larger than 50 MB',
      )
      expect((await readCompanion(join(folder, 'absent.bib'), diskLibrary.read)).problems).toHaveLength(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
