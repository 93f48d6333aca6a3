import { describe, expect, it } from 'vitest'
import { isPageNumber, pageBodies } from './running-lines.ts'

const bodies = (...texts: string[]) =>
  pageBodies(texts.map((text) => ({ text }))).map(({ start, end }, index) =>
    texts[index]!.slice(start, end).trim(),
  )

describe('pageBodies', () => {
  it('leaves out headers and footers that come back, and page numbers', () => {
    expect(
      bodies(
        'A title that stands once\r\nBody one.\r\nJournal of Things, 8(87), 143.\r\n1',
        '2 An Author\r\nBody two.\r\nJournal of Things, 8(87), 143.\r\n2',
        'A Short Title 3\r\nBody three.\r\nJournal of Things, 8(87), 143.\r\n3',
        '4 An Author\r\n\r\nBody four.\r\nJournal of Things, 8(87), 143.\r\n4',
        'A Short Title 5\r\nBody five.\r\n12 things.\r\nJournal of Things, 8(87), 143.\r\n– v –',
      ),
    ).toEqual([
      'A title that stands once\r\nBody one.',
      'Body two.',
      'Body three.',
      'Body four.',
      'Body five.\r\n12 things.',
    ])
  })

  it('keeps a line that comes back only on few of many pages, and one within the body', () => {
    const texts = Array.from(
      { length: 20 },
      (_, page) => `Begins ${'abcdefghijklmnopqrst'[page]}.\nTable\nEnds ${'tsrqponmlkjihgfedcba'[page]}.`,
    )
    texts[3] = `Algorithm\n${texts[3]}`
    texts[9] = `Algorithm\n${texts[9]}`
    expect(bodies(...texts)).toEqual(texts)
  })

  it('leaves nothing of a page that holds running lines only', () => {
    expect(bodies('Same\n1', 'Same\n2')).toEqual(['', ''])
    expect(bodies('', 'One page')).toEqual(['', 'One page'])
  })

  it('stays linear on a page of a million short lines', () => {
    expect(bodies('\n'.repeat(1_000_000), 'x\n'.repeat(500_000))).toHaveLength(2)
  })
})

describe('isPageNumber', () => {
  it('knows page numbers from other short lines', () => {
    const numbers = ['1', '– 12 –', '[iv]', 'Page 3 of 10', '3/10', 'S12', 'p. 7']
    expect(numbers.filter((line) => !isPageNumber(line))).toEqual([])
    const others = ['', '12345', '12 things', 'Figure 2', '1.5', 'civil', '3 of']
    expect(others.filter(isPageNumber)).toEqual([])
  })
})
