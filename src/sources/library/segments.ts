import type { Page, Rectangle, TextLine } from '../../contract/document.ts'
import { unpackBoxes } from '../../documents/boxes.ts'
import { accented, combiningMarkOf, repairText } from '../../methods/text/text-repair.ts'

/** A run of characters that stands together on one visual line: a line of a column, or one cell of an author block. */
export interface Segment {
  text: string
  /** The text with every raised letter or digit (a footnote or affiliation mark) replaced by `¹`. */
  marked: string
  left: number
  right: number
  bottom: number
  top: number
  fontSize: number
  font: string
  bold: boolean
  italic: boolean
  /** Set upright along the margin, as arXiv's stamp is. */
  rotated: boolean
  /** Goes on in the middle of a word that the segment before began: a line-end hyphen was undone between them. */
  continuesWord: boolean
}

interface Glyph {
  character: string
  box: Rectangle | undefined
}

/** No page that a person reads has more lines, or longer ones; what is beyond is left out. */
const mostLines = 1500
const longestLine = 2000
/** Lines with more spacing accents than this are no names or titles. */
const mostAccents = 40
/** A horizontal gap wider than this many font sizes parts two cells of one row. */
const cellGap = 0.62
/** A character whose foot is this much of the font size above the line's is raised. */
const raisedBy = 0.18

/**
 * Cuts a page's lines at wide gaps, as between the cells of an author block, and puts accents that were set apart back on
 * their letters. Justified text may be cut too; {@link textOf} joins it again.
 * @throws SheafError `store_unavailable` when the page's boxes are corrupt.
 */
export function segmentsOf(page: Page): Segment[] {
  const boxes = unpackBoxes(page.boxes)
  return page.lines.slice(0, mostLines).flatMap((line, index) => {
    const glyphs = glyphsOf(page.text, line, boxes)
    // No line break before it: a line-end hyphen was undone there.
    const continuesWord = index > 0 && page.lines[index - 1]!.end === line.start
    if (isRotated(line)) return segmentOf(glyphs, line, { rotated: true, continuesWord })
    return runsOf(joinAccents(glyphs, line.fontSize), line.fontSize).flatMap((run, cell) =>
      segmentOf(run, line, { rotated: false, continuesWord: continuesWord && cell === 0 }),
    )
  })
}

function glyphsOf(text: string, line: TextLine, boxes: Float64Array): Glyph[] {
  const glyphs: Glyph[] = []
  const end = Math.min(line.end, line.start + longestLine)
  for (let offset = line.start; offset < end; offset++) {
    const code = text.codePointAt(offset) ?? 0
    const [left, bottom, right, top] = boxes.subarray(offset * 4, offset * 4 + 4)
    const solid = left !== undefined && !Number.isNaN(left) && code > 32 && right! > left
    const box = solid ? { left, bottom: bottom!, right: right!, top: top! } : undefined
    glyphs.push({ character: String.fromCodePoint(code), box })
    if (code > 0xffff) offset++
  }
  return glyphs
}

function isRotated(line: TextLine): boolean {
  const width = line.box.right - line.box.left
  return line.end - line.start > 5 && width < 2 * line.fontSize && line.box.top - line.box.bottom > 3 * width
}

function runsOf(glyphs: readonly Glyph[], fontSize: number): Glyph[][] {
  const runs: Glyph[][] = [[]]
  let previous: Rectangle | undefined
  for (const glyph of glyphs) {
    const box = glyph.box
    if (box && previous) {
      const gap = box.left - previous.right
      if (gap > cellGap * fontSize || gap < -2 * fontSize) runs.push([])
    }
    runs.at(-1)!.push(glyph)
    if (box) previous = box
  }
  return runs
}

