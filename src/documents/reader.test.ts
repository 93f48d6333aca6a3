import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { minimalPdf, textAt } from '../../test/support/minimal-pdf.ts'
import type { Page } from '../contract/document.ts'
import { readDocumentSchema } from '../contract/document.ts'
import { rectanglesOf, unpackBoxes } from './boxes.ts'
import { documentIdOf } from './hash.ts'
import { createReader } from './reader.ts'

const reader = createReader({ threads: 2 })
afterAll(() => reader.close())

async function read(bytes: Uint8Array) {
  const outcome = await reader.read(bytes)
  if (!outcome.ok) throw new Error(outcome.failure.message)
  return outcome.document
}

/** Keeps the engine busy for seconds: a page that shows the same long stream of empty operations 400 times. */
function endless(): Uint8Array {
  const content = 'q Q\n'.repeat(125_000)
  const file = `%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 1 /Kids [3 0 R] >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [${'4 0 R '.repeat(400)}] >>
endobj
4 0 obj
<< /Length ${content.length} >>
stream
${content}endstream
endobj
trailer
<< /Root 1 0 R /Size 5 >>
startxref
0
%%EOF
`
  return Uint8Array.from(Buffer.from(file, 'latin1'))
}

/** The text whose boxes lie, by their middles, in one of the rectangles. */
function textInside(page: Page, rectangles: ReturnType<typeof rectanglesOf>): string {
  const boxes = unpackBoxes(page.boxes)
  return [...page.text]
    .filter((_, at) => {
      const x = (boxes[at * 4]! + boxes[at * 4 + 2]!) / 2
      const y = (boxes[at * 4 + 1]! + boxes[at * 4 + 3]!) / 2
      return rectangles.some((r) => x > r.left && x < r.right && y > r.bottom && y < r.top)
    })
    .join('')
}

describe('reading', () => {
  it('gives text, lines with their fonts, boxes, labels and metadata as the contract has them', async () => {
    const bytes = minimalPdf(
      [{ content: textAt(72, 700, 'A heading', 18, 'F2') + textAt(72, 660, 'A sentence of words.') }],
      {
        catalog: '/PageLabels << /Nums [0 << /S /r /St 4 >>] >>',
        info: '/Title (On titles) /Author ()',
      },
    )
    const document = await read(bytes)
    expect(readDocumentSchema.parse(document)).toEqual(document)
    expect(document).toMatchObject({
      id: documentIdOf(bytes),
      byteLength: bytes.length,
      metadata: { title: 'On titles' },
      pageFailures: [],
    })
    expect(document.metadata).not.toHaveProperty('author')
    const [page] = document.pages
    expect(page).toMatchObject({ number: 1, label: 'iv', width: 612, height: 792 })
    expect(page!.text.replaceAll('\r\n', '\n').trim()).toBe('A heading\nA sentence of words.')
    expect(page!.lines).toMatchObject([
      { fontSize: 18, font: 'Helvetica-Bold', bold: true, italic: false },
      { fontSize: 12, font: 'Helvetica', bold: false, italic: false },
    ])
    const [heading] = page!.lines
    expect(page!.text.slice(heading!.start, heading!.end)).toBe('A heading')
    expect(heading!.box.left).toBeCloseTo(72, 0)
    expect(heading!.box.bottom).toBeLessThan(700)
    expect(heading!.box.top).toBeGreaterThan(710)
  })

  it('takes the size from the text matrix where the font says 1', async () => {
    const document = await read(minimalPdf([{ content: 'BT /F1 1 Tf 14 0 0 14 72 700 Tm (Scaled) Tj ET' }]))
    expect(document.pages[0]!.lines[0]!.fontSize).toBe(14)
  })

  it('joins a word that a hyphen divides at the end of a line, and makes two lines of it', async () => {
    const content = textAt(72, 700, 'These words are hyphen-') + textAt(72, 686, 'ated at the end of a line')
    const page = (await read(minimalPdf([{ content }]))).pages[0]!
    expect(page.text).toContain('are hyphenated at the end')
    expect(page.lines.map((line) => page.text.slice(line.start, line.end))).toEqual([
      'These words are hyphen',
      'ated at the end of a line',
    ])
    const start = page.text.indexOf('hyphenated')
    expect(rectanglesOf(page.boxes, page.text, start, start + 10)).toHaveLength(2)
  })

  it('keeps the hyphen of a word that has it elsewhere in the document', async () => {
    const first = textAt(72, 700, 'A well-known or one-off thing')
    const second =
      textAt(72, 700, 'It is a one-') + textAt(72, 686, 'off thing, divi-') + textAt(72, 672, 'ded again')
    const page = (await read(minimalPdf([{ content: first }, { content: second }]))).pages[1]!
    expect(page.text).toContain('It is a one-off thing, divided again')
    expect(page.lines.map((line) => page.text.slice(line.start, line.end))).toEqual([
      'It is a one-',
      'off thing, divi',
      'ded again',
    ])
    const start = page.text.indexOf('one-off')
    const [above, below] = rectanglesOf(page.boxes, page.text, start, start + 'one-off'.length)
    expect(above!.bottom).toBeGreaterThan(below!.bottom)
    expect(above!.right).toBeGreaterThan(below!.right)
  })

  it.each([
    [0, 300, 400, { left: 40, bottom: 350 }],
    [90, 400, 300, { left: 350, top: 260 }],
    [180, 300, 400, { right: 260, top: 50 }],
    [270, 400, 300, { right: 50, bottom: 40 }],
  ])(
    'places boxes on the page as it is shown when it is turned by %i degrees',
    async (turn, width, height, corner) => {
      const entries = `/MediaBox [100 100 500 600] /CropBox [150 150 450 550] /Rotate ${turn}`
      const page = (await read(minimalPdf([{ content: textAt(190, 500, 'Turned'), entries }]))).pages[0]!
      expect(page).toMatchObject({ text: 'Turned', width, height })
      const [rectangle] = rectanglesOf(page.boxes, page.text, 0, 1)
      for (const [side, value] of Object.entries(corner))
        expect(Math.abs(rectangle![side as keyof typeof rectangle] - value)).toBeLessThan(4)
    },
  )

  it('finds with the rectangles of a quotation that quotation again', async () => {
    const lines = ['The first line of a paragraph that', 'goes on here and ends in this line.']
    const content = lines.map((line, index) => textAt(72, 700 - index * 14, line)).join('')
    const page = (await read(minimalPdf([{ content }]))).pages[0]!
    const start = page.text.indexOf('paragraph')
    const end = page.text.indexOf('ends') + 4
    const found = textInside(page, rectanglesOf(page.boxes, page.text, start, end))
    expect(found.replaceAll(/\s+/g, '')).toBe(page.text.slice(start, end).replaceAll(/\s+/g, ''))
  })
})

