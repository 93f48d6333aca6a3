import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fullName, looksLikeName, parseName } from '../../methods/references/person-names.ts'
import { findAuthors } from './authors.ts'
import type { Segment } from './segments.ts'

/** A row of cells at the given height; `¹` stands for a raised mark. */
function row(y: number, cells: string[], style: Partial<Segment> = {}): Segment[] {
  const width = 460 / cells.length
  return cells.map((marked, index) => ({
    text: marked.replaceAll('¹', '1'),
    marked,
    left: 70 + index * width,
    right: 70 + index * width + Math.min(width - 20, marked.length * 5),
    bottom: y,
    top: y + 10,
    fontSize: 10,
    font: 'Helvetica',
    bold: false,
    italic: false,
    rotated: false,
    continuesWord: false,
    ...style,
  }))
}
const authors = (...rows: Segment[][]) => findAuthors(rows.flat()).map(fullName)

describe('finding authors', () => {
  it.each([
    [
      'Ada Lovelace1,2, Charles Babbage∗ and Luigi Menabrea†',
      ['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'],
    ],
    [
      'Ada Lovelace¹, Charles Babbage¹, ID, Luigi Menabrea¹ ID',
      ['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'],
    ],
    [
      'Ada Lovelace, PhD; Charles Babbage, M.D., MPH; and Luigi Menabrea Jr.',
      ['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'],
    ],
    ['Ada Lovelace (Turin), Charles Babbage 0000-0002-1825-0097', ['Ada Lovelace', 'Charles Babbage']],
    ['By Ada Lovelace & Charles Babbage', ['Ada Lovelace', 'Charles Babbage']],
    [
      'ADA LOVELACE, J.-P. O’BRIEN AND WIM VAN DER BERG',
      ['Ada Lovelace', 'J.-P. O’Brien', 'Wim van der Berg'],
    ],
    [
      'Sven A. van der Burg, Md Ali Babar, María José Pérez-García',
      ['Sven A. van der Burg', 'Md Ali Babar', 'María José Pérez-García'],
    ],
    ['张伟, 王芳', ['伟 张', '芳 王']],
    ['Ada Lovelace and the Wheel Collaboration', ['Ada Lovelace', 'Wheel Collaboration']],
    ['Ada Lovelace ada@engine.org', ['Ada Lovelace']],
    ['1st Ada Lovelace', ['Ada Lovelace']],
    ['Dr. Ada Lovelace, Prof. Charles Babbage', ['Ada Lovelace', 'Charles Babbage']],
    ['Lovelace, A., Babbage, C. J. & van der Berg, W.', ['A. Lovelace', 'C. J. Babbage', 'W. van der Berg']],
  ])('in %j', (line, expected) => {
    expect(authors(row(600, [line]))).toEqual(expected)
  })

  it('that go on in the next line, in the middle of a name or after it', () => {
    expect(
      authors(
        row(600, ['Ada Lovelace¹, Charles Babbage¹, Dafne van']),
        row(586, ['Kuppevelt¹, Kjartan']),
        row(572, ['Thor Wikfeldt¹, and Luigi Menabrea¹']),
        row(550, ['¹ Society of Wheels, Turin, Italy'], { fontSize: 8 }),
      ),
    ).toEqual([
      'Ada Lovelace',
      'Charles Babbage',
      'Dafne van Kuppevelt',
      'Kjartan Thor Wikfeldt',
      'Luigi Menabrea',
    ])
    expect(authors(row(600, ['Ada Lovelace, Charles Babbage,']), row(586, ['Luigi Menabrea']))).toEqual([
      'Ada Lovelace',
      'Charles Babbage',
      'Luigi Menabrea',
    ])
  })

  it('that a wide space parts in a justified line', () => {
    expect(authors(row(600, ['Ada', 'Lovelace', 'Charles Babbage, Luigi', 'F. Menabrea']))).toEqual([
      'Ada Lovelace',
      'Charles Babbage',
      'Luigi F. Menabrea',
    ])
  })

  it('in cells over their places, of another style or not', () => {
    for (const style of [{ italic: true }, { fontSize: 9 }, { bold: true }, {}]) {
      expect(
        authors(
          row(600, ['Ada Lovelace', 'Charles Babbage']),
          row(588, ['Department of Wheels', 'Engine Laboratory'], style),
          row(576, ['University of Turin', 'Google Inc.'], style),
          row(564, ['ada@turin.it', 'cb@google.com'], style),
          row(540, ['Luigi Menabrea']),
          row(528, ['Turin, Italy'], style),
        ),
      ).toEqual(['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'])
    }
  })

  it('each on a line of their own, with "and" between', () => {
    expect(
      authors(
        row(600, ['ADA LOVELACE']),
        row(588, ['Department of Wheels, Los Angeles']),
        row(576, ['and']),
        row(564, ['AN ZHU']),
        row(552, ['Google Inc, Mountain View.']),
      ),
    ).toEqual(['Ada Lovelace', 'An Zhu'])
  })

  it('and no dates, notes or places', () => {
    expect(
      authors(
        row(620, ['Technical Report']),
        row(600, ['Ada Lovelace']),
        row(588, ['June 21, 2018']),
        row(576, ['Corresponding Author']),
        row(564, ['New York, United States']),
      ),
    ).toEqual(['Ada Lovelace'])
  })

  it('ends on any text', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'AZaz éÉ,;.&¹12*†-’@(){}[]and '), maxLength: 120 })
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), (rows) => {
        const found = authors(...rows.map((cells, index) => row(600 - index * 12, cells)))
        for (const name of found) expect(name).toMatch(/\p{L}/u)
      }),
    )
    expect(authors(row(600, [`A${' and'.repeat(20_000)}`, ', '.repeat(50_000)]))).toEqual([])
  })
})

describe('a name', () => {
  it.each([
    ['Edward W. J. Wallace', { family: 'Wallace', given: 'Edward W. J.' }],
    ['Wallace, Edward', { family: 'Wallace', given: 'Edward' }],
    ['King, Jr., Martin', { family: 'King', given: 'Martin' }],
    ['Ludwig van Beethoven', { family: 'van Beethoven', given: 'Ludwig' }],
    ['de la Fontaine, Jean', { family: 'de la Fontaine', given: 'Jean' }],
    ['Jean DUPONT', { family: 'Dupont', given: 'Jean' }],
    ['ANNE-MARIE O’NEILL', { family: 'O’Neill', given: 'Anne-Marie' }],
    ['Plato', { family: 'Plato' }],
    ['Zoltán Gy¨ongyi', { family: 'Gyöngyi', given: 'Zoltán' }],
  ])('%s has its parts', (name, expected) => {
    expect(parseName(name)).toEqual(expected)
  })

  it.each(['Google Brain 2', 'a b', 'Plato', 'Available online', 'x'.repeat(80)])('%s is none', (text) => {
    expect(looksLikeName(text) && !/^[A-Z]/.test(text)).toBe(false)
  })
})
