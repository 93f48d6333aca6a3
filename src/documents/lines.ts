import type { TextLine } from '../contract/document.ts'
import { type Characters, noStyle } from './characters.ts'

const unknownStyle = { name: '', bold: false, italic: false, size: 0 }

const isSpace = (unit: number) => unit === 0x20 || unit === 0xa0 || (unit >= 0x09 && unit <= 0x0d)
const isBreak = (unit: number) => unit === 0x0a || unit === 0x0d

const toHundredths = (points: number) => Math.round(points * 100) / 100

/**
 * The lines of a page: runs of characters between line breaks and the places of those left out after hyphens, without the spaces around
 * them. A line's font is the one that most of its characters have. Lines without any character to see are left out.
 */
export function linesOf(characters: Characters): TextLine[] {
  const { units, hyphenations } = characters
  const lines: TextLine[] = []
  let start = 0
  let hyphenation = 0
  for (let at = 0; at <= units.length; at++) {
    const hyphenated = hyphenations[hyphenation] === at
    if (at < units.length && !hyphenated && !isBreak(units[at]!)) continue
    const line = lineOf(characters, start, at)
    if (line) lines.push(line)
    while (hyphenations[hyphenation] === at) hyphenation++
    start = at < units.length && isBreak(units[at]!) ? at + 1 : at
  }
  return lines
}

function lineOf(characters: Characters, from: number, to: number): TextLine | undefined {
  const { units, boxes, styleOf, styles } = characters
  let start = from
  let end = to
  while (start < end && isSpace(units[start]!)) start++
  while (end > start && isSpace(units[end - 1]!)) end--
  if (start === end) return undefined
  let left = Infinity
  let bottom = Infinity
  let right = -Infinity
  let top = -Infinity
  for (let at = start; at < end; at++) {
    const box = at * 4
    if (isSpace(units[at]!) || Number.isNaN(boxes[box]!)) continue
    if (boxes[box]! < left) left = boxes[box]!
    if (boxes[box + 1]! < bottom) bottom = boxes[box + 1]!
    if (boxes[box + 2]! > right) right = boxes[box + 2]!
    if (boxes[box + 3]! > top) top = boxes[box + 3]!
  }
  const style = styles[dominantStyle(styleOf, start, end)] ?? unknownStyle
  const placed = left <= right
  return {
    start,
    end,
    box: placed
      ? {
          left: toHundredths(left),
          bottom: toHundredths(bottom),
          right: toHundredths(right),
          top: toHundredths(top),
        }
      : { left: 0, bottom: 0, right: 0, top: 0 },
    fontSize: style.size,
    font: style.name,
    bold: style.bold,
    italic: style.italic,
  }
}

/** The style of most characters in a range, the first where two have as many. */
function dominantStyle(styleOf: Uint16Array, start: number, end: number): number {
  const counts = new Map<number, number>()
  let dominant = noStyle
  let most = 0
  for (let at = start; at < end; ) {
    const from = at
    const style = styleOf[from]!
    while (at < end && styleOf[at] === style) at++
    if (style === noStyle) continue
    const count = (counts.get(style) ?? 0) + at - from
    counts.set(style, count)
    if (count > most) {
      most = count
      dominant = style
    }
  }
  return dominant
}
