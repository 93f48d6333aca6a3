import type { Page } from '../contract/document.ts'
import { packBoxes } from './boxes.ts'
import { charactersOf } from './characters.ts'
import { readControls } from './encodings.ts'
import type { Engine } from './engine.ts'
import { ReadingFailure } from './failures.ts'
import type { Hyphenation } from './hyphens.ts'
import type { ReaderLimits } from './limits.ts'
import { linesOf } from './lines.ts'
import { labelOf, type OpenDocument } from './open.ts'
import { type Placement, placementOf } from './placement.ts'

/** A page that was read, and what tells whether its text can be used. */
export interface PageReading {
  page: Page
  /** Characters as the engine counts them, for the limit on the document. */
  characters: number
  /** ASCII letters and digits, and all characters beyond ASCII. */
  letters: number
  /** Share of the characters for which the font does not say what they mean, 0 to 1, from a sample. */
  unmappedShare: number
  /** Share of the page that images cover, 0 to 1; only measured on pages with few letters. */
  imageShare: number
}

/** A page with fewer letters is taken for a scan when an image covers it: a stamp or a page number is no text layer. */
export const fewLetters = 20

const imageObject = 3

/**
 * Reads one page, counted from 0, or tells nothing when it cannot be loaded. `hyphenation` knows the pages before it.
 * @throws ReadingFailure `too_much_text` when the page alone is beyond the limit.
 */
export function readPage(
  engine: Engine,
  document: OpenDocument,
  index: number,
  limits: ReaderLimits,
  hyphenation: Hyphenation,
): PageReading | undefined {
  const { pdfium } = engine
  const pointer = pdfium.FPDF_LoadPage(document.pointer, index)
  if (pointer === 0) return undefined
  const textPage = pdfium.FPDFText_LoadPage(pointer)
  if (textPage === 0) {
    pdfium.FPDF_ClosePage(pointer)
    return undefined
  }
  const count = pdfium.FPDFText_CountChars(textPage)
  if (count > limits.charactersPerPage)
    throw new ReadingFailure(
      'too_much_text',
      `Page ${index + 1} has ${count} characters, and the limit is ${limits.charactersPerPage}; the file may be made to do harm.`,
    )
  const placement = placementOf(engine, pointer)
  const characters = charactersOf(engine, textPage, Math.max(0, count), placement, hyphenation)
  readControls(characters)
  const text = Buffer.from(
    characters.units.buffer,
    characters.units.byteOffset,
    characters.units.byteLength,
  ).toString('utf16le')
  const letters = lettersIn(characters.units)
  const unmappedShare = unmappedShareOf(engine, textPage, count)
  const imageShare = letters < fewLetters ? imageShareOf(engine, pointer, placement) : 0
  const label = labelOf(engine, document, index)
  pdfium.FPDFText_ClosePage(textPage)
  pdfium.FPDF_ClosePage(pointer)
  return {
    page: {
      number: index + 1,
      ...(label === undefined ? {} : { label }),
      width: placement.width,
      height: placement.height,
      text,
      lines: linesOf(characters),
      boxes: packBoxes(characters.boxes),
    },
    characters: count,
    letters,
    unmappedShare,
    imageShare,
  }
}

function lettersIn(units: Uint16Array): number {
  let letters = 0
  for (const unit of units) {
    const lower = unit | 0x20
    if ((lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit > 0x7f) letters++
  }
  return letters
}

/** About this many characters of a page are asked whether they are mapped; asking each would cost a call each. */
const sampleSize = 256

function unmappedShareOf(engine: Engine, textPage: number, count: number): number {
  const { pdfium } = engine
  const stride = Math.ceil(count / sampleSize)
  let asked = 0
  let unmapped = 0
  for (let index = 0; index < count; index += stride) {
    if (pdfium.FPDFText_GetUnicode(textPage, index) <= 0x20) continue
    asked++
    if (pdfium.FPDFText_HasUnicodeMapError(textPage, index) === 1) unmapped++
  }
  return asked === 0 ? 0 : unmapped / asked
}

/** More objects than this are not looked at; a scan is one image, or a few stripes. */
const mostObjects = 1000

function imageShareOf(engine: Engine, page: number, placement: Placement): number {
  const { pdfium, scratch } = engine
  const objects = Math.min(pdfium.FPDFPage_CountObjects(page), mostObjects)
  let area = 0
  for (let index = 0; index < objects; index++) {
    const object = pdfium.FPDFPage_GetObject(page, index)
    if (pdfium.FPDFPageObj_GetType(object) !== imageObject) continue
    if (!pdfium.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12)) continue
    const { floats } = engine.heap()
    const at = scratch >> 2
    const box = Float64Array.of(floats[at]!, floats[at + 1]!, floats[at + 2]!, floats[at + 3]!)
    placement.place(box)
    const width = Math.min(placement.width, box[2]!) - Math.max(0, box[0]!)
    const height = Math.min(placement.height, box[3]!) - Math.max(0, box[1]!)
    if (width > 0 && height > 0) area += width * height
  }
  return Math.min(1, area / (placement.width * placement.height))
}
