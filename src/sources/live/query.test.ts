import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { booleanQuery, phraseOf, quoted, withinLimits } from './query.ts'

describe('phraseOf', () => {
  it('leaves nothing that has a meaning in a query language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (term) => {
        const phrase = phraseOf(term)
        expect(phrase).not.toMatch(/["()[\]{}:\\*?~^!&|<>=,;$%@/]/)
        expect(phrase).not.toMatch(/(?:^|\s)[-+]/)
        expect(phrase.length).toBeLessThan(120)
        expect(quoted(phrase)).toMatch(/^(?:"[^"]*"|[^\s"]+)$/)
      }),
    )
    expect(phraseOf('C++ and the “Møller–Plesset” method')).toBe('C++ and the Møller-Plesset method')
  })
})

describe('withinLimits', () => {
  const short = (most: number) => (terms: Parameters<typeof booleanQuery>[0]) =>
    booleanQuery(terms).length <= most
  const concepts = [
    { term: 'shade', synonyms: ['low light', 'canopy'] },
    { term: 'beech', synonyms: ['Fagus'] },
  ]

  it('drops last synonyms of who has most, then last concepts, down to one', () => {
    const cut = (most: number) => booleanQuery(withinLimits({ concepts }, short(most)))
    expect(cut(100)).toBe('(shade OR "low light" OR canopy) AND (beech OR Fagus)')
    expect(cut(50)).toBe('(shade OR "low light") AND (beech OR Fagus)')
    expect(cut(30)).toBe('shade AND beech')
    expect(cut(10)).toBe('shade')
    expect(cut(1)).toBe('shade')
  })

  it('leaves out concepts that have no word', () => {
    expect(booleanQuery({ concepts: [{ term: '???', synonyms: ['"'] }, concepts[1]!] })).toBe(
      'beech OR Fagus',
    )
  })
})
