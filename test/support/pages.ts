import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import type { Page, ReadDocument, Rectangle } from '../../src/contract/document.ts'
import type { EvidenceSpan } from '../../src/contract/evidence.ts'
import type { SampleStudy } from './studies.ts'

const width = 612
const height = 792
const margin = 72
const columns = 84
const characterWidth = (width - 2 * margin) / columns
const lineHeight = 15
const linesOnPage = 42
const filler =
  'The lanterns stood in two rows along the northern channel and were read every quarter of an hour by the same keeper. '

/** The pages of a study: each quotation stands on its page between sentences of no meaning, in lines like a paper's. */
function samplePages(study: SampleStudy): Page[] {
  const count = Math.max(2, ...study.quotations.map((quotation) => quotation.page + 1))
  return Array.from({ length: count }, (_, index) => {
    const opening = index === 0 ? `${study.fields.title.replace(/\s+/g, ' ')}. ` : ''
    const continued = study.quotations.flatMap(({ page, quotation, continues }) =>
      page === index ? (partsOf(quotation, continues)[1] ?? []) : [],
    )
    const own = study.quotations.filter((quotation) => quotation.page === index + 1)
    const first = own.map(
      ({ quotation, continues }) => `${filler.repeat(3)}${partsOf(quotation, continues)[0]} `,
    )
    const closing = own.at(-1)?.continues === undefined ? filler.repeat(6) : ''
    return pageOf(
      index + 1,
      `${opening}${continued.join('')} ${first.join('')}${closing}`.trim().replace(/\s+/g, ' '),
    )
  })
}

/** A quotation as it stands on its page and, where it goes on over the page's end, on the next one. */
export function partsOf(quotation: string, continues: string | undefined): [string, string?] {
  if (continues === undefined) return [quotation]
  const at = quotation.indexOf(continues)
  return [quotation.slice(0, at - 1), quotation.slice(at)]
}

/** A document that a reader might have made of the study; its bytes are its text. */
export function sampleDocument(study: SampleStudy): ReadDocument {
  const pages = samplePages(study)
  const bytes = Buffer.from(pages.map((page) => page.text).join('\f'))
  return {
    id: createHash('sha256').update(bytes).digest('hex'),
    byteLength: bytes.length,
    pages,
    metadata: {},
    pageFailures: [],
  }
}

function pageOf(number: number, text: string): Page {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  let start = 0
  return {
    number,
    width,
    height,
    text: lines.join('\n'),
    lines: lines.slice(0, linesOnPage).map((line, row) => {
      const from = start
      start += line.length + 1
      const box = boxOf(row, 0, line.length)
      return {
        start: from,
        end: from + line.length,
        box,
        fontSize: 10,
        font: 'Sample',
        bold: false,
        italic: false,
      }
    }),
    boxes: new Uint8Array(0),
  }
}

function boxOf(row: number, from: number, to: number): Rectangle {
  const top = height - margin - row * lineHeight
  return {
    left: margin + from * characterWidth,
    right: margin + to * characterWidth,
    top,
    bottom: top - lineHeight * 0.75,
  }
}

/** Where a span's characters stand on the sample pages, one rectangle for each line. */
export function sampleRectangles(document: ReadDocument, span: EvidenceSpan) {
  return span.locator.ranges.map((range) => ({
    page: range.page,
    pageWidth: width,
    pageHeight: height,
    rectangles: document.pages[range.page - 1]!.lines.flatMap((line, row) => {
      const from = Math.max(line.start, range.start) - line.start
      const to = Math.min(line.end, range.end) - line.start
      return from < to ? [boxOf(row, from, to)] : []
    }),
  }))
}

/** A picture of a sample page: a grey bar for each word, which is enough to see that a highlight stands where it should. */
export function samplePicture(page: Page) {
  const scale = 1.5
  const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(height * scale)]
  const raster = new Uint8Array((pixelsWide + 1) * pixelsHigh).fill(255)
  for (let row = 0; row < pixelsHigh; row++) raster[row * (pixelsWide + 1)] = 0
  page.lines.forEach((line, row) => {
    for (const word of page.text.slice(line.start, line.end).matchAll(/\S+/g)) {
      const box = boxOf(row, word.index, word.index + word[0].length)
      const [left, right] = [Math.round(box.left * scale), Math.round((box.right - 1) * scale)]
      const [top, bottom] = [(height - box.top + 3) * scale, (height - box.bottom - 1) * scale].map(
        Math.round,
      )
      for (let y = top!; y < bottom!; y++) {
        raster.fill(96, y * (pixelsWide + 1) + 1 + left, y * (pixelsWide + 1) + 1 + right)
      }
    }
  })
  return {
    png: grayPng(raster, pixelsWide, pixelsHigh),
    width: pixelsWide,
    height: pixelsHigh,
    pageWidth: width,
    pageHeight: height,
  }
}

/** An 8-bit greyscale PNG (W3C PNG specification, third edition) of rows that each begin with their filter byte. */
function grayPng(raster: Uint8Array, pixelsWide: number, pixelsHigh: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(pixelsWide, 0)
  header.writeUInt32BE(pixelsHigh, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(raster)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  chunk.set(body, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}
