import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stem } from './stems.ts'
import { tokenize, words } from './tokens.ts'

describe('words', () => {
  it('gives each word as written with its place', () => {
    const text = 'Naïve T-cell receptors: 3.5 mg (don’t).'
    expect(words(text).map((word) => word.text)).toEqual([
      'Naïve',
      'T-cell',
      'receptors',
      '3.5',
      'mg',
      'don’t',
    ])
    for (const word of words(text)) expect(text.slice(word.start, word.end)).toBe(word.text)
  })

  it('keeps offsets true and in order on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        let last = 0
        for (const word of words(text)) {
          expect(word.start).toBeGreaterThanOrEqual(last)
          expect(text.slice(word.start, word.end)).toBe(word.text)
          last = word.end
        }
      }),
    )
  })
})

describe('tokenize', () => {
  it('drops function words and reduces the others to stems', () => {
    expect(tokenize('The effects of nudging on the physicians')).toEqual(['effect', 'nudg', 'physician'])
  })

  it('gives the parts of a compound and the compound', () => {
    expect(tokenize('meta-analysis')).toEqual(['meta', 'analysi', 'metaanalysi'])
    expect(tokenize('meta-analysis', { compounds: false })).toEqual(['meta', 'analysi'])
    expect(tokenize('metaanalysis')).toEqual(['metaanalysi'])
  })

  it('brings spellings of one word together', () => {
    expect(tokenize('TGF-β')).toEqual(tokenize('tgf-beta'))
    expect(tokenize('Sjögren’s syndrome')).toEqual(tokenize("Sjogren's SYNDROME"))
    expect(tokenize('eﬃcacy')).toEqual(tokenize('efficacy'))
    expect(tokenize('inter\u00adnational')).toEqual(tokenize('international'))
    expect(tokenize("Wilson's disease")).toEqual(tokenize('Wilson disease'))
  })

  it('keeps numbers whole and other scripts readable', () => {
    expect(tokenize('a 3.5 fold rise, 1706.03762')).toEqual(['3.5', 'fold', 'rise', '1706.03762'])
    expect(tokenize('αποτέλεσμα')).toEqual(['αποτελεσμα'])
    expect(tokenize('機械 学習')).toEqual(['機械', '学習'])
  })

  it('leaves words alone when asked to', () => {
    expect(tokenize('The studies were', { stem: false, dropStopWords: false })).toEqual([
      'the',
      'studies',
      'were',
    ])
  })

  it('passes over what is no word, in linear time', () => {
    const hostile = [
      'a'.repeat(500_000),
      'ing'.repeat(200_000),
      'a-'.repeat(300_000),
      "'s".repeat(300_000),
      '1.'.repeat(300_000),
    ]
    for (const text of hostile)
      for (const token of tokenize(text)) expect(token.length).toBeLessThanOrEqual(64)
  })

  it('does not depend on case, and never gives an empty token', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
        expect(tokenize(text.toUpperCase())).toEqual(tokenize(text.toLowerCase()))
        expect(tokenize(text)).not.toContain('')
      }),
    )
  })
})

describe('stem', () => {
  it('follows Porter2', () => {
    const examples = {
      consistency: 'consist',
      knightly: 'knight',
      generously: 'generous',
      dying: 'die',
      news: 'news',
    }
    for (const [word, expected] of Object.entries(examples)) expect(stem(word)).toBe(expected)
  })

  it('leaves names with digits, other scripts and over-long words as they are', () => {
    for (const word of ['il6s', 'größen', 'ing'.repeat(20_000)]) expect(stem(word)).toBe(word)
  })
})
