import type { Page, TextLine } from '../../contract/document.ts'
import { readable } from '../../evidence/readable.ts'
import { withoutLigatures } from '../../methods/text/ligatures.ts'
import { pageBodies } from '../../methods/text/running-lines.ts'
import { isQuotable, runningLines, type Section, sectionAt, sectionsOf } from '../../methods/text/sections.ts'
import { splitSentences } from '../../methods/text/sentences.ts'
import { raisedDigitsOf } from './raised-digits.ts'
import { purposeOfSection } from './section-purposes.ts'

/** A sentence of a paper's running text, with its place. */
export interface PaperSentence {
  /** In readable form, with ligatures spelt out. */
  text: string
  /** 1-based number of the page on which it begins. */
  page: number
  /** Where it stands in the paper, from 0 for its beginning to 1 for its end. */
  position: number
  /** The heading above it, as printed. */
  section?: string | undefined
  /** The nearest heading above it that tells what the text is for: an outer one where the inner one does not. */
  heading?: string | undefined
  /** Whether it follows a heading, or the end of another sentence without a break between them. */
  afterSentence: boolean
}

const typewriter =
  /mono|courier|consol|typewriter|inconsolata|menlo|\bcmtt|^(?:sf|ec|la)tt|tt\d|cmsltt|code|lucidasanstyp/i
const caption = /^(?:figure|fig\.|table|listing|algorithm|scheme|plate|box)\s*\d+/i
/** Lists of files and formalities, not the paper's text. */
const supporting =
  /^(?:support|supplement|data availab|code availab|ethic|consent|competing|author|abbreviations|computational details)/i
/** Text much smaller than the body is a note, a caption, a label in a figure or a cell of a table. */
const smallest = 0.87
const largest = 1.15
/** A line set further from the one above than this, in heights of its font, begins something new. */
const widestLeading = 2.1
/** Longest paper that is read, in UTF-16 units of all pages. */
const longestRead = 4_000_000

/** A run of lines of one page that a sentence may go through. */
interface Stretch {
  page: Page
  start: number
  end: number
  section: Section | undefined
  /** Whether a heading stands right before it. */
  opens: boolean
}

/**
 * The sentences of a paper's running text in their order: not of its bibliography, acknowledgements, running headers,
 * headings, captions, notes, tables, figures or code, nor with numbers that plain text garbles. A sentence that goes on over a page break is given whole where nothing
 * but running lines stands between its parts, and else left out.
 */
export function sentencesOfPaper(pages: readonly Page[]): PaperSentence[] {
  const sections = sectionsOf(pages)
  const placeOf = placesOf(pages)
  const stretches = stretchesOf(pages, sections)
  const bodies = new Map(pageBodies(pages).map((body, index) => [pages[index]!.number, body]))
  const found: PaperSentence[] = []
  /** How much of a stretch belongs to the sentence that began on the page before. */
  let taken = 0
  const raised = new Map(pages.map((page) => [page, raisedDigitsOf(page)]))
  for (const [index, stretch] of stretches.entries()) {
    const { page, start, section } = stretch
    const text = textOf(stretch)
    const heading = headingOf(sections, section)
    const sentences = splitSentences(text)
    const add = (at: number, printed: string, afterSentence: boolean) =>
      found.push({
        text: withoutLigatures(readable(printed)),
        page: page.number,
        position: placeOf(page.number, start + at),
        section: section?.title,
        heading,
        afterSentence,
      })
    const isAfter = (sentence: number) => {
      const previous = sentences[sentence - 1]
      return previous ? endsSentence(text.slice(0, previous.end)) : stretch.opens
    }
    const next = stretches[index + 1]
    const last = sentences.at(-1)
    const broken = last && next && goesOver(stretch, next, text) ? next : undefined
    for (const [at, sentence] of sentences.entries()) {
      if (sentence.start < taken || (broken && sentence === last)) continue
      if (raised.get(page)!(start + sentence.start, start + sentence.end)) continue
      const before = page.text.slice(Math.max(0, start + sentence.start - 6), start + sentence.start)
      // The second part of a broken word, or of a word that a line break before a capital cut.
      if (/[\p{L}\p{N}][-‐\u00ad]\s*$|[\p{L}\p{N}]$/u.test(before)) continue
      add(sentence.start, text.slice(sentence.start, sentence.end), isAfter(at))
    }
    const began = taken
    taken = 0
    if (last === undefined || broken === undefined || last.start < began) continue
    const whole = `${text.slice(last.start)}\n${textOf(broken)}`
    const { end } = splitSentences(whole)[0]!
    taken = Math.max(0, end - (text.length - last.start) - 1)
    const [body, nextBody] = [bodies.get(page.number)!, bodies.get(broken.page.number)!]
    const isAdjacent =
      isBlank(page.text, stretch.end, body.end) &&
      isBlank(broken.page.text, nextBody.start, broken.start) &&
      start + last.start >= body.start &&
      broken.start + taken <= nextBody.end
    if (taken > 0 && isAdjacent) add(last.start, whole.slice(0, end), isAfter(sentences.length - 1))
  }
  return found
}

