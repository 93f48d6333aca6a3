import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeWith, papersFolder } from '../../../test/support/corpora.ts'
import type { Page, TextLine } from '../../contract/document.ts'
import { createReader } from '../../documents/reader.ts'
import { sectionKind } from './section-kinds.ts'
import { isQuotable, runningLines, sectionAt, sectionsOf } from './sections.ts'

type Style = Partial<Pick<TextLine, 'fontSize' | 'font' | 'bold' | 'italic'>>

/** A page of lines as a reader would leave it: with space above and below what stands out, as wide as their text. */
function page(number: number, lines: readonly (string | [string, Style])[]): Page {
  let text = ''
  let height = 800
  const laidOut = lines.map((each, index): TextLine => {
    const [content, style] = typeof each === 'string' ? [each, {}] : each
    const start = text.length
    text += `${content}\r\n`
    const fontSize = style.fontSize ?? 10
    height -= style.fontSize === undefined ? 12 : 20
    const top = index === lines.length - 1 ? 50 : height
    const box = { left: 70, right: 70 + content.length * 5, top, bottom: top - fontSize }
    return {
      start,
      end: start + content.length,
      box,
      fontSize,
      font: 'Text',
      bold: false,
      italic: false,
      ...style,
    }
  })
  return { number, width: 595, height: 842, text, lines: laidOut, boxes: new Uint8Array() }
}

const heading: Style = { fontSize: 14, bold: true, font: 'Sans-Bold' }
const inner: Style = { fontSize: 11.5, bold: true, font: 'Sans-Bold' }
const prose = (which: string) =>
  `This is ${which} line of running text that is as long as lines of running text are.`

const pages = [
  page(1, [
    ['A Study of Things', { fontSize: 18, bold: true }],
    ['Ann Author and Bert Author', { bold: true }],
    ['Abstract', { bold: true }],
    prose('one'),
    ['Keywords: things, studies', { fontSize: 9 }],
    ['1 Introduction', heading],
    prose('another'),
    ['Bold words at the beginning of a paragraph are no heading of the text that follows', { bold: true }],
    prose('the third'),
    '1. An item of a list is no heading',
    'Journal of Things 8, 1',
  ]),
  page(2, [
    'Ann Author: Things',
    ['2. How the Things Were', heading],
    ['Counted and Weighed', heading],
    prose('a short'),
    ['2.1 Counting', inner],
    prose('a long'),
    ['Weighing', inner],
    ['Theorem 3. Things weigh what they weigh', inner],
    prose('the sixth'),
    'Table 1: Results',
    ['Results', { fontSize: 7 }],
    'Journal of Things 8, 2',
  ]),
  page(3, [
    'A Study of Things',
    ['3 Results and Limitations', heading],
    prose('some'),
    ['R E F E R E N C E S', heading],
    'A. Author (2001). About things. Journal of Things 7.',
    ['Journal of Things', { italic: true }],
    ['38 Things in Bold', { bold: true }],
    ['A. Proofs', heading],
    prose('yet another'),
    'Journal of Things 8, 3',
  ]),
]

describe('sectionsOf', () => {
  const sections = sectionsOf(pages)

  it('finds headings with their numbers, kinds and levels', () => {
    expect(
      sections.map(
        ({ number, title, kind, level, page }) => `${page} ${level} ${number ?? '-'} ${title} (${kind})`,
      ),
    ).toEqual([
      '1 1 - Abstract (abstract)',
      '1 1 - Keywords (keywords)',
      '1 1 1 Introduction (introduction)',
      '2 1 2 How the Things Were Counted and Weighed (other)',
      '2 2 2.1 Counting (other)',
      '2 2 - Weighing (other)',
      '3 1 3 Results and Limitations (limitations)',
      '3 1 - REFERENCES (references)',
      '3 1 A Proofs (other)',
    ])
  })

  it('tells where a section begins and its heading ends', () => {
    const { start, headingEnd } = sections.find(({ number }) => number === '2')!
    expect(pages[1]!.text.slice(start, headingEnd)).toBe('2. How the Things Were\r\nCounted and Weighed')
  })

  it('tells in which section an offset stands, and whether that may be quoted', () => {
    const at = (number: number, words: string) =>
      sectionAt(sections, number, pages[number - 1]!.text.indexOf(words))
    expect(at(1, 'Ann Author')).toBeUndefined()
    expect(isQuotable(undefined)).toBe(true)
    expect(at(1, 'Bold words')?.title).toBe('Introduction')
    expect(at(2, 'Ann Author')?.title).toBe('Introduction')
    expect(at(2, 'Table 1')?.title).toBe('Weighing')
    expect(isQuotable(at(2, 'Table 1'))).toBe(true)
    for (const words of ['A. Author', 'Journal of Things\r', '38 Things']) {
      expect(at(3, words)?.kind).toBe('references')
      expect(isQuotable(at(3, words))).toBe(false)
    }
    expect(isQuotable(at(3, 'This is'))).toBe(true)
    expect(sectionAt(sections, 3, pages[2]!.text.lastIndexOf('This is'))?.title).toBe('Proofs')
  })

  it('finds nothing in nothing', () => {
    expect(sectionsOf([])).toEqual([])
    expect(sectionsOf([page(1, [])])).toEqual([])
  })
})

