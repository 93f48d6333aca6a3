import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureSentences } from '../../../bench/quality/sentences.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { splitSentences } from './sentences.ts'

/** Splits passages whose true boundaries are marked with `|`; gives them back with the boundaries found. */
function marked(passage: string): string {
  const text = passage.replaceAll('|', '')
  return splitSentences(text)
    .map(({ start, end }) => text.slice(start, end))
    .join('|')
}

/** The same without what stands between sentences. */
function truth(passage: string): string {
  return passage
    .split('|')
    .map((sentence) => sentence.trim())
    .join('|')
}

describe('splitSentences', () => {
  it.each([
    // Abbreviations.
    'We follow Ford et al. (2011) here. |Others follow Lee et al. |Both agree with Yu et al. [7] on this.',
    'See Figs. 3 and 4. |Fig. S2 shows more, cf. Tab. 2, as does Sect. IV. |Eq. (4) holds.',
    'Two drugs (e.g. aspirin, i.e. ASA) were used. |Some vs. none was tested.',
    'Dr. Ng and Prof. Oda measured it in Jan. 2011. |It was sample no. 7. |Is it? |No. |It is not.',
    'Pens, paper, etc. were sold. |They bought pens, paper, etc. |Nothing was left.',
    'They came from Merck Inc. (Rahway) and Roche Ltd. |All were pure.',
    'It was done at Mt. Sinai with SPSS v. 21.0. |All was well.',
    'It took 20 min. |Then it took 3 hrs. |25 were left. |Attrition peaked in wk. 6 of the study.',
    // Initials and letters that are names.
    'The study is by K. L. Moss and R.-J. Wu. |They also reared S. mansoni. |It was funded by T. Beck.',
    'They lacked vitamin D. |Patients recovered. |It was written in R. |The package is small. |It was kept at 4 °C. |Growth stopped.',
    'It began in the U.S. |European sites followed. |The U.S. Department of Energy paid for U.K. sites.',
    // Numbers, versions, addresses.
    'It rose by .5 to 3.25 (p < .001). |Version 1.2.3 is at http://a.example/b.c.html. |See doi:10.1000/x.2011.004. |Done.',
    'In 2012, 31 were built. |In 2013 there were 8. |14 failed.',
    // References after the full stop.
    'This was doubted.3,4 |Later work agrees.5–7 |So do others.[8] |And these. [9, 10] |Nothing is settled.',
    // Lower case that begins a sentence.
    'Levels of mRNA rose. |p53 did not. |miR-155 was flat. |zoo provides a class. |It works.',
    // Quotes, brackets, other terminators.
    '“It works.” |“Does it?” he asked. |It does! |(Details are in the appendix.) |We stop here…',
    'The yield (approx. 5 g. A. B. Dye Co. Boston) was low. |It fell... eventually. |It was zero.',
    '本研究では新しい手法を提案する。|結果は良好である。',
  ])('finds the boundaries of: %s', (passage) => {
    expect(marked(passage)).toBe(truth(passage))
  })

  it('goes on over line breaks within a paragraph and stops at empty lines', () => {
    expect(
      marked('We show that\r\nmany lines\r\nare one. |It ends\r\nhere|\r\n\r\nA new paragraph|\n \nbegins.'),
    ).toBe(
      truth('We show that\r\nmany lines\r\nare one. |It ends\r\nhere|\r\n\r\nA new paragraph|\n \nbegins.'),
    )
  })

  it('does not glue headings and items to running text', () => {
    const passage = [
      'The corpus was then split in two parts of nearly equal size, as before.|',
      '2 Previous Work|',
      'Systems of this kind have been built for more than twenty years, and some',
      'of them are in use. |Three of them matter for what follows in this paper:|',
      '• one that learns from labels;|',
      '• one that does not;|',
      '1. Collect: records are gathered from all of the sources that were named.|',
      '2. Merge: records of one work are joined.|',
      'Results|',
      'The first of these systems found all of the relations that were looked for.|',
      'Limits of the Study|',
      'Only two corpora were used in it, and both of them were written in English.',
    ].join('\r\n')
    expect(marked(passage)).toBe(truth(passage))
  })

  it('keeps a line in capitals or quotes that goes on with its paragraph', () => {
    const passage = [
      'Subsequently, in the next section, the class for all regular',
      '"zoo" series, which have an index with a frequency, is discussed and used on',
      'Oklahoma State University data by its authors, who taught it every year.',
    ].join('\r\n')
    expect(marked(passage)).toBe(truth(passage))
  })

  it('covers all text in order, without white space at the ends', () => {
    const pieces = fc.constantFrom(
      'Fig',
      '.',
      '. ',
      '!',
      '?” ',
      '(',
      ')',
      '[12]',
      '\r\n',
      '\n\n',
      'A',
      'al',
      '7',
      'x',
      '。',
      '• ',
      '😀',
    )
    const wild = fc.oneof(
      fc.array(pieces).map((list) => list.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(wild, (text) => {
        let at = 0
        let covered = ''
        for (const { start, end } of splitSentences(text)) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(end).toBeGreaterThan(start)
          const sentence = text.slice(start, end)
          expect(/^[ \n]|[ \n]$/.test(sentence)).toBe(false)
          expect(/\S/.test(text.slice(at, start))).toBe(false)
          covered += sentence
          at = end
        }
        expect(/\S/.test(text.slice(at))).toBe(false)
        expect(covered.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
      }),
      { numRuns: 300 },
    )
  })

  // Each would take minutes were any rule quadratic.
  it.each([
    '.',
    'A. ',
    '(. A',
    ').',
    'word.1',
    'a.       ',
    'A.\n',
    '\n',
    'x.[1',
    '?"',
    'Abcd efgh\n',
    'Fig. (',
    'e.',
  ])('stays linear on a megabyte of %j', (unit) => {
    const text = unit.repeat(1_000_000 / unit.length)
    const sentences = splitSentences(text)
    expect(sentences.at(-1)?.end ?? 0).toBe(text.trimEnd().length)
  })

  it('finds nothing in nothing', () => {
    expect(splitSentences('')).toEqual([])
    expect(splitSentences(' \r\n\t ')).toEqual([])
  })
})

describeWith(labelledSetsFolder, 'on labelled passages', () => {
  it('finds boundaries better than the bar', async () => {
    for (const { value } of await measureSentences(labelledSetsFolder)) expect(value).toBeGreaterThan(0.98)
  })
})
