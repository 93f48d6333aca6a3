import { type Engine, scratchBytes } from './engine.ts'
import { type FontStyle, fontStyleOf } from './fonts.ts'
import { type Hyphenation, resolveHyphens } from './hyphens.ts'
import type { Placement } from './placement.ts'

/** A font at a size in points, as characters on a page have it. */
export interface CharacterStyle extends FontStyle {
  size: number
}

/** No style: a space or line break that PDFium inserted, or a character whose font is unknown. */
export const noStyle = 0xffff

/** A page's characters, one entry for each UTF-16 unit of its text. */
export interface Characters {
  /** UTF-16 units. */
  units: Uint16Array<ArrayBuffer>
  /** `[left, bottom, right, top]` on the page as it is shown, in points; a left of NaN where there is no box. */
  boxes: Float64Array<ArrayBuffer>
  /** Index into `styles`, or {@link noStyle}. */
  styleOf: Uint16Array<ArrayBuffer>
  styles: CharacterStyle[]
  /** Offsets before which a line ended with a hyphen, stripped or kept, and its line break was left out. */
  hyphenations: number[]
}

/** What FPDFText_GetUnicode gives for a hyphen at a line's end. */
const lineEndHyphen = 0x02
const hyphen = 0x2d
const carriageReturn = 0x0d
const lineFeed = 0x0a

/**
 * Reads the characters of an open text page one by one, so that a unit's offset is its box's index. NULs, lone
 * surrogates and the line breaks after line-end hyphens are left out, and those hyphens that do not belong to their words.
 */
export function charactersOf(
  engine: Engine,
  textPage: number,
  count: number,
  placement: Placement,
  hyphenation: Hyphenation,
): Characters {
  const { pdfium } = engine
  const units = new Uint16Array(count * 2)
  const boxes = new Float64Array(count * 8)
  const styleOf = new Uint16Array(count * 2)
  const lineEnds: number[] = []
  const style = styleReader(engine, textPage)
  let length = 0
  for (let index = 0; index < count; index++) {
    const code = pdfium.FPDFText_GetUnicode(textPage, index)
    if (code === 0) continue
    if (code === lineEndHyphen) {
      if (pdfium.FPDFText_IsHyphen(textPage, index) !== 1) continue
      lineEnds.push(length)
      style.at(index)
      readBox(engine, textPage, index, style.size, boxes, length * 4)
      styleOf[length] = style.current
      units[length++] = hyphen
      if (codeAt(pdfium, textPage, index + 1, count) === carriageReturn) index++
      if (codeAt(pdfium, textPage, index + 1, count) === lineFeed) index++
      continue
    }
    const low = code >= 0xd800 && code <= 0xdbff ? codeAt(pdfium, textPage, index + 1, count) : 0
    if (code > 0xd7ff && !isScalar(code) && !isLowSurrogate(low)) continue
    style.at(index)
    readBox(engine, textPage, index, style.size, boxes, length * 4)
    styleOf[length] = style.current
    if (code <= 0xffff) units[length++] = code
    if (code <= 0xffff && low === 0) continue
    // A character beyond the basic plane, given whole or in two: both units have its box.
    if (low !== 0) index++
    else units[length++] = 0xd800 + ((code - 0x10000) >> 10)
    units[length] = low || 0xdc00 + ((code - 0x10000) & 0x3ff)
    boxes.copyWithin(length * 4, length * 4 - 4, length * 4)
    styleOf[length++] = style.current
  }
  placement.place(boxes.subarray(0, length * 4))
  return resolveHyphens(
    {
      units: units.subarray(0, length),
      boxes: boxes.subarray(0, length * 4),
      styleOf: styleOf.subarray(0, length),
      styles: style.styles,
    },
    lineEnds,
    hyphenation,
  )
}