describe('what cannot be read', () => {
  const whole = minimalPdf([{ content: textAt(72, 700, 'Words on a page') }])
  const failureOf = async (source: Uint8Array | string) => {
    const outcome = await reader.read(source)
    return outcome.ok ? undefined : outcome.failure
  }

  it('is told apart', async () => {
    expect(await failureOf(Buffer.from('<!DOCTYPE html><title>Not found</title>'))).toMatchObject({
      code: 'not_a_pdf',
      message: expect.stringContaining('web page'),
    })
    expect(await failureOf(new Uint8Array())).toMatchObject({
      code: 'not_a_pdf',
      message: expect.stringContaining('empty'),
    })
    expect(await failureOf(Buffer.from('%PDF-1.7\nnothing of use'))).toMatchObject({ code: 'damaged' })
    expect(await failureOf(minimalPdf([{ content: '0 0 10 10 re f' }]))).toMatchObject({
      code: 'no_readable_text',
    })
    for (const part of [0.4, 0.7, 0.9])
      expect(await failureOf(whole.subarray(0, whole.length * part))).toMatchObject({ code: 'truncated' })
    expect(await failureOf('/nowhere/at/all.pdf')).toMatchObject({ code: 'file_unreadable' })
    expect(await failureOf(tmpdir())).toMatchObject({ code: 'file_unreadable' })
  })

  it('keeps within its limits', async () => {
    await using strict = createReader({
      threads: 1,
      limits: { fileBytes: 5_000, pages: 2, charactersPerPage: 50, charactersPerDocument: 80 },
    })
    const page = (length: number) => ({ content: textAt(10, 700, 'x'.repeat(length), 4) })
    const codeOf = async (bytes: Uint8Array) => {
      const outcome = await strict.read(bytes)
      return outcome.ok ? 'ok' : outcome.failure.code
    }
    expect(await codeOf(minimalPdf([page(40), page(30)]))).toBe('ok')
    expect(await codeOf(minimalPdf([page(51)]))).toBe('too_much_text')
    expect(await codeOf(minimalPdf([page(45), page(45)]))).toBe('too_much_text')
    expect(await codeOf(minimalPdf([page(1), page(1), page(1)]))).toBe('too_many_pages')
    expect(await codeOf(minimalPdf([{ content: ' '.repeat(6_000) }]))).toBe('too_large')
  })

  it('costs only itself when it has to be ended in the middle of its work', async () => {
    await using hurried = createReader({ threads: 2, limits: { milliseconds: 1_500, heapBytes: 2 ** 30 } })
    const outcomes = await Promise.all([
      ...Array.from({ length: 10 }, () => hurried.read(whole)),
      hurried.read(endless()),
      ...Array.from({ length: 10 }, () => hurried.read(whole)),
    ])
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.failure.code))).toEqual([
      ...Array.from({ length: 10 }, () => 'ok'),
      'timed_out',
      ...Array.from({ length: 10 }, () => 'ok'),
    ])
    expect(outcomes[10]).toMatchObject({ id: documentIdOf(endless()) })
    expect(await hurried.read(whole)).toMatchObject({ ok: true })
  })

  it('can be given up by its caller, waiting or under way, and by closing', async () => {
    const own = createReader({ threads: 1 })
    const stop = new AbortController()
    const running = own.read(endless(), stop.signal)
    const waiting = own.read(whole, stop.signal)
    const other = own.read(whole)
    await new Promise((resolve) => setTimeout(resolve, 200))
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    expect(await other).toMatchObject({ ok: true })
    const last = own.read(endless())
    const closed = expect(last).rejects.toMatchObject({ code: 'cancelled' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await own.close()
    await closed
    await expect(own.read(whole)).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('leaves the caller its bytes, also where they are part of a larger buffer', async () => {
    const larger = new Uint8Array(whole.length + 20)
    larger.set(whole, 10)
    const part = larger.subarray(10, 10 + whole.length)
    expect(await read(part)).toMatchObject({ id: documentIdOf(whole) })
    expect(part).toEqual(whole)
  })

  it('is read from a path as from bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-reader-'))
    const path = join(folder, 'ein Blatt ☘.pdf')
    await writeFile(path, whole)
    expect(await reader.read(path)).toEqual(await reader.read(whole))
    await rm(folder, { recursive: true })
  })
})

