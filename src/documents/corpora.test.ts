import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWith, papersFolder } from '../../test/support/corpora.ts'
import { rectanglesOf, unpackBoxes } from './boxes.ts'
import { createReader } from './reader.ts'

/** Files of the folder of broken and hostile ones that end in a failure; all others are read. */
const failures: Record<string, string> = {
  'bitflips.pdf': 'damaged',
  'deep-pagetree-20000.pdf': 'damaged',
  'doc.2206.01062_pg3-password.pdf': 'password_protected',
  'header-then-random.pdf': 'damaged',
  'html-as.pdf': 'not_a_pdf',
  'kz.non_searchable.pdf': 'needs_ocr',
  'no-tounicode-custom.pdf': 'no_readable_text',
  'olm.lincoln_letter.pdf': 'needs_ocr',
  'pdfjs.ContentStreamCycleType3insideType3.pdf': 'no_readable_text',
  'pdfjs.PDFBOX-3148-2-fuzzed.pdf': 'no_readable_text',
  'pdfjs.REDHAT-1531897-0.pdf': 'truncated',
  'pdfjs.operator_list_cycle.pdf': 'no_readable_text',
  'pdfjs.poppler-742-0-fuzzed.pdf': 'damaged',
  'pdfjs.saslprep-r6.pdf': 'password_protected',
  'pdfjs.scan-bad.pdf': 'needs_ocr',
  'pdfjs.simpletype3font.pdf': 'no_readable_text',
  'pm6.issue-791-non-unicode-cmap.pdf': 'no_readable_text',
  'pypdf.r4-user-password.pdf': 'password_protected',
  'pypdf.r6-user-password.pdf': 'password_protected',
  'random-bytes.pdf': 'not_a_pdf',
  'truncated-1k.pdf': 'truncated',
  'truncated-95.pdf': 'truncated',
  'truncated-tail-deb-zoo.pdf': 'truncated',
  'un.loremipsum-flat.pdf': 'needs_ocr',
}

/** Made to exhaust memory; with less of it they are found out sooner. */
const bombs = [
  'flate-bomb-1500MB.pdf',
  'form-billion-laughs.pdf',
  'op-bomb-20Mops.pdf',
  'text-bomb-4Mglyphs.pdf',
]

const nasty = join(papersFolder, 'nasty')

/** Ample, for machines that are busy with something else. */
const patience = { timeout: 120_000 }

describeWith(papersFolder, 'real files', () => {
  it(
    'ends every broken or hostile file in a reading or the failure that names what is wrong',
    patience,
    async () => {
      await using reader = createReader({ threads: 2 })
      const names = readdirSync(nasty).filter((name) => !bombs.includes(name))
      const ends = await Promise.all(
        names.map(async (name) => {
          const outcome = await reader.read(join(nasty, name))
          return [name, outcome.ok ? 'ok' : outcome.failure.code]
        }),
      )
      expect(Object.fromEntries(ends)).toEqual(
        Object.fromEntries(names.map((name) => [name, failures[name] ?? 'ok'])),
      )
    },
  )

  it('ends bombs at the limit on memory or on text', patience, async () => {
    await using tight = createReader({ threads: 2, limits: { heapBytes: 96 * 2 ** 20 } })
    for (const name of bombs)
      expect(await tight.read(join(nasty, name))).toMatchObject({
        ok: false,
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        failure: { code: 'out_of_memory' },
      })
    await using roomy = createReader({ threads: 1 })
    expect(await roomy.read(join(nasty, bombs[3]!))).toMatchObject({ failure: { code: 'too_much_text' } })
  })

  it(
    'reads the papers: each unit of text has its box, lines lie in order, and rectangles hold their words',
    patience,
    async () => {
      await using reader = createReader({ threads: 2 })
      const folder = join(papersFolder, 'open-education')
      const names = readdirSync(folder).filter((name) => name.endsWith('.pdf'))
      await Promise.all(
        names.map(async (name) => {
          const outcome = await reader.read(join(folder, name))
          if (!outcome.ok) throw new Error(`${name}: ${outcome.failure.message}`)
          for (const page of outcome.document.pages) {
            const boxes = unpackBoxes(page.boxes)
            expect(boxes.length).toBe(page.text.length * 4)
            expect(page.boxes.length).toBeLessThan(page.text.length * 3 + 50)
            expect(page.text.isWellFormed()).toBe(true)
            expect(page.text.includes('\0') || page.text.includes('\u0002')).toBe(false)
            let end = 0
            for (const line of page.lines) {
              expect(line.start).toBeGreaterThanOrEqual(end)
              end = line.end
              const rectangles = rectanglesOf(page.boxes, page.text, line.start, line.end)
              for (const rectangle of rectangles) {
                expect(rectangle.left).toBeGreaterThan(line.box.left - 0.1)
                expect(rectangle.top).toBeLessThan(line.box.top + 0.1)
              }
            }
            expect(page.lines.every((line) => line.fontSize > 3 && line.fontSize < 60)).toBe(true)
          }
        }),
      )
    },
  )

  it('draws a page of text at 100 dots per inch in less than 60 kB', async () => {
    await using reader = createReader({ threads: 1 })
    const image = await reader.render({ source: join(papersFolder, 'statistics/deb.zoo.pdf'), page: 3 })
    expect(image.width).toBeGreaterThan(800)
    expect(image.png.length).toBeLessThan(60_000)
  })
})
