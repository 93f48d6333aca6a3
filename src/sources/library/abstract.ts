import { type Segment, textOf } from './segments.ts'

const heading = /^(?:\d+\.?\s*)?(?:abstract|summary|a b s t r a c t|résumé|zusammenfassung|resumen)\s*[:.]?$/i
const runIn = /^(?:abstract|summary)\s*(?:[-–—:.]+|\s(?=\p{Lu}))\s*/iu
const end =
  /^(?:(?:\d+|[ivx]+)?\.?\s*(?:introduction|background|motivation|statement of need|contents)\b.{0,40}$|(?:1|i)\.?(?:\s+\p{Lu}|$)|keywords?\b|key words|index terms|categories and subject|general terms|ccs concepts|acm reference|jel|msc|pacs|mathematics subject|article history|received\b|©|copyright\b|permission to make|doi\b|https?:|this (?:work|research) was supported|citation:|open access|correspondence)/iu
/** Such a line when it is written small; with any other word of them a sentence goes on: `identifier, / keywords and venue`. */
const smallEnd = /^(?:doi\b|https?:|key ?words\s*[:.—–-])/

function isEnd(text: string): boolean {
  return end.test(text) && (!/^\p{Ll}/u.test(text) || smallEnd.test(text))
}

/** Where the abstract begins. */
export interface AbstractStart {
  /** Index of the heading, or of the line that begins with it. */
  index: number
  /** Whether the abstract's text goes on in the heading's own line. */
  runIn: boolean
  top: number
}

/** Finds the abstract's heading among a page's segments: alone on its line, or run in (`Abstract—In this paper`). */
export function findAbstractStart(segments: readonly Segment[]): AbstractStart | undefined {
  for (const [index, segment] of segments.entries()) {
    if (segment.rotated) continue
    if (heading.test(segment.text)) return { index, runIn: false, top: segment.top }
    if (runIn.test(segment.text) && segment.text.split(' ').length > 2) {
      return { index, runIn: true, top: segment.top }
    }
  }
  return undefined
}

/**
 * The abstract: the lines after its heading in one size of print and one column, up to the next heading, the keywords or
 * the introduction. `undefined` when what follows is too short to be one.
 */
export function readAbstract(segments: readonly Segment[], start: AbstractStart): string | undefined {
  const head = segments[start.index]!
  const first = start.runIn ? head : segments.slice(start.index + 1).find((segment) => isBelow(segment, head))
  if (!first) return undefined
  const parts: Segment[] = start.runIn ? [{ ...head, text: head.text.replace(runIn, '') }] : []
  let previous = start.runIn ? head : undefined
  let column = columnOf(segments, first)
  for (const segment of segments.slice(start.index + 1)) {
    if (segment.rotated || !inColumn(segment, column) || segment.top > head.top) continue
    if (isEnd(segment.text) || isHeading(segment, first, previous)) break
    if (Math.abs(segment.fontSize - first.fontSize) > 0.12 * first.fontSize) {
      if (segment.text.length < 12) continue
      break
    }
    if (previous && previous.bottom - segment.top > 3.2 * first.fontSize) break
    parts.push(segment)
    previous = segment
    column = { left: Math.min(column.left, segment.left), right: Math.max(column.right, segment.right) }
    if (parts.length > 120) break
  }
  return finish(parts)
}

/** Columns stand further apart than this, in sizes of print; the widest spaces of a justified line are narrower. */
const gutter = 1.5

/** The column of a line: from end to end, also where wide spaces part it into segments. */
function columnOf(segments: readonly Segment[], line: Segment): { left: number; right: number } {
  const near = gutter * line.fontSize
  const row = segments
    .filter(
      ({ rotated, bottom, fontSize }) =>
        !rotated && Math.abs(bottom - line.bottom) < 0.3 * line.fontSize && fontSize === line.fontSize,
    )
    .sort((a, b) => a.left - b.left)
  let { left, right } = line
  for (const segment of row) {
    if (segment.left >= left && segment.left - right < near) right = Math.max(right, segment.right)
  }
  for (const segment of row.reverse()) {
    if (segment.right <= left && left - segment.right < near) left = segment.left
  }
  return { left, right }
}