describe('drawing', () => {
  /** Width, height, bit depth, colour type and the pixels' palette colours of a PNG that this project wrote. */
  function decode(png: Uint8Array) {
    const view = Buffer.from(png)
    const chunks = new Map<string, Buffer>()
    for (let at = 8; at < view.length; at += 12 + view.readUInt32BE(at))
      chunks.set(
        view.toString('latin1', at + 4, at + 8),
        view.subarray(at + 8, at + 8 + view.readUInt32BE(at)),
      )
    const header = chunks.get('IHDR')!
    const [width, height, depth] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8]!]
    const rows = inflateSync(chunks.get('IDAT')!)
    const stride = Math.ceil((width * depth) / 8) + 1
    const colourAt = (x: number, y: number) => {
      const byte = rows[y * stride + 1 + Math.floor((x * depth) / 8)]!
      const index = depth === 8 ? byte : (byte >> (x % 2 ? 0 : 4)) & 15
      return [...chunks.get('PLTE')!.subarray(index * 3, index * 3 + 3)]
    }
    return { width, height, colourAt }
  }

  const bytes = minimalPdf([
    { content: `${textAt(20, 80, 'Words')} 0 0 10 10 re f`, entries: '/MediaBox [0 0 200 100]' },
  ])

  it('gives a small PNG of the right size, with highlights where they belong', async () => {
    const highlight = { left: 100, bottom: 50, right: 150, top: 75 }
    const image = await reader.render({ source: bytes, page: 1, dotsPerInch: 144, highlights: [highlight] })
    expect(image).toMatchObject({ width: 400, height: 200, scale: 2 })
    const { width, height, colourAt } = decode(image.png)
    expect([width, height]).toEqual([400, 200])
    expect(colourAt(5, 195)).toEqual([0, 0, 0])
    expect(colourAt(395, 5)).toEqual([255, 255, 255])
    const [red, green, blue] = colourAt(250, 70)
    expect(red).toBe(255)
    expect(green).toBeGreaterThan(200)
    expect(blue).toBeLessThan(120)
    expect(colourAt(250, 45)).toEqual([255, 255, 255])
    expect(colourAt(250, 105)).toEqual([255, 255, 255])
  })

  it('draws giant pages smaller, and refuses pages that are not there', async () => {
    const giant = minimalPdf([{ content: textAt(9, 9, 'Words'), entries: '/MediaBox [0 0 14400 14400]' }])
    await using modest = createReader({ threads: 1, limits: { pixels: 250_000 } })
    const image = await modest.render({ source: giant, page: 1 })
    expect(image.width * image.height).toBeLessThanOrEqual(250_000)
    expect(image.scale).toBeLessThan(0.1)
    await expect(modest.render({ source: giant, page: 2 })).rejects.toMatchObject({
      code: 'unreadable_document',
    })
    await expect(modest.render({ source: giant, page: 0 })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
