import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, lettersAndDigits, sourceRange } from './normalise.ts'
import { readable } from './readable.ts'

/** Text with much of what is hard: marks, jamo, ligatures, invisible characters, hyphens at line ends, astral letters. */
const hard = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'e',
        'B',
        '7',
        '.',
        ',',
        '-',
        ' ',
        '\n',
        '\r\n',
        '-\r\n',
        '\u00ad\n',
        '\t',
        '`',
        "'",
        '<',
        '≤',
      ],
      ...['\u0301', '\u0308', '\u0316', '\u200b', '\u200d', '\u00ad', '\u0001', '\ufeff', '\u2028', '\u0085'],
      ...[
        'ﬁ',
        'ﬃ',
        '“',
        '’',
        '″',
        '´',
        '¨',
        '–',
        '−',
        '½',
        '²',
        'µ',
        'İ',
        'ß',
        'ς',
        '가',
        '\u1100',
        '\u1161',
      ],
      ...[
        '\u11a8',
        '漢',
        'カ',
        '\uff9e',
        '\u3164',
        '𝑝',
        '😀',
        '\ud83d',
        '\udc00',
        'ŉ',
        '\u0338',
        '=',
        'ﷺ',
        '\u0f73',
      ],
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''))
const wild = fc.oneof(hard, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme' }))

describe('fold', () => {
  it.each([
    [
      'hyphenation at line ends',
      'dis-\r\nease, origi‐\nnal, co\u00ad\nbalt, al\u00ad\u2010\nloy, a--\nb',
      'disease, original, cobalt, alloy, a-- b',
    ],
    [
      'hyphens that stay',
      '200-\n300, Anglo-\nAmerican, a -\nb, x-\n\ny',
      '200-300, Anglo-American, a - b, x- y',
    ],
    ['white space', ' a \t\r\n b\u00a0\u2003c\u3000d\u0085e ', ' a b c d e '],
    ['ligatures', 'ﬁnal eﬃcient ﬂow', 'final efficient flow'],
    ['quotation marks', '“a” „b‟ ‘c’ `d´ 5′ 6″ «e»', `"a" "b" 'c' 'd' 5' 6'' "e"`],
    ['dashes and minus signs', '1–2 — −3 a‐b ‑ ⁃', '1-2 - -3 a-b - -'],
    [
      'invisible and control characters',
      'so\u00adft\u200b\u200d\ufeff \u202Ebi\u0000di\u0007\ufe0f',
      'soft bidi',
    ],
    ['compatibility characters', '𝑝 < ½ ＡＢ x² ㎏', 'p < 1⁄2 AB x2 kg'],
    ['accents', 'e\u0301 e\u200b\u0301 é', 'é é é'],
    ['Hangul', '\u1112\u1161\u11ab', '한'],
  ])('evens out %s', (_, source, folded) => {
    expect(fold(source).text).toBe(folded)
  })

  it('keeps at most thirty marks on a letter', () => {
    expect(fold(`a${'\u0316'.repeat(100_000)}b`).text).toBe(`a${'\u0316'.repeat(30)}b`)
  })

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const once = fold(text).text
        expect(fold(once).text).toBe(once)
      }),
      { numRuns: 600 },
    )
  })

  it('leads every range back to the characters it came from', () => {
    fc.assert(
      fc.property(wild, fc.nat(), fc.nat(), (text, first, second) => {
        const folded = fold(text)
        expect(folded.starts.length).toBe(folded.text.length)
        if (folded.text === '') return
        const start = Math.min(first % folded.text.length, second % folded.text.length)
        const end = Math.max(first % folded.text.length, second % folded.text.length) + 1
        const source = sourceRange(folded, start, end)
        expect(source.start).toBeGreaterThanOrEqual(0)
        expect(source.end).toBeGreaterThan(source.start)
        expect(source.end).toBeLessThanOrEqual(text.length)
        // A range that cuts no character of the source folds to just these units.
        const { starts, ends } = folded
        const cuts =
          (start > 0 && starts[start]! < ends[start - 1]!) ||
          (end < starts.length && starts[end]! < ends[end - 1]!)
        // Without the letter before it, a hyphen at a line end is another.
        if (folded.text[start] === '-' && folded.ends[start]! - folded.starts[start]! > 1) return
        const again = fold(text.slice(source.start, source.end)).text
        if (cuts) expect(again).toContain(folded.text.slice(start, end).trim())
        else expect(again.trim()).toBe(folded.text.slice(start, end).trim())
      }),
      { numRuns: 1500 },
    )
  })

  it('has offsets that never fall', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const { starts, ends } = fold(text)
        for (let k = 1; k < starts.length; k++) {
          if (starts[k]! < starts[k - 1]! || ends[k]! < ends[k - 1]!) throw new Error(`falls at ${k}`)
        }
      }),
    )
  })

  it.each(['a', ' ', '\n', '-\n', 'é', '\u0301', '\u200b', '\u0316\u0300', 'a\u00ad\n'])(
    'stays linear on a megabyte of %j',
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length)
      const folded = fold(text)
      expect(folded.ends.at(-1) ?? 0).toBeLessThanOrEqual(text.length)
      lettersAndDigits(folded.text)
    },
  )
})

describe('lettersAndDigits', () => {
  it.each([
    ['spaces, hyphens, punctuation', 'a "well-known" (and old) rule: it.', 'awellknownandoldruleit'],
    ['case and accents', 'Straße, NAÏVE, Ÿ, Σίσυφος', 'strassenaiveyσισυφοσ'],
    ['marks of other scripts, which it keeps', 'कि की', 'किकी'],
    ['decimal and thousands signs', '12.5% of 1,204, 200, 000 or .05', '12.5%of1,204,200,000or.05'],
    ['ranges, ratios, powers', '5–7, 5 – 7, 3/4, 1:2, 10−3', '5-7,5-7,3/4,1:2,10-3'],
    ['minus signs', 'fell by −5 (−0.3); a-5 in well-5', 'fellby-5-0.3a5inwell5'],
    ['comparisons', 'p ≤ 0.05, q≠r, x <= 3, 4 ± 1', 'p<=0.05q≠rx<=3,4±1'],
    ['points that end sentences', 'end. 12 more. x', 'end12morex'],
  ])('evens out %s', (_, source, expected) => {
    expect(lettersAndDigits(fold(source).text).text).toBe(expected)
  })

  it('leads back to the folded text', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const folded = fold(text).text
        const { text: alone, starts, ends } = lettersAndDigits(folded)
        for (let k = 0; k < alone.length; k++) {
          if (ends[k]! <= starts[k]! || ends[k]! > folded.length) throw new Error(`no range at ${k}`)
          if (k > 0 && starts[k]! < starts[k - 1]!) throw new Error(`falls at ${k}`)
        }
      }),
    )
  })
})

describe('readable', () => {
  it.each([
    ['It was a dis-\r\nease of\r\nthe  eye.', 'It was a disease of the  eye.'],
    ['from 200-\n300 \n\n to Anglo-\nAmerican', 'from 200-300 to Anglo-American'],
    ['  “as is”, ﬁne\u200b\t\n', '“as is”, ﬁne\u200b'],
  ])('reads %j', (text, expected) => {
    expect(readable(text)).toBe(expected)
  })

  it('folds to the same as the text it was read from', () => {
    fc.assert(
      fc.property(wild, (text) => {
        expect(fold(readable(text)).text.trim()).toBe(fold(text).text.trim())
      }),
      { numRuns: 600 },
    )
  })

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(wild, (text) => {
        expect(readable(readable(text))).toBe(readable(text))
      }),
    )
  })
})
