import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWith, papersFolder } from '../../test/support/corpora.ts'
import { createReader } from '../documents/reader.ts'
import { splitSentences } from '../methods/text/sentences.ts'
import { indexDocument } from './document-index.ts'
import { quotationAt, quotationHolds } from './holds.ts'
import { locateQuotation, longestQuotation } from './locate.ts'
import { readable } from './readable.ts'

const id = 'a'.repeat(64)
const indexOf = (...texts: string[]) =>
  indexDocument({ id, pages: texts.map((text, index) => ({ number: index + 1, text })) })

/** What stands where the quotation was located, as `page:text`, or nothing. */
function located(quotation: string, texts: string[], page?: number): string | undefined {
  const index = indexOf(...texts)
  const locator = locateQuotation(quotation, index, page === undefined ? {} : { page })
  if (!locator) return undefined
  const span = { quotation: quotationAt(locator.ranges, index.pages), locator }
  expect(quotationHolds(span, index.pages)).toBe(true)
  return locator.ranges
    .map(({ page, start, end }) => `${page}:${texts[page - 1]!.slice(start, end)}`)
    .join('|')
}

describe('locateQuotation', () => {
  const page = [
    'We found that the method is not significantly better (p < 0.05), with',
    'an accuracy of 12.5% on 1,204 pa-',
    'tients. The eﬀect “vanishes” in non-significant groups – a simple',
    'matter – and cannot be insignificant at −3 °C. It rose by 5–7 points.12 Later work disagrees.',
  ].join('\r\n')

  it.each([
    [
      'the method is not significantly better (p < 0.05)',
      'the method is not significantly better (p < 0.05)',
    ],
    ['with an accuracy of 12.5% on 1,204 patients.', 'with\r\nan accuracy of 12.5% on 1,204 pa-\r\ntients.'],
    ['The effect "vanishes" in non-significant groups', 'The eﬀect “vanishes” in non-significant groups'],
    ['a simple matter', 'a simple\r\nmatter'],
    ['“An accuracy of 12.5 % on 1,204 pa- tients…”', 'an accuracy of 12.5% on 1,204 pa-\r\ntients.'],
    ['the effect vanishes in nonsignificant groups', 'The eﬀect “vanishes” in non-significant groups'],
    ['It rose by 5 - 7 points.', 'It rose by 5–7 points.'],
    ['Later work disagrees.', 'Later work disagrees.'],
  ])('finds %s', (quotation, there) => {
    expect(located(quotation, [page])).toBe(`1:${there}`)
  })

  it.each([
    ['another number', 'with an accuracy of 13.5% on 1,204 patients'],
    ['a moved decimal point', 'with an accuracy of 1.25% on 1,204 patients'],
    ['a lost decimal point', 'with an accuracy of 125% on 1,204 patients'],
    ['a lost per cent sign', 'with an accuracy of 12.5 on 1,204 patients'],
    ['a lost "not"', 'the method is significantly better (p < 0.05)'],
    ['another "not"', 'We found not that the method is not significantly better'],
    ['a turned comparison', 'significantly better (p > 0.05)'],
    ['another word', 'We found that the method is not significantly worse'],
    ['a word less', 'We found the method is not significantly better'],
    ['two words swapped', 'We found that method the is not significantly better'],
    ['a cut word', 'significant at −3 °C. It rose by 5–7 points'],
    ['a cut compound', 'significant groups – a simple matter'],
    ['a cut negative number', '3 °C. It rose by 5–7 points'],
    ['a cut decimal number', '5% on 1,204 patients. The effect'],
    ['a cut range', 'It rose by 5'],
    ['a cut word at the end', 'We found that the method is not signif'],
    ['an elision', 'We found that the method … an accuracy of 12.5%'],
  ])('refuses %s', (_, quotation) => {
    expect(located(quotation, [page])).toBeUndefined()
  })

  it.each([
    [
      '',
      'the',
      'of the',
      '12.5% 1,204',
      '.....?!',
      '\u0000\u200b',
      '(p < 0.05)',
      ' \r\n ',
      'on 1,204 pa',
      '. . . .',
    ],
  ])('refuses what is too short to prove anything', (...short) => {
    for (const quotation of short) expect(located(quotation, [page])).toBeUndefined()
  })

  it('takes text between hyphen and apostrophe as one word', () => {
    const texts = ["The models can't be trusted here – the state-of-the-art models can be."]
    expect(located('The models can', texts)).toBeUndefined()
    expect(located('t be trusted here – the state', texts)).toBeUndefined()
    expect(located('art models can be.', texts)).toBeUndefined()
    expect(located('the state-of-the-art models can be.', texts)).toBe(
      '1:the state-of-the-art models can be.',
    )
  })

  it('finds a quotation in a script without spaces', () => {
    const texts = ['本研究では新しい手法を提案する。結果は良好である。']
    expect(located('新しい手法を提案する', texts)).toBe('1:新しい手法を提案する')
    expect(located('手法', texts)).toBeUndefined()
  })

  it('takes the hinted page when a quotation stands twice, else the first', () => {
    const texts = ['Nothing is here.', 'It is known by all. It is known by all.', 'See: it is known by all.']
    expect(located('It is known by all.', texts)).toBe('2:It is known by all.')
    expect(located('it is known by all.', texts, 3)).toBe('3:it is known by all.')
    expect(located('It is known by all.', texts, 1)).toBe('2:It is known by all.')
    expect(located('It is known by all.', texts, 99)).toBe('2:It is known by all.')
    // Letter for letter on another page before letters alone on the hinted one.
    expect(located('It is known by all.', texts, 3)).toBe('2:It is known by all.')
  })

  describe('over a page break', () => {
    const texts = [
      'J. Open Methods 7\r\nOne page begins here and\r\nthe sentence that it ends with is distri-\r\n1',
      'J. Open Methods 7\r\nbuted over two pages. The next page\r\nends plainly with\r\n2',
      'J. Open Methods 7\r\n  another break.\r\n3',
    ]

    it('leaves out running lines and page numbers', () => {
      expect(located('the sentence that it ends with is distributed over two pages.', texts)).toBe(
        '1:the sentence that it ends with is distri-|2:buted over two pages.',
      )
      expect(located('The next page ends plainly with another break.', texts, 3)).toBe(
        '2:The next page\r\nends plainly with|3:another break.',
      )
    })

    it('reads as one sentence', () => {
      const index = indexOf(...texts)
      const { ranges } = locateQuotation('that it ends with is distributed over two pages', index)!
      expect(quotationAt(ranges, index.pages)).toBe('that it ends with is distributed over two pages')
    })

    it('does not reach over a page that is missing, nor over two breaks', () => {
      const pages = [
        { number: 1, text: texts[0]! },
        { number: 3, text: texts[1]! },
      ]
      expect(
        locateQuotation(
          'the sentence that it ends with is distributed over two pages.',
          indexDocument({ id, pages }),
        ),
      ).toBeUndefined()
      const three = ['it begins on one', 'goes on over another', 'and ends on the third']
      expect(located('it begins on one goes on over another and ends on the third', three)).toBeUndefined()
    })
  })

  it('finds each run of whole words where it stands', () => {
    const word = fc.constantFrom(
      'model',
      'data',
      'ﬁt',
      'Übung',
      'p < 0.05',
      '12.5%',
      'so-called',
      '“both”',
      'naïve',
    )
    const gap = fc.constantFrom(' ', ' ', '\r\n', '  ', '\u00a0')
    const texts = fc.array(fc.tuple(word, gap), { minLength: 30, maxLength: 80 })
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (pairs, first, count) => {
        const from = first % 20
        const upTo = from + 6 + (count % 20)
        const text = pairs.map((pair) => pair.join('')).join('')
        const before = pairs
          .slice(0, from)
          .map((pair) => pair.join(''))
          .join('').length
        const run = pairs
          .slice(from, upTo)
          .map((pair) => pair.join(''))
          .join('')
          .trim()
        const index = indexOf('Nothing of this kind.', text)
        const { ranges } = locateQuotation(readable(run), index, { page: 2 })!
        expect(ranges[0]!.page).toBe(2)
        expect(ranges[0]!.start).toBeLessThanOrEqual(before)
        expect(quotationAt(ranges, index.pages)).toBe(readable(run))
      }),
    )
  })

  it('never throws and holds whatever it finds', () => {
    const piece = fc.constantFrom(
      'a ',
      'b',
      '-\n',
      '5',
      '.',
      ' not ',
      '\u0301',
      'ﬁ',
      "'",
      '漢',
      '\ud800',
      '\u00ad',
    )
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, fc.nat(60), fc.nat(60), (one, two, start, length) => {
        const index = indexOf(one, two)
        const locator = locateQuotation(`${one} ${two}`.slice(start, start + length), index)
        if (!locator) return
        const quotation = quotationAt(locator.ranges, index.pages)
        expect(quotationHolds({ quotation, locator }, index.pages)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['one letter', 'a'.repeat(300_000), 'a'.repeat(longestQuotation)],
    ['one word', 'aa '.repeat(100_000), `${'aa '.repeat(1000)}b`],
    ['places that cut words', 'xa bc def ghi jklm '.repeat(20_000), 'a bc def ghi jklm'],
    ['brackets and stars', '(.*)+[a-z]{2,}$ '.repeat(20_000), '(.*)+[a-z]{2,}$ (.*)+[a-z]{3,}'],
    ['a megabyte', 'some words here', 'some words here '.repeat(65_000)],
  ])('is not slowed down by %s', (_, text, quotation) => {
    const index = indexOf(text)
    for (let round = 0; round < 20; round++) expect(locateQuotation(quotation, index)).toBeUndefined()
  })

  it('finds text full of signs that mean something in patterns', () => {
    expect(
      located('the pattern (.*)+$ [a-z]{2,} \\d matches', [
        'Here the pattern (.*)+$ [a-z]{2,} \\d matches it.',
      ]),
    ).toBe('1:the pattern (.*)+$ [a-z]{2,} \\d matches')
  })
})

describeWith(papersFolder, 'on real papers', () => {
  it('finds every sentence on its own page', async () => {
    await using reader = createReader({ threads: 1 })
    const folder = join(papersFolder, 'replication')
    let sentences = 0
    for (const name of readdirSync(folder)) {
      const outcome = await reader.read(join(folder, name))
      if (!outcome.ok) continue
      const index = indexDocument(outcome.document)
      for (const { number, text } of outcome.document.pages) {
        for (const { start, end } of splitSentences(text)) {
          const quotation = readable(text.slice(start, end))
          if (quotation.length > longestQuotation || quotation.split(' ').length < 8) continue
          if ((quotation.match(/\p{L}/gu) ?? []).length < 20) continue
          const locator = locateQuotation(quotation, index, { page: number })
          expect([quotation, locator?.ranges[0]?.page]).toEqual([quotation, number])
          expect(quotationHolds({ quotation, locator: locator! }, outcome.document.pages)).toBe(true)
          sentences++
        }
      }
    }
    expect(sentences).toBeGreaterThan(500)
  })
})
