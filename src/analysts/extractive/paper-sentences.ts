import type { Page, TextLine } from '../../contract/document.ts'
import { readable } from '../../evidence/readable.ts'
import { isQuotable, runningLines, type Section, sectionAt, sectionsOf } from '../../methods/text/sections.ts'
import { splitSentences } from '../../methods/text/sentences.ts'
import { purposeOfSection } from './section-purposes.ts'

/** A sentence of a paper's running text, in readable form, with its place. */
export interface PaperSentence {
  text: string
  /** 1-based page number. */
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
 * headings, captions, notes, tables, figures or code. A sentence that goes on over a page break is left out.
 */
export function sentencesOfPaper(pages: readonly Page[]): PaperSentence[] {
  const sections = sectionsOf(pages)
  const total = pages.reduce((sum, { text }) => sum + text.length, 0)
  let before = 0
  const offsets = new Map<number, number>()
  for (const { number, text } of pages) {
    offsets.set(number, before)
    before += text.length
  }
  return stretchesOf(pages, sections).flatMap(({ page, start, end, section, opens }) => {
    const heading = headingOf(sections, section)
    const text = page.text.slice(start, end)
    const sentences = splitSentences(text)
    return sentences.flatMap((sentence, index): PaperSentence[] => {
      const before = page.text.slice(Math.max(0, start + sentence.start - 6), start + sentence.start)
      // The second part of a broken word, or of a word that a line break before a capital cut.
      if (/[\p{L}\p{N}][-‐\u00ad]\s*$|[\p{L}\p{N}]$/u.test(before)) return []
      const previous = sentences[index - 1]
      const afterSentence = previous
        ? /[.!?]\W{0,2}$/.test(text.slice(previous.end - 3, previous.end))
        : opens
      return [
        {
          text: readable(text.slice(sentence.start, sentence.end)),
          page: page.number,
          position: (offsets.get(page.number)! + start + sentence.start) / Math.max(1, total),
          section: section?.title,
          heading,
          afterSentence,
        },
      ]
    })
  })
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