/** At least 80 and at most 6,000 characters, up to the end of the last sentence, without a footnote's digit there. */
function finish(parts: readonly Segment[]): string | undefined {
  const text = textOf(parts).slice(0, 6000)
  const whole = /[.!?…)”"’]\d{0,2}$/u.test(text) ? text : (/^.*[.!?](?= )/su.exec(text)?.[0] ?? text)
  return whole.length >= 80 ? whole.replace(/(?<=\p{L}[.!?])\d{1,2}$/u, '') : undefined
}

const note =
  /^(?:a preliminary|an? (?:earlier|extended) version|this (?:work|research|paper was)|supported|permission|©|copyright|correspond|received|manuscript|e-?mail|[*†‡∗])/i

/**
 * An abstract without a heading, as PNAS and Nature print it: a paragraph of at least 300 characters in the upper half,
 * below the title, in another size or weight than the text that follows.
 */
export function readUnheadedAbstract(
  segments: readonly Segment[],
  titleBottom: number,
  bodySize: number,
): string | undefined {
  const body = segments.filter(
    ({ fontSize, text }) => Math.abs(fontSize - bodySize) < 0.3 && text.length > 40,
  )
  const boldBody = body.filter(({ bold }) => bold).length > body.length / 2
  const starts = segments.filter(
    ({ text, top, fontSize, bold, rotated }) =>
      !rotated &&
      top < titleBottom &&
      top > titleBottom * 0.55 &&
      !text.includes('@') &&
      !note.test(text) &&
      text.split(' ').length >= 8 &&
      (text.match(/(?<= )\p{Ll}{2,}/gu)?.length ?? 0) >= 5 &&
      (Math.abs(fontSize - bodySize) >= 0.4 || bold !== boldBody),
  )
  // The first may be an affiliation, which is too short.
  for (const first of starts.slice(0, 5)) {
    const text = readAbstract(segments, { index: segments.indexOf(first), runIn: true, top: first.top })
    if (text !== undefined && text.length >= 300) return text
  }
  return undefined
}

function isBelow(segment: Segment, head: Segment): boolean {
  const centre = (head.left + head.right) / 2
  const under = segment.left <= head.right + 5 * head.fontSize && segment.right >= head.left
  return (
    !segment.rotated &&
    segment.top < head.top &&
    segment.text.length > 20 &&
    ((segment.left <= centre && segment.right >= centre) || under)
  )
}

function inColumn(segment: Segment, column: { left: number; right: number }): boolean {
  const overlap = Math.min(segment.right, column.right) - Math.max(segment.left, column.left)
  return overlap > 0.5 * (segment.right - segment.left)
}

/** A short line set apart from the abstract's text by weight or size. */
function isHeading(segment: Segment, body: Segment, previous: Segment | undefined): boolean {
  const alone = previous === undefined || Math.abs(previous.bottom - segment.bottom) > 0.5 * body.fontSize
  return (
    alone &&
    segment.text.length < 60 &&
    !/[.,]$/.test(segment.text) &&
    ((segment.bold && !body.bold) || segment.fontSize > 1.12 * body.fontSize)
  )
}

/** The keywords under the abstract, where a line begins with `Keywords` or `Index Terms`; at most twenty. */
export function readKeywords(segments: readonly Segment[]): string[] | undefined {
  const index = segments.findIndex(({ text }) =>
    /^(?:key ?words(?: and phrases)?|index terms)\s*[:.—–-]/i.test(text),
  )
  const line = segments[index]
  if (!line) return undefined
  const parts = [line]
  for (const segment of segments.slice(index + 1, index + 12)) {
    const near = parts.at(-1)!.bottom - segment.top < 0.8 * line.fontSize && segment.bottom <= line.top
    if (!near || Math.abs(segment.fontSize - line.fontSize) > 0.5 || isEnd(segment.text)) break
    if (/[.]$/.test(parts.at(-1)!.text)) break
    parts.push(segment)
  }
  const keywords = textOf(parts)
    .replace(/^[^:.—–-]*[:.—–-]+\s*/, '')
    .replace(/\.$/, '')
    .split(/\s*[,;·•|]\s*/)
    .filter((keyword) => keyword.length > 1 && keyword.length < 60)
  return keywords.length > 0 ? keywords.slice(0, 20) : undefined
}