const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff
/** Unicode scalar value: a code point that is no surrogate. */
const isScalar = (code: number) => (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff

function codeAt(pdfium: Engine['pdfium'], textPage: number, index: number, count: number): number {
  return index < count ? pdfium.FPDFText_GetUnicode(textPage, index) : 0
}

/**
 * Writes a character's box in the page's own space to `boxes` at `to`, a left of NaN when it has none. The box is the font's full
 * height and the character's advance, the same for all letters of a line, as a highlight wants it; where a font claims an
 * absurd height (mathematical fonts claim three to six times their size) it is the outline's own.
 */
function readBox(
  engine: Engine,
  textPage: number,
  index: number,
  size: number,
  boxes: Float64Array,
  to: number,
): void {
  const { pdfium, scratch } = engine
  const found = pdfium.FPDFText_GetLooseCharBox(textPage, index, scratch)
  const { floats } = engine.heap()
  // FS_RECTF is left, top, right, bottom.
  const at = scratch >> 2
  const left = floats[at]!
  const top = floats[at + 1]!
  const right = floats[at + 2]!
  const bottom = floats[at + 3]!
  if (!found || left === right || top === bottom) {
    boxes[to] = Number.NaN
    return
  }
  boxes[to] = left
  boxes[to + 1] = bottom
  boxes[to + 2] = right
  boxes[to + 3] = top
  const larger = Math.max(Math.abs(top - bottom), Math.abs(right - left))
  if (larger > size * tallest || larger < size * flattest) readTightBox(engine, textPage, index, boxes, to)
}

/** Sizes of a believable box in terms of the font's size. */
const tallest = 1.8
const flattest = 0.3

function readTightBox(
  engine: Engine,
  textPage: number,
  index: number,
  boxes: Float64Array,
  to: number,
): void {
  const { pdfium, scratch } = engine
  if (!pdfium.FPDFText_GetCharBox(textPage, index, scratch, scratch + 8, scratch + 16, scratch + 24)) return
  const { doubles } = engine.heap()
  const at = scratch >> 3
  const [left, right, bottom, top] = [doubles[at]!, doubles[at + 1]!, doubles[at + 2]!, doubles[at + 3]!]
  if (left === right || bottom === top) return
  boxes[to] = left
  boxes[to + 1] = bottom
  boxes[to + 2] = right
  boxes[to + 3] = top
}

/**
 * Tells characters' fonts. Characters of one text object share theirs, so PDFium is asked only when the object changes.
 * Fonts are remembered for one page: their addresses may be used anew once the page is closed.
 */
function styleReader(engine: Engine, textPage: number) {
  const { pdfium, scratch } = engine
  const styles: CharacterStyle[] = []
  const fonts = new Map<number, FontStyle>()
  const known = new Map<number, number>()
  let object = 0

  const fontAt = (font: number): FontStyle => {
    let style = fonts.get(font)
    if (!style) {
      const bytes = pdfium.FPDFFont_GetBaseFontName(font, scratch, scratchBytes)
      const name = Buffer.from(engine.heap().buffer, scratch, Math.max(0, Math.min(bytes, scratchBytes) - 1))
      style = fontStyleOf(
        bytes > scratchBytes ? '' : printable(name.toString('utf8')),
        pdfium.FPDFFont_GetFlags(font),
      )
      fonts.set(font, style)
    }
    return style
  }

  const reader = {
    styles,
    /** Style of the character last looked at, and its size. */
    current: noStyle,
    size: 0,
    at(index: number): void {
      const next = pdfium.FPDFText_GetTextObject(textPage, index)
      if (next === object) return
      object = next
      reader.current = noStyle
      reader.size = 0
      const font = next === 0 ? 0 : pdfium.FPDFTextObj_GetFont(next)
      if (font === 0) return
      const size = sizeAt(engine, textPage, index)
      // Below 2^53: addresses are below 2^29, and sizes are kept below 10,000 points.
      const key = font * 1e6 + Math.round(size * 100)
      let style = known.get(key)
      if (style === undefined && styles.length < noStyle) {
        style = styles.push({ ...fontAt(font), size }) - 1
        known.set(key, style)
      }
      reader.current = style ?? noStyle
      reader.size = size
    },
  }
  return reader
}

/** A size beyond this in points is an accident of the matrix, and taken for unknown. */
const largestSize = 10_000

/** A character's size as it is shown, to a hundredth of a point: the font's size times the text matrix's height. */
function sizeAt(engine: Engine, textPage: number, index: number): number {
  const { pdfium, scratch } = engine
  const size = pdfium.FPDFText_GetFontSize(textPage, index)
  if (!pdfium.FPDFText_GetMatrix(textPage, index, scratch)) return 0
  const { floats } = engine.heap()
  const at = scratch >> 2
  // FS_MATRIX is a, b, c, d, e, f; (c, d) is what becomes of the upward unit.
  const scale = Math.sqrt(floats[at + 2]! ** 2 + floats[at + 3]! ** 2)
  const shown = Math.round(Math.abs(size) * scale * 100) / 100
  return shown < largestSize ? shown : 0
}

/** A name without control characters. */
function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '')
}
