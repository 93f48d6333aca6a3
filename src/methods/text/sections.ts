import type { Page, TextLine } from '../../contract/document.ts'
import { isPageNumber, runningKey, runningKeys } from './running-lines.ts'
import { isHeadingAlone, type SectionKind, sectionKind } from './section-kinds.ts'

/** A heading, and with it the section that goes on to the next heading. */
export interface Section {
  /** The heading without its number. */
  title: string
  /** Its number as printed, without a full stop at the end: `2.1`, `IV`, `A`. */
  number?: string
  kind: SectionKind
  /** 1 for the outermost. */
  level: number
  /** Page number and offset of the heading's first character. */
  page: number
  start: number
  /** Offset after the heading's last character on that page; the section's text begins there. */
  headingEnd: number
}

/** A heading with the layout it was known by. */
type Heading = Omit<Section, 'level'> & { style: string; line: TextLine }

/** A line that may be a heading. `certain`: whatever the others are. `standsOut`: its font is not the text's. */
type Candidate = Heading & { certain: boolean; standsOut: boolean }

const printedNumber =
  /^(?:(?:section|chapter)\s+)?(\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=\.)|[A-H](?=\.)(?:\.\d{1,2}){0,2})[.:]?\s+(?=\S)/i
const runIn =
  /^(A(?:bstract|BSTRACT)|S(?:ummary|UMMARY)|K(?:eywords?|EYWORDS?|ey words)|Index Terms)\s*(?:[—–:.]|-+\s)/
const noHeading =
  /^(?:theorem|lemma|definition|proposition|corollary|proof|remark|example|algorithm|table|figure|fig\.|listing|note)\b/i
/** Spaced out by the typesetter: "R E F E R E N C E S". */
const spacedOut = /^\p{L}(?: \p{L}){4,}$/u
const longestHeading = 110
/** A heading's font is this much larger than the text's, unless it is bold or in capitals. */
const larger = 1.08
/** No smaller than this share of the text's font, unless it is larger than it seems: captions and notes are. */
const smallest = 0.88

/**
 * The headings of a document, in order. A line is a heading if it is one of the words that papers of all fields use, or
 * if it has a number in sequence and a font that stands out (larger, bold, capitals), or if its font is one in which such
 * headings are set. Running headers and footers, captions, theorems and what stands before the first known heading
 * (title, authors) are none. After "References" only headings in the font of that one, or numbered in a font that stands
 * out, end the bibliography, whose entries are full of numbers and italics.
 */
export function sectionsOf(pages: readonly Page[]): Section[] {
  const running = runningLines(pages)
  const bodySize = bodySizeOf(pages)
  const candidates = pages.flatMap((page) =>
    page.lines.flatMap((line, index) =>
      running.has(line) ? [] : candidateOf(page, line, page.lines[index + 1], bodySize),
    ),
  )
  const sure = candidates.filter(({ certain, standsOut }) => certain && standsOut)
  const styles = new Set(sure.map(({ style }) => style))
  const bodyFonts = new Set(
    pages.flatMap(({ lines }) => lines.filter(isOfSize(bodySize)).map(({ font }) => font)),
  )
  const fonts = new Set(sure.map(({ line }) => line.font).filter((font) => !bodyFonts.has(font)))
  const headings: Heading[] = []
  let bibliography: string | undefined
  let chapter = 0
  for (const { certain, standsOut, ...heading } of candidates) {
    const { style, line } = heading
    const inFont = fonts.has(line.font) && line.fontSize >= bodySize * larger
    if (!certain && !(standsOut && (styles.has(style) || inFont))) continue
    const last = headings.at(-1)
    if (last && continues(last, heading, bodySize)) {
      last.title = `${last.title} ${heading.title}`
      last.headingEnd = heading.headingEnd
      last.line = heading.line
      continue
    }
    const known = heading.kind === 'appendix' || heading.kind === 'acknowledgements'
    const numbered = heading.number !== undefined && standsOut
    if (bibliography !== undefined && heading.style !== bibliography && !known && !numbered) continue
    const first = Number.parseInt(heading.number ?? '', 10)
    if (first > chapter + 2) continue
    if (first > chapter) chapter = first
    bibliography = heading.kind === 'references' ? heading.style : undefined
    headings.push(heading)
  }
  return withLevels(headings.slice(endOfFrontMatter(headings)))
}

/** The section in which an offset of a page stands: the last that began before it; none in the front matter. */
export function sectionAt(sections: readonly Section[], page: number, offset: number): Section | undefined {
  return sections.findLast(
    (section) => section.page < page || (section.page === page && section.start <= offset),
  )
}

/** Whether text of this section may be quoted as what the paper says: not from its bibliography, thanks or keywords. */
export function isQuotable(section: Section | undefined): boolean {
  return !['references', 'acknowledgements', 'keywords'].includes(section?.kind ?? 'other')
}

/**
 * Lines in the upper or lower margin that come back on many pages, apart from their digits, and page numbers. The margin is
 * that of the page, or of what is printed on it: a journal's small page on a larger sheet has its header far from the edge.
 */
export function runningLines(pages: readonly Page[]): ReadonlySet<TextLine> {
  const margin = 0.15
  const inMargins = pages.map(({ height, lines, text }) => {
    const highest = lines.reduce((most, { box }) => Math.max(most, box.top), 0)
    const lowest = lines.reduce((least, { box }) => Math.min(least, box.bottom), height)
    return lines.flatMap((line) => {
      const { box, fontSize } = line
      const isFoot = box.top < height * margin || box.bottom < lowest + fontSize / 2
      const isHead = box.bottom > height * (1 - margin) || box.top > highest - fontSize / 2
      if (!isFoot && !isHead) return []
      const content = text.slice(line.start, line.end)
      return [{ line, content, key: `${isFoot ? 'foot' : 'head'} ${runningKey(content)}` }]
    })
  })
  const repeated = runningKeys(inMargins.map((lines) => lines.map(({ key }) => key)))
  return new Set(
    inMargins
      .flat()
      .filter(({ key, content }) => repeated.has(key) || isPageNumber(content))
      .map(({ line }) => line),
  )
}

