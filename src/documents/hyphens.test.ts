import { expect, it } from 'vitest'
import { createHyphenation } from './hyphens.ts'

const seen =
  'Mixed-effects models of zero inflated counts, PageRank, the semantics of meaning and its representation; further more.'

it.each([
  // The compound or the word in one stands elsewhere.
  ['mixed', 'effects', true],
  ['infl', 'ated', false],
  ['Page', 'Rank', false],
  // Both parts are words elsewhere, but not of a word that is written in one.
  ['meaning', 'representation', true],
  ['further', 'more', false],
  ['hyphen', 'ated', false],
  ['over', 'counts', false],
  // What comes before or after a hyphen in any document.
  ['one', 'dimensional', true],
  ['near', 'universally', true],
  ['near', 'ly', false],
  ['state-of-the', 'art', true],
  ['multi', 'plicative', false],
  ['multi', 'models', true],
  ['Anglo', 'American', true],
  ['INTRODUC', 'TION', false],
  ['Mc', 'Donald', false],
  ['CoNLL', '2009', true],
  ['10', 'fold', true],
  // A page's number stands where the word should go on.
  ['informa', '586', false],
  ['', 'alone', false],
])('a line’s end between “%s-” and “%s”: the hyphen stays: %s', (before, after, stays) => {
  const hyphenation = createHyphenation()
  hyphenation.learn(seen)
  expect(hyphenation.keepsHyphen(`words, ${before}`, `${after} and more`)).toBe(stays)
})

it('finds inflections of a word in one', () => {
  const hyphenation = createHyphenation()
  hyphenation.learn('These are timestamps of time and of a stamp.')
  expect(hyphenation.keepsHyphen('a time', 'stamp')).toBe(false)
})
