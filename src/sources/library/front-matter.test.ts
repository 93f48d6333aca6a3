import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { measureMetadata } from '../../../bench/quality/metadata.ts'
import { describeWith, labelledSetsFolder, papersFolder } from '../../../test/support/corpora.ts'
import { line, paragraph, type TypesetLine, typeset } from '../../../test/support/typeset.ts'
import { packBoxes } from '../../documents/boxes.ts'
import { createReader } from '../../documents/reader.ts'
import { fullName } from '../../methods/references/person-names.ts'
import { readFrontMatter } from './front-matter.ts'

const reader = createReader({ threads: 1 })
afterAll(() => reader.close())

async function read(lines: TypesetLine[], info: Record<string, string> = {}, name = 'paper.pdf') {
  const pdf = typeset([lines, [line(72, 700, 'A second page with its own words')]], info)
  const outcome = await reader.read(new Uint8Array(pdf))
  if (!outcome.ok) throw new Error(outcome.failure.message)
  const { fields, origins } = readFrontMatter(outcome.document, name)
  return { ...fields, authors: fields.authors.map(fullName), origins }
}

describe('the front matter of a paper', () => {
  it('of a preprint server: the date of posting, not that of the data', async () => {
    expect(
      await read([
        line(
          40,
          770,
          'bioRxiv preprint doi: https://doi.org/10.1101/2020.03.04.123456; this version posted March 5, 2020. The copyright',
          { size: 7 },
        ),
        line(
          40,
          762,
          'holder for this preprint is the author. It is made available under a CC-BY 4.0 license.',
          { size: 7 },
        ),
        line(72, 700, 'Wheels in the data of 1998', { size: 16, font: 'bold' }),
        line(72, 670, 'Ada Lovelace^{1}, Charles Babbage^{1}', { size: 11 }),
        line(72, 640, 'Abstract', { size: 12, font: 'bold' }),
        ...paragraph(72, 620, 30),
      ]),
    ).toMatchObject({ title: 'Wheels in the data of 1998', year: 2020, doi: '10.1101/2020.03.04.123456' })
  })

  it('behind the cover of an archive', async () => {
    const pdf = typeset([
      [
        line(72, 720, 'Society of Wheels', { size: 12 }),
        line(72, 690, 'On the Turning of Wheels', { size: 14 }),
        line(72, 670, 'Author(s): Ada Lovelace and Charles Babbage'),
        line(72, 655, 'Source: Journal of Wheels, Vol. 12, No. 3 (Sep., 1983), pp. 1-20'),
        line(
          72,
          400,
          'Your use of the JSTOR archive indicates your acceptance of the Terms & Conditions of Use',
        ),
      ],
      [
        line(150, 700, 'ON THE TURNING OF WHEELS', { size: 14 }),
        line(220, 670, 'BY ADA LOVELACE AND CHARLES BABBAGE', { size: 9 }),
        ...paragraph(72, 620, 30, {}, 'Wheels turn since 1750. '),
      ],
    ])
    const outcome = await reader.read(new Uint8Array(pdf))
    expect(outcome.ok && readFrontMatter(outcome.document, 'x.pdf').fields).toMatchObject({
      title: 'ON THE TURNING OF WHEELS',
      authors: [
        { family: 'Lovelace', given: 'Ada' },
        { family: 'Babbage', given: 'Charles' },
      ],
      year: 1983,
    })
  })

  it('in one size of print, where the file names the title that the page has', async () => {
    expect(
      await read(
        [
          line(72, 740, 'Running head: WHEELS', { size: 12 }),
          line(200, 600, 'Wheels in the mind of the engineer', { size: 12 }),
          line(250, 576, 'Ada Lovelace', { size: 12 }),
          line(230, 552, 'University of Turin', { size: 12 }),
          ...paragraph(72, 400, 14, { size: 12 }),
        ],
        { Title: 'Wheels in the mind of the engineer' },
      ),
    ).toMatchObject({ title: 'Wheels in the mind of the engineer', authors: ['Ada Lovelace'] })
  })

  it('of a working paper in one size of print', async () => {
    expect(
      await read([
        line(200, 720, 'NBER WORKING PAPER SERIES', { size: 12 }),
        line(150, 660, 'WHEELS AND THE WEALTH OF NATIONS', { size: 12 }),
        line(250, 620, 'Ada Lovelace', { size: 12 }),
        line(245, 606, 'Charles Babbage', { size: 12 }),
        line(245, 570, 'Working Paper 12345', { size: 12 }),
        line(190, 556, 'http://www.nber.org/papers/w12345', { size: 12 }),
        line(160, 500, 'NATIONAL BUREAU OF ECONOMIC RESEARCH', { size: 12 }),
        line(200, 486, '1050 Massachusetts Avenue', { size: 12 }),
        line(210, 472, 'Cambridge, MA 02138', { size: 12 }),
        line(260, 458, 'June 2015', { size: 12 }),
        ...paragraph(72, 380, 14, { size: 12 }, 'We thank all those who '),
      ]),
    ).toMatchObject({
      title: 'WHEELS AND THE WEALTH OF NATIONS',
      authors: ['Ada Lovelace', 'Charles Babbage'],
      year: 2015,
    })
  })

  it('of a body, which is one author with one name', async () => {
    const page = (author: string) => [
      line(72, 700, 'Wheels within groups and rings', { size: 16, font: 'bold' }),
      line(72, 670, author, { size: 11 }),
      line(72, 630, 'Abstract', { font: 'bold' }),
      ...paragraph(72, 615, 6),
    ]
    const expected = { title: 'Wheels within groups and rings', authors: ['GAP Developers'] }
    expect(await read(page('The GAP Developers'))).toMatchObject(expected)
    expect(await read(page('The GAP Developers'), { Author: 'The GAP Developers' })).toMatchObject(expected)
    expect(await read(page('The GAP Group'), { Author: 'The GAP Group' })).toMatchObject({
      authors: ['GAP Group'],
    })
    expect((await read(page('The GAP Group'))).authors).toEqual([])
  })

  it('with an abstract whose first line wide spaces part', async () => {
    const { abstract } = await read([
      line(72, 700, 'Wheels within wheels', { size: 16, font: 'bold' }),
      line(72, 670, 'Ada Lovelace', { size: 11 }),
      line(270, 630, 'Abstract', { font: 'bold' }),
      line(72, 615, 'A folder of'),
      line(130, 615, 'papers'),
      line(172, 615, 'is a source that every researcher has,'),
      line(350, 615, 'and'),
      line(376, 615, 'it is full'),
      line(72, 602, 'of wheels of all kinds, each with a name that says little of what it is, a'),
      line(72, 589, 'keyword or an identifier, and with nothing else to tell it from the others.'),
      line(72, 550, '1 Introduction', { font: 'bold' }),
    ])
    expect(abstract).toMatch(/^A folder of papers is a source .* and it is full of wheels .* the others\.$/)
  })

  it('falls back to the embedded metadata, then to the name of the file', async () => {
    const scan = [line(72, 40, '1', { size: 8 })]
    expect(
      await read(scan, {
        Title: 'A catalogue of wheels',
        Author: 'Ada Lovelace and Charles Babbage',
        CreationDate: 'D:20040703',
      }),
    ).toMatchObject({
      title: 'A catalogue of wheels',
      authors: ['Ada Lovelace', 'Charles Babbage'],
      year: 2004,
      origins: { title: 'pdf-metadata', authors: 'pdf-metadata', year: 'pdf-metadata' },
    })
    expect(await read(scan, { Title: 'untitled.dvi' }, 'a/Lovelace_2003_On_wheels.pdf')).toMatchObject({
      title: 'Lovelace 2003 On wheels',
      authors: [],
      year: 2003,
      origins: { title: 'file-name', year: 'file-name' },
    })
    expect((await read(scan, {}, 'x/2101.00001v2.pdf')).arxivId).toBe('2101.00001')
  })
})

