import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeWith, papersFolder } from '../../test/support/corpora.ts'
import { minimalPdf, textAt } from '../../test/support/minimal-pdf.ts'
import { rectanglesOf, unpackBoxes } from './boxes.ts'
import { createReader } from './reader.ts'

const reader = createReader({ threads: 1 })
afterAll(() => reader.close())

async function pagesOf(source: Uint8Array | string) {
  const outcome = await reader.read(source)
  if (!outcome.ok) throw new Error(outcome.failure.message)
  return outcome.document.pages
}

/** The text of a page whose lines are given as PDF strings: `\034` is the code 0x1C. */
async function textOf(lines: string[]) {
  const content = lines.map((line, index) => textAt(72, 700 - 20 * index, line)).join('')
  return (await pagesOf(minimalPdf([{ content }])))[0]!.text
}

describe('control characters on a page', () => {
  it.each([
    [
      'the Cork encoding',
      [
        'A signi\\034cant e\\033ect of \\020dating\\021 on \\035uctuations',
        'in su\\036cient wa\\037es, 1991\\0252001 \\026 all \\023so\\024 \\022far',
      ],
      'A signiﬁcant eﬀect of “dating” on ﬂuctuations\r\nin suﬃcient waﬄes, 1991–2001 — all «so» „far',
    ],
    [
      'the old TeX encoding, where a carriage return is fl',
      [
        'A signi\\014cant e\\013ect \\014tted by Stra\\031e of re\\015ection',
        'in su\\016cient co\\016n wa\\017es of S\\034ren',
      ],
      'A signiﬁcant eﬀect ﬁtted by Straße of reﬂection\r\nin suﬃcient coﬃn waﬄes of Søren',
    ],
    ['quotes alone', ['Known as \\020dating\\021 here'], 'Known as “dating” here'],
    ['ranges alone', ['In the years 1986\\0251989 and later'], 'In the years 1986–1989 and later'],
    [
      'ends of words',
      ['The sta\\033 took o\\033 with a \\034rst \\034nding'],
      'The staﬀ took oﬀ with a ﬁrst ﬁnding',
    ],
  ])('reads %s', async (_, lines, text) => {
    expect(await textOf(lines)).toBe(text)
  })

  it.each([
    ['formulas', ['a \\034 b = x\\033 y \\035 z']],
    ['codes given out anew', ['A signi\\037cant of\\037ce \\037nding with \\036ags']],
    ['relations between words', ['A level of P \\024 0.05 is usual', 'and about 13.7\\003 per cent']],
  ])('tells nothing of %s', async (_, lines) => {
    const [shown, text] = [lines.join('\r\n'), await textOf(lines)]
    expect(text).toBe(shown.replace(/\\\d{3}/g, '\ufffd'))
  })

  it('keeps line breaks, and words that a hyphen parted at the line’s end', async () => {
    const text = await textOf(['A sentence with a signi-', 'ficant word in it', 'and a third line'])
    expect(text).toBe('A sentence with a significant word in it\r\nand a third line')
  })

  it('keeps the box of every character', async () => {
    const content = textAt(72, 700, 'A signi\\034cant e\\033ect')
    const [page] = await pagesOf(minimalPdf([{ content }]))
    expect(unpackBoxes(page!.boxes).length).toBe(page!.text.length * 4)
    const word = page!.text.indexOf('signi')
    const [rectangle] = rectanglesOf(page!.boxes, page!.text, word, word + 'signiﬁcant'.length)
    const [next] = rectanglesOf(page!.boxes, page!.text, page!.text.indexOf('eﬀect'), page!.text.length)
    expect(rectangle!.right).toBeLessThan(next!.left)
    expect(rectangle!.right - rectangle!.left).toBeGreaterThan(30)
  })
})

describeWith(papersFolder, 'papers with control characters', () => {
  it('reads the Type 3 fonts of strucchange', async () => {
    const text = (await pagesOf(join(papersFolder, 'statistics/deb.strucchange.pdf')))
      .map((page) => page.text)
      .join('\n')
    for (const words of ['signiﬁcance', 'coeﬃcients', 'ﬂuctuation', 'diﬀerent', '“dating”', '1986–1989'])
      expect(text).toContain(words)
    expect(text).not.toMatch(/(?![\t\r\n])\p{Cc}/u)
  })

  it('takes the signs of formulas for no ligatures', async () => {
    const text = (await pagesOf(join(papersFolder, 'mixed/sp.seung08.pdf')))
      .map((page) => page.text)
      .join('\n')
    expect(text).not.toMatch(/[ﬀ-ﬄ]|(?![\t\r\n])\p{Cc}/u)
    expect(text).toContain('h\ufffd by MAP')
  })
})