function textOf({ page, start, end }: Stretch): string {
  return page.text.slice(start, end)
}

function isBlank(text: string, from: number, to: number): boolean {
  return from <= to && text.slice(from, to).trim() === ''
}

function endsSentence(text: string): boolean {
  return /[.!?]\W{0,2}$/.test(text.slice(-3))
}

/** Whether the last sentence of a page's running text is not at its end there and the next page goes on. */
function goesOver(stretch: Stretch, next: Stretch, text: string): boolean {
  return (
    next.page.number === stretch.page.number + 1 &&
    next.section === stretch.section &&
    !next.opens &&
    !endsSentence(text.trimEnd())
  )
}

/** Where a place stands in the paper: 0 at its beginning, 1 at its end. */
function placesOf(pages: readonly Page[]): (page: number, offset: number) => number {
  const total = Math.max(
    1,
    pages.reduce((sum, { text }) => sum + text.length, 0),
  )
  const offsets = new Map<number, number>()
  let before = 0
  for (const { number, text } of pages) {
    offsets.set(number, before)
    before += text.length
  }
  return (page, offset) => (offsets.get(page)! + offset) / total
}

function stretchesOf(pages: readonly Page[], sections: readonly Section[]): Stretch[] {
  const running = runningLines(pages)
  const bodySize = bodySizeOf(pages)
  const headings = new Set(sections.map(({ page, start }) => `${page}:${start}`))
  const stretches: Stretch[] = []
  let read = 0
  for (const page of pages) {
    read += page.text.length
    if (read > longestRead) break
    let open: { stretch: Stretch; last: TextLine } | undefined
    let inCaption = false
    for (const line of page.lines) {
      const section = sectionAt(sections, page.number, line.start)
      const inHeading =
        section?.page === page.number && line.start >= section.start && line.start < section.headingEnd
      const apart = open === undefined || isApart(open.last, line)
      if (caption.test(page.text.slice(line.start, line.start + 30))) inCaption = true
      else if (apart) inCaption = false
      const start = inHeading ? section.headingEnd : line.start
      if (
        running.has(line) ||
        !isQuotable(section) ||
        supporting.test(section?.title ?? '') ||
        !isBody(line, bodySize) ||
        inCaption ||
        start >= line.end ||
        (inHeading && headings.has(`${page.number}:${line.start}`) && section.headingEnd >= line.end)
      ) {
        open = undefined
        continue
      }
      if (open && !apart && !inHeading && open.stretch.section === section) {
        open.stretch.end = line.end
        open.last = line
      } else {
        const opens =
          section !== undefined &&
          section.page === page.number &&
          page.text.slice(section.headingEnd, start).trim() === ''
        const stretch = { page, start, end: line.end, section, opens }
        stretches.push(stretch)
        open = { stretch, last: line }
      }
    }
  }
  return stretches
}

function isBody({ fontSize, font }: TextLine, bodySize: number): boolean {
  return fontSize >= bodySize * smallest && fontSize <= bodySize * largest && !typewriter.test(font)
}

/** Whether a line begins something new: another size, or a gap below the line before it. The next column does not. */
function isApart(last: TextLine, line: TextLine): boolean {
  if (Math.abs(last.fontSize - line.fontSize) > 0.12 * last.fontSize) return true
  const drop = last.box.bottom - line.box.bottom
  return drop > widestLeading * last.fontSize && line.box.left < last.box.right
}

/** The font size that most characters have. */
function bodySizeOf(pages: readonly Page[]): number {
  const counts = new Map<number, number>()
  for (const { lines } of pages) {
    for (const { fontSize, start, end } of lines) {
      const size = Math.round(fontSize * 2) / 2
      counts.set(size, (counts.get(size) ?? 0) + end - start)
    }
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0]
}

function headingOf(sections: readonly Section[], section: Section | undefined): string | undefined {
  if (section === undefined) return undefined
  let level = section.level
  for (let index = sections.indexOf(section); index >= 0 && level > 0; index--) {
    const candidate = sections[index]!
    if (candidate !== section && candidate.level >= level) continue
    level = candidate.level
    if (purposeOfSection(candidate.title) !== 'other') return candidate.title
  }
  return section.title
}