function candidateOf(page: Page, line: TextLine, next: TextLine | undefined, bodySize: number): Candidate[] {
  const { start, end, fontSize, font, bold, italic } = line
  const head = page.text.slice(start, Math.min(end, start + longestHeading + 1))
  const style = `${font} ${fontSize.toFixed(1)} ${bold} ${italic}`
  const place = { page: page.number, start, style, line }
  const inside = page.number <= 2 ? runIn.exec(head) : null
  if (inside) {
    const title = inside[1]!
    const headingEnd = start + inside[0].length
    return [{ title, kind: sectionKind(title), headingEnd, certain: true, standsOut: false, ...place }]
  }
  const whole = spacedOut.test(head) ? head.replaceAll(' ', '') : head
  const printed = printedNumber.exec(whole)?.[0] ?? ''
  const title = whole.slice(printed.length).replace(/[\s:.]+$/, '')
  if (end - start > longestHeading || !looksLikeTitle(title)) return []
  const capitals = /\p{Lu}{4}/u.test(title) && !/\p{Ll}/u.test(title)
  const standsOut = fontSize >= bodySize * larger || capitals || (bold && fontSize >= bodySize * smallest)
  const numbered = printed !== '' && (standsOut || (italic && fontSize >= bodySize * 0.95))
  const known = isHeadingAlone(title) && (standsOut || fontSize >= bodySize * smallest)
  // Words in bold at the beginning of a paragraph, whose line is as wide as the text.
  if (
    printed === '' &&
    !known &&
    !capitals &&
    fontSize < bodySize * larger &&
    isFullLine(page.text, line, next)
  )
    return []
  const kind = page.number > 2 && /^summary$/i.test(title) ? 'conclusion' : sectionKind(title)
  const number = printedNumber.exec(whole)?.[1]
  return [
    {
      title,
      ...(number !== undefined && { number }),
      kind,
      headingEnd: end,
      certain: known || numbered,
      standsOut,
      ...place,
    },
  ]
}

function looksLikeTitle(title: string): boolean {
  return (
    /^(?:\p{Lu}|\p{Ll}+[\p{Lu}\d])/u.test(title) &&
    (title.match(/\p{L}/gu) ?? []).length >= 3 &&
    !noHeading.test(title) &&
    !/[,;]$|[.!]\s/.test(title)
  )
}

/** Whether a line ends in a broken word, or reaches as far as the next line and is set as close to it as text is. */
function isFullLine(text: string, { end, box, fontSize }: TextLine, next: TextLine | undefined): boolean {
  if (/[\p{L}\p{N}]/u.test(text[end] ?? '')) return true
  const leading = next ? box.top - next.box.top : 0
  return next !== undefined && leading > 0 && leading < 1.45 * fontSize && next.box.right - box.right < 30
}

/** Whether a line goes on with the heading before it: next to it, in its font, and without a number of its own. */
function continues(last: Heading, next: Heading, bodySize: number): boolean {
  const gap = last.line.box.bottom - next.line.box.top
  return (
    last.page === next.page &&
    last.style === next.style &&
    next.number === undefined &&
    (!isHeadingAlone(next.title) || /\b(?:and|of|the|for|in|with)$/i.test(last.title)) &&
    next.start - last.headingEnd <= 3 &&
    gap > -bodySize &&
    gap < 0.9 * next.line.fontSize &&
    last.title.length + next.title.length < 2 * longestHeading
  )
}

/** Index of the first heading that every paper may have, if that is near the beginning. */
function endOfFrontMatter(headings: readonly Heading[]): number {
  const first = headings.findIndex(
    ({ kind, title, page }) =>
      page <= 2 && (['abstract', 'introduction'].includes(kind) || isHeadingAlone(title)),
  )
  return Math.max(0, first)
}

function isOfSize(size: number): (line: TextLine) => boolean {
  return ({ fontSize }) => Math.abs(fontSize - size) < 0.1
}

/** The font size that most characters have. */
function bodySizeOf(pages: readonly Page[]): number {
  const counts = new Map<number, number>()
  for (const { lines } of pages) {
    for (const { fontSize, start, end } of lines) {
      const size = Math.round(fontSize * 10) / 10
      counts.set(size, (counts.get(size) ?? 0) + end - start)
    }
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0]
}

/** Levels are the depth of numbers; without a number, that of numbered headings in the same font, else by size. */
function withLevels(headings: readonly Heading[]): Section[] {
  const depthOf = (number: string): number => number.split('.').length
  const byStyle = new Map<string, number>()
  for (const { number, style } of headings) {
    if (number !== undefined && !byStyle.has(style)) byStyle.set(style, depthOf(number))
  }
  const known = headings.filter(({ kind }) => kind !== 'other')
  const outermost = known.reduce((most, { line }) => Math.max(most, line.fontSize), 0)
  return headings.map(({ style, line, ...section }) => {
    const isInner = section.kind === 'other' && line.fontSize < outermost * 0.95
    const level =
      section.number !== undefined ? depthOf(section.number) : (byStyle.get(style) ?? (isInner ? 2 : 1))
    return { ...section, level }
  })
}