describe('the front matter of the project’s own notes', () => {
  const notes = resolve(import.meta.dirname, '../../../docs/notes/pdf')
  const names = readdirSync(notes).filter((name) => name.endsWith('.pdf'))

  it.each(names)('is whole in %s', async (name) => {
    const outcome = await reader.read(join(notes, name))
    if (!outcome.ok) throw new Error(outcome.failure.message)
    const { fields, origins } = readFrontMatter(outcome.document, 'paper.pdf')
    expect(fields).toMatchObject({
      title: outcome.document.metadata.title,
      authors: [{ family: 'Sheaf Project' }],
      year: 2026,
      abstract: expect.stringMatching(/^\p{Lu}.{300,}\.$/u),
    })
    expect(origins).toMatchObject({ title: 'pdf-text', authors: 'pdf-metadata', year: 'pdf-text' })
  })
})

describe('a hostile first page', () => {
  it('is read in bounded steps', () => {
    const texts = [
      `${'*'.repeat(300_000)}a`,
      ' and'.repeat(80_000),
      '´'.repeat(100_000),
      '10.1234/'.repeat(40_000),
      '{('.repeat(100_000),
    ]
    const lines = Array.from({ length: 4000 }, (_, index) => texts[index] ?? `A${', A'.repeat(40)} ${index}`)
    const text = lines.join('\n')
    let start = 0
    const page = {
      number: 1,
      width: 612,
      height: 792,
      text,
      boxes: packBoxes(
        Float64Array.from(
          { length: text.length * 4 },
          (_, index) => [index % 600, 700, (index % 600) + 5, 710][index % 4]!,
        ),
      ),
      lines: lines.map((content, index) => {
        const end = start + content.length
        const box = { left: 50, right: 500, bottom: 780 - index / 10, top: 790 - index / 10 }
        const made = { start, end, box, fontSize: 10, font: '', bold: false, italic: false }
        start = end + 1
        return made
      }),
    }
    const document = {
      id: '0'.repeat(64),
      byteLength: 1,
      pages: [page, page, page],
      metadata: { title: '('.repeat(100_000) },
      pageFailures: [],
    }
    const { fields } = readFrontMatter(document, 'x.pdf')
    expect(fields.title.length).toBeLessThanOrEqual(400)
    expect(fields.authors.length).toBeLessThan(5000)
  })
})

describeWith(papersFolder, 'the front matter of real papers', () => {
  it('is right for a journal of educational software', async () => {
    for (const { metric, value, atLeast } of await measureMetadata(labelledSetsFolder)) {
      expect({ metric, good: value >= atLeast! }).toEqual({ metric, good: true })
    }
  })

  it('is found in papers of every kind', async () => {
    const manifest = readFileSync(join(papersFolder, 'manifest.tsv'), 'utf8')
    const names = [...manifest.matchAll(/(?:mixed|replication)\/[^\s\t]+\.pdf/g)].map(([name]) => name)
    expect(names.length).toBeGreaterThan(15)
    for (const name of new Set(names)) {
      const outcome = await reader.read(join(papersFolder, name))
      if (!outcome.ok) throw new Error(`${name}: ${outcome.failure.message}`)
      const { fields, origins } = readFrontMatter(outcome.document, name)
      expect({
        name,
        title: origins.title,
        authors: fields.authors.length > 0,
        year: fields.year !== undefined,
      }).toEqual({
        name,
        title: 'pdf-text',
        authors: true,
        year: true,
      })
    }
  })
})
