import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typeset } from '../../../test/support/typeset.ts'
import type { Plan } from '../../contract/plan.ts'
import { createReader } from '../../documents/reader.ts'
import { describeSource } from '../source.conformance.ts'
import { createLibrarySource } from './library-source.ts'

const plan: Plan = {
  question: 'What is known?',
  researchQuestions: ['What is known?'],
  inclusion: [],
  exclusion: [],
  concepts: [{ term: 'knowledge', synonyms: [] }],
  sources: [{ source: 'library', query: '' }],
}

const prose = 'and this sentence goes on for a while so that the page has some text of the usual size in it.'

/** A paper with a title, two authors and, where given, a DOI. */
function paper(title: string, doi?: string): Buffer {
  return typeset([
    [
      { text: title, x: 100, y: 700, size: 17, font: 'bold' },
      { text: 'Ada Lovelace, Charles Babbage', x: 100, y: 670, size: 12 },
      { text: 'Analytical Society, Cambridge', x: 100, y: 655, size: 9 },
      ...(doi ? [{ text: `DOI: ${doi}`, x: 100, y: 40, size: 8 }] : []),
      ...Array.from({ length: 12 }, (_, line) => ({
        text: `The line ${line} ${prose}`,
        x: 72,
        y: 560 - line * 14,
        size: 10,
      })),
    ],
  ])
}

const reader = createReader({ threads: 1 })
let reads: string[] = []
const readDocument = (path: string, signal?: AbortSignal) => {
  reads.push(path)
  return reader.read(path, signal)
}
let folder: string

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

async function library(...names: string[]) {
  const source = createLibrarySource({ folders: names.map((name) => join(folder, name)), readDocument })
  const items = await source.list(plan)
  const records = (await Promise.all(items.map((item) => source.fetch(item)))).flat()
  return { source, items, records, byReference: new Map(records.map((record) => [record.reference, record])) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-library-'))
  await put('plain/b.pdf', paper('On the second engine of many wheels'))
  await put('plain/a/deep/er/paper.PDF', paper('On the first engine of many wheels', '10.1234/engine.1'))
  await put('plain/a/no-ending', paper('On an engine without a name'))
  await put('plain/a/notes.txt', '%PDF-1.4 is how a PDF begins')
  await put('plain/B.pdf', 'no PDF at all')
  await put('plain/empty.pdf', '')
  await put('plain/.hidden/x.pdf', paper('Hidden'))
  await put('plain/.x.pdf', paper('Hidden'))
  await put('plain/node_modules/x.pdf', paper('Foreign'))
  await put('outside/secret.pdf', paper('Not of this library'))
  await symlink(join(folder, 'plain'), join(folder, 'plain/a/loop'))
  await symlink(join(folder, 'outside/secret.pdf'), join(folder, 'plain/link.pdf'))
  await symlink(join(folder, 'outside'), join(folder, 'plain/elsewhere'))
  await symlink(join(folder, 'nowhere.pdf'), join(folder, 'plain/broken.pdf'))

  await put('zotero/library.bib', zoteroBib)
  await put('zotero/files/12/Lovelace - Engine.pdf', paper('A wrong title on the page of this paper'))
  await put('zotero/loose/by-doi.pdf', paper('Whatever the page says here', '10.5555/by.doi'))
  await put('zotero/loose/by-title.pdf', paper('Wheels that turn by themselves'))
  await put('zotero/loose/2101.00001v2.pdf', paper('A page whose title differs'))
  await put('zotero/scan.pdf', 'not a PDF')
})

const zoteroBib = `@string{soc = "Society of Engines"}
@article{engine, title = {The {Analytical} Engine: \\"Uber R\\"ader}, author = {Lovelace, Ada and van der Berg, Jan},
  year = {1843}, journal = soc, volume = 3, pages = {1--20}, file = {Full Text:files/12/Lovelace - Engine.pdf:application/pdf}}
@article{bydoi, title = {Found by its DOI}, doi = {https://doi.org/10.5555/BY.DOI}, year = 1999}
@article{broken, title = {never closed,
@article{bytitle, title = {Wheels that turn by themselves}, year = 2001}
@misc{byarxiv, title = {Found by its arXiv id}, eprint = {2101.00001}, archivePrefix = {arXiv}}
@book{nopdf, title = {A book without a file}, author = {{Society of Engines}}, isbn = {978-0-00-000000-2}}
@article{scan, title = {A scan that cannot be read}, file = {:scan.pdf:PDF}}
`

afterAll(async () => {
  await reader.close()
  await rm(folder, { recursive: true, force: true })
})

describeSource('library', {
  create: async () =>
    createLibrarySource({ folders: [join(folder, 'plain'), join(folder, 'zotero')], readDocument }),
  plan,
})