describe('runningLines', () => {
  it('finds what comes back in the margins, whatever its digits', () => {
    const running = runningLines(pages)
    const texts = pages.flatMap(({ text, lines }) =>
      lines.filter((line) => running.has(line)).map(({ start, end }) => text.slice(start, end)),
    )
    expect(texts).toEqual([
      'A Study of Things',
      'Journal of Things 8, 1',
      'Journal of Things 8, 2',
      'A Study of Things',
      'Journal of Things 8, 3',
    ])
  })

  it('finds them on a small page that is printed on a larger sheet', () => {
    const small = pages.map((each) => ({ ...each, height: 1_200 }))
    const raised = small.map((each) => ({
      ...each,
      lines: each.lines.map((line) => ({
        ...line,
        box: { ...line.box, top: line.box.top + 200, bottom: line.box.bottom + 200 },
      })),
    }))
    const running = runningLines(raised)
    const texts = raised.flatMap(({ text, lines }) =>
      lines.filter((line) => running.has(line)).map(({ start, end }) => text.slice(start, end)),
    )
    expect(texts).toContain('Journal of Things 8, 2')
    expect(texts).toContain('Journal of Things 8, 3')
  })
})

describe('sectionKind', () => {
  it.each([
    ['Materials and Methods', 'methods'],
    ['Conclusions and Future Work', 'conclusion'],
    ['Threats to validity', 'limitations'],
    ['Experimental Results', 'results'],
    ['Background', 'related-work'],
    ['Data', 'data'],
    ['Data structures', 'other'],
    ['Literature Cited', 'references'],
    ['Author’s Contribution', 'acknowledgements'],
    ['The resulting model', 'other'],
  ])('takes %s for %s', (title, kind) => {
    expect(sectionKind(title)).toBe(kind)
  })
})

describeWith(papersFolder, 'on real papers', () => {
  it('finds the abstract and the bibliography, and no entry of it outside', async () => {
    await using reader = createReader({ threads: 2 })
    const folder = join(papersFolder, 'open-education')
    let [papers, abstracts, bibliographies, entriesOutside] = [0, 0, 0, 0]
    for (const name of readdirSync(folder)) {
      const outcome = await reader.read(join(folder, name))
      if (!outcome.ok) continue
      papers++
      const sections = sectionsOf(outcome.document.pages)
      if (sections[0]?.kind === 'abstract') abstracts++
      if (sections.at(-1)?.kind === 'references') bibliographies++
      const running = runningLines(outcome.document.pages)
      for (const { number, text, lines } of outcome.document.pages) {
        for (const line of lines) {
          const content = text.slice(line.start, line.end)
          const isEntry =
            /^\p{Lu}[\p{L}-]+, (?:\p{Lu}\. ?)+,.*\(\d{4}\)\.|^https:\/\/doi\.org\/10\.\S+$/u.test(content)
          if (isEntry && !running.has(line) && isQuotable(sectionAt(sections, number, line.start)))
            entriesOutside++
        }
      }
    }
    expect({ papers, abstracts, bibliographies, entriesOutside }).toEqual({
      papers: 16,
      abstracts: 16,
      // One has no heading over its bibliography, which stands below its acknowledgements.
      bibliographies: 15,
      entriesOutside: 0,
    })
  })
})
