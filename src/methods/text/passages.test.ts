import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutPassages } from './passages.ts'
import { snippetOf } from './snippet.ts'
import { tokenize, words } from './tokens.ts'

const sentence = (number: number) => `Sentence ${number} has${' some'.repeat(16)} words.`
const text = Array.from({ length: 40 }, (_, index) => sentence(index)).join(' ')

test('passages have about 200 words, end with sentences, and share some', () => {
  const passages = cutPassages(text)
  expect(passages.length).toBeGreaterThan(3)
  for (const { start, end } of passages.slice(0, -1)) {
    expect(words(text.slice(start, end)).length).toBeGreaterThanOrEqual(200)
    expect(words(text.slice(start, end)).length).toBeLessThan(220)
    expect(text.slice(start, end)).toMatch(/^Sentence .* words\.$/)
  }
  for (const [index, { start }] of passages.slice(1).entries())
    expect(start).toBeLessThan(passages[index]!.end)
  expect(passages.at(-1)!.end).toBe(text.length)
  expect(cutPassages('')).toEqual([])
})

test('whatever a text holds, every word is in a passage and none is too long', () => {
  const wild = fc.array(fc.oneof(fc.string(), fc.constantFrom('a. ', 'B! ', 'word '.repeat(300), '\n\n')))
  fc.assert(
    fc.property(wild, (parts) => {
      const whole = parts.join('')
      const passages = cutPassages(whole)
      for (const { start, end } of words(whole))
        expect(passages.some((one) => one.start <= start && end <= one.end)).toBe(true)
      for (const { start, end } of passages)
        expect(words(whole.slice(start, end)).length).toBeLessThanOrEqual(600)
    }),
  )
})

test('a snippet shows the stretch with most of the words, in plain text', () => {
  const hidden = `${'straw '.repeat(100)}the needle\nwas\u202e “found” in hay${' stack'.repeat(100)}`
  const { text: shown, marks } = snippetOf(`needle ${hidden}`, new Set(tokenize('found needles in hay')))
  expect(shown).toContain('the needle was “found”')
  expect(marks.map(([start, end]) => shown.slice(start, end))).toEqual(['needle', 'found', 'hay'])
  expect(snippetOf('', new Set(['x']))).toEqual({ text: '', marks: [] })
  expect(snippetOf('Nothing asked for is here.', new Set(['x'])).text).toBe('Nothing asked for is here.')
})

test('marks lie on words of the snippet, whatever the text holds', () => {
  const word = fc.constantFrom('needle', 'Needles,', 'hay', '<b>', '\u0000', '\u2067', '𝒜', '\n', 'x-y')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (parts) => {
      const { text: shown, marks } = snippetOf(parts.join(' '), new Set(['needl']))
      expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      for (const [start, end] of marks) expect(shown.slice(start, end)).toMatch(/^needles?$/i)
      if (parts.some((part) => part.startsWith('eedle', 1))) expect(marks.length).toBeGreaterThan(0)
    }),
  )
})