describe('a folder of PDFs', () => {
  it('is walked in code point order, without hidden and foreign folders and without following links', async () => {
    const { items } = await library('plain')
    expect(items.map(({ reference, kind }) => [reference, kind])).toEqual([
      ['B.pdf', 'document'],
      ['a/deep/er/paper.PDF', 'document'],
      ['a/no-ending', 'document'],
      ['b.pdf', 'document'],
      ['broken.pdf', 'failure'],
      ['elsewhere', 'failure'],
      ['empty.pdf', 'document'],
      ['link.pdf', 'failure'],
    ])
  })

  it('reads nothing to list what has no companion', async () => {
    reads = []
    const source = createLibrarySource({ folders: [join(folder, 'plain')], readDocument })
    await source.list(plan)
    expect(reads).toEqual([])
  })

  it('gives each paper its fields, its document and where they were read', async () => {
    const { byReference } = await library('plain')
    const record = byReference.get('a/deep/er/paper.PDF')
    expect(record).toMatchObject({
      key: 'library:a/deep/er/paper.PDF',
      fields: {
        title: 'On the first engine of many wheels',
        authors: [
          { family: 'Lovelace', given: 'Ada' },
          { family: 'Babbage', given: 'Charles' },
        ],
        doi: '10.1234/engine.1',
      },
      origins: { title: 'pdf-text', doi: 'pdf-text' },
      pageCount: 1,
    })
    expect(record?.document).toMatch(/^[0-9a-f]{64}$/)
  })

  it('says of each file that cannot be used what is wrong, under a title a person recognises', async () => {
    const { byReference } = await library('plain')
    expect(byReference.get('B.pdf')).toMatchObject({ fields: { title: 'B' }, failure: { code: 'not_a_pdf' } })
    expect(byReference.get('empty.pdf')?.failure?.code).toBe('not_a_pdf')
    expect(byReference.get('link.pdf')?.failure?.message).toContain('leads out of the library')
    expect(byReference.get('broken.pdf')?.failure?.message).toContain('leads nowhere')
  })
})

describe('a folder with a companion', () => {
  it('joins entries with their PDFs by file, DOI, arXiv id and title', async () => {
    const { byReference } = await library('zotero')
    expect(byReference.get('files/12/Lovelace - Engine.pdf')).toMatchObject({
      fields: {
        title: 'The Analytical Engine: Über Räder',
        authors: [
          { family: 'Lovelace', given: 'Ada' },
          { family: 'van der Berg', given: 'Jan' },
        ],
        year: 1843,
        venue: 'Society of Engines',
        pages: '1-20',
      },
      origins: { title: 'companion', year: 'companion' },
      pageCount: 1,
    })
    expect(byReference.get('loose/by-doi.pdf')?.fields).toMatchObject({
      title: 'Found by its DOI',
      year: 1999,
    })
    expect(byReference.get('loose/by-title.pdf')?.fields.year).toBe(2001)
    expect(byReference.get('loose/2101.00001v2.pdf')?.fields.title).toBe('Found by its arXiv id')
  })

  it('keeps an entry without a PDF as a record without a document', async () => {
    const { byReference } = await library('zotero')
    const record = byReference.get('library.bib#nopdf')
    expect(record?.fields.authors).toEqual([{ family: 'Society of Engines' }])
    expect(record?.document).toBeUndefined()
    expect(record?.failure).toBeUndefined()
  })

  it('names file and line of an entry that cannot be read, and reads the others', async () => {
    const { byReference } = await library('zotero')
    expect(byReference.get('library.bib')?.failure?.message).toMatch(/^library\.bib: Line 5: .*@article/)
  })

  it('keeps what is known of a paper whose file cannot be read', async () => {
    const { byReference } = await library('zotero')
    expect(byReference.get('scan.pdf')).toMatchObject({
      fields: { title: 'A scan that cannot be read' },
      failure: { code: 'not_a_pdf' },
    })
  })

  it('reads no PDF to list when every entry names its file', async () => {
    await put('named/refs.bib', '@misc{x, title={A paper}, file={:p.pdf:PDF}}')
    await put('named/p.pdf', paper('A paper'))
    await put('named/q.pdf', paper('Another paper'))
    reads = []
    const source = createLibrarySource({ folders: [join(folder, 'named')], readDocument })
    expect(await source.list(plan)).toHaveLength(2)
    expect(reads).toEqual([])
  })
})

describe('several folders', () => {
  it('keeps their references apart, also when they have one name or lie in each other', async () => {
    await put('one/papers/x.pdf', paper('Of the first folder'))
    await put('two/papers/x.pdf', paper('Of the second folder'))
    const { items } = await library('one/papers', 'two/papers', 'two/papers')
    expect(items.map(({ reference }) => reference)).toEqual(['papers-2/x.pdf', 'papers/x.pdf'])
    expect((await library('one', 'one/papers')).items.map(({ reference }) => reference)).toEqual([
      'papers/x.pdf',
    ])
  })

  it('must be there', async () => {
    await expect(library('absent')).rejects.toMatchObject({ code: 'not_found' })
    await expect(library('plain/b.pdf')).rejects.toMatchObject({ code: 'invalid_input' })
    expect(() => createLibrarySource({ folders: [], readDocument })).toThrow('No folder')
  })

  it('are not left by a reference that climbs', async () => {
    const { source } = await library('plain')
    const item = { reference: '../outside/secret.pdf', kind: 'document' as const }
    await expect(source.fetch(item)).rejects.toMatchObject({ code: 'not_found' })
  })
})