function joinAccents(glyphs: readonly Glyph[], fontSize: number): Glyph[] {
  const accents = glyphs.filter(({ character, box }) => box && combiningMarkOf(character) !== undefined)
  if (accents.length === 0 || accents.length > mostAccents) return [...glyphs]
  const joined = glyphs.map((glyph) => ({ ...glyph }))
  const removed = new Set<number>()
  for (const [index, glyph] of glyphs.entries()) {
    const mark = combiningMarkOf(glyph.character)
    if (mark === undefined || !glyph.box) continue
    const centre = (glyph.box.left + glyph.box.right) / 2
    let best = -1
    let distance = 0.3 * fontSize
    for (const [other, { character, box }] of glyphs.entries()) {
      if (!box || !/^\p{L}$/u.test(character) || !overlapsVertically(box, glyph.box, fontSize)) continue
      const away = Math.abs((box.left + box.right) / 2 - centre)
      if (away < distance) {
        best = other
        distance = away
      }
    }
    const base = joined[best]
    const composed = base && accented(base.character, mark)
    if (!base || composed === undefined || composed.length !== 1) continue
    base.character = composed
    removed.add(index)
    for (const neighbour of [index - 1, index + 1]) {
      if (glyphs[neighbour]?.character === ' ' && !wordsApart(glyphs, neighbour, index, fontSize)) {
        removed.add(neighbour)
      }
    }
  }
  return joined.filter((_, index) => !removed.has(index))
}

function overlapsVertically(letter: Rectangle, accent: Rectangle, fontSize: number): boolean {
  return accent.bottom > letter.bottom - 0.4 * fontSize && accent.top < letter.top + fontSize
}

/** Whether the space at `index` parts two words when the accent at `accent` is thought away. */
function wordsApart(glyphs: readonly Glyph[], index: number, accent: number, fontSize: number): boolean {
  const solid = (from: number, step: number) => {
    for (let at = from; at >= 0 && at < glyphs.length; at += step) {
      if (at !== accent && glyphs[at]!.box) return glyphs[at]!.box
    }
    return undefined
  }
  const before = solid(index - 1, -1)
  const after = solid(index + 1, 1)
  return !before || !after || after.left - before.right > 0.15 * fontSize
}

function segmentOf(
  glyphs: readonly Glyph[],
  line: TextLine,
  flags: { rotated: boolean; continuesWord: boolean },
): Segment[] {
  const text = repairText(glyphs.map(({ character }) => character).join(''))
  if (text === '') return []
  const boxes = glyphs.flatMap(({ box }) => (box ? [box] : []))
  const { left, right, bottom, top } = boxes.length > 0 ? boundsOf(boxes) : line.box
  const { fontSize, font, bold, italic } = line
  const marked = markRaised(glyphs, fontSize)
  return [{ text, marked, left, right, bottom, top, fontSize, font, bold, italic, ...flags }]
}

function boundsOf(boxes: readonly Rectangle[]): Rectangle {
  const bounds = { ...boxes[0]! }
  for (const box of boxes) {
    bounds.left = Math.min(bounds.left, box.left)
    bounds.right = Math.max(bounds.right, box.right)
    bounds.bottom = Math.min(bounds.bottom, box.bottom)
    bounds.top = Math.max(bounds.top, box.top)
  }
  return bounds
}

/** A raised character stands higher than the line's others with its foot and with its head. */
function markRaised(glyphs: readonly Glyph[], fontSize: number): string {
  const solid = glyphs.flatMap(({ character, box }) => (box && /[\p{L}\p{N}]/u.test(character) ? [box] : []))
  const foot = median(solid.map(({ bottom }) => bottom))
  const head = median(solid.map(({ top }) => top))
  const raised = ({ character, box }: Glyph) =>
    box !== undefined &&
    /[\p{L}\p{N},]/u.test(character) &&
    box.bottom > foot + raisedBy * fontSize &&
    (box.top > head || character === ',')
  return repairText(glyphs.map((glyph) => (raised(glyph) ? '¹' : glyph.character)).join('')).replace(
    /¹+/g,
    '¹',
  )
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

/** Text of segments read one after another: a space between them but where a word goes on. */
export function textOf(segments: readonly Segment[]): string {
  let text = ''
  for (const segment of segments) {
    const glued = segment.continuesWord || text === ''
    if (!glued && /^\p{Ll}[‐-]$/u.test(text.slice(-2)) && /^\p{Ll}/u.test(segment.text)) {
      text = text.slice(0, -1) + segment.text
    } else text += (glued ? '' : ' ') + segment.text
  }
  return text
}
