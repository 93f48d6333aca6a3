import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureThemes } from '../../../bench/quality/themes.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { bees, both, bridges, documents } from '../../../test/support/theme-papers.ts'
import { labelThemes } from './labels.ts'
import { readSubjectTerms } from './subject-terms.ts'
import { findThemes } from './themes.ts'

describe('findThemes', () => {
  it('tells two subjects apart and finds their words', () => {
    const { themes } = findThemes(both)
    expect(themes.map(({ ids }) => ids)).toEqual([
      ['a0', 'a1', 'a2', 'a3'],
      ['b0', 'b1', 'b2', 'b3'],
    ])
    expect(themes[0]?.keywords).toContain('flowering plants')
    expect(themes[1]?.keywords).toContain('steel bridges')
  })

  it('finds one theme where papers are of one kind', () => {
    const alike = bees.map(
      (_, at) => ['Honey bee foraging', `Honey bee foraging on flowering plants, plot ${at}.`] as const,
    )
    expect(findThemes(documents(alike, 'a')).themes).toHaveLength(1)
    expect(findThemes(documents(bees.slice(0, 3), 'a')).themes).toHaveLength(1)
    expect(findThemes(documents(bees.slice(0, 1), 'a')).themes).toHaveLength(1)
    expect(findThemes([]).themes).toEqual([])
  })

  it('leaves no paper alone in a theme: one that resembles no others goes last, without keywords', () => {
    const stranger = { id: 'z', title: 'Zwölf Sonette', text: 'Ein Dichter schrieb Verse über Rosen.' }
    const { themes } = findThemes([stranger, ...both])
    expect(themes.at(-1)).toEqual({ ids: ['z'], keywords: [] })
    for (const { ids } of themes.slice(0, -1)) expect(ids.length).toBeGreaterThan(1)
  })

  it('goes by titles and keywords in a small set, not by what its papers mention in passing', () => {
    const passing =
      'A hands-on course in which students install the notebook, watch videos and hand in homework.'
    const papers = [
      ['Deep learning for beginners', 'neural networks'],
      ['Neural networks in class', 'deep learning'],
      ['Molecular dynamics of proteins', 'chemistry'],
      ['A chemistry course', 'molecular dynamics'],
    ].map(([title, keyword], at) => ({
      id: `${at}`,
      title: title!,
      keywords: [keyword!],
      text: passing.split(' ').slice(at).join(' '),
    }))
    expect(findThemes(papers).themes.map(({ ids }) => ids)).toEqual([
      ['0', '1'],
      ['2', '3'],
    ])
  })

  it('finds papers no more alike for citing the same authors and sites', () => {
    const cites = 'Built on Kluyver et al. (2016) and https://readthedocs.org/kluyver.'
    const papers = [
      ...documents(
        bees.map(([title, text], at) => [title, at % 2 === 0 ? `${text} ${cites}` : text] as const),
        'a',
      ),
      ...documents(
        bridges.map(([title, text], at) => [title, at % 2 === 0 ? `${text} ${cites}` : text] as const),
        'b',
      ),
    ]
    const terms = readSubjectTerms(papers).flatMap((found) => [...found.keys()])
    expect(terms.filter((term) => /kluyver|readthedoc/.test(term))).toEqual([])
    expect(findThemes(papers).themes.map(({ ids }) => ids)).toEqual([
      ['a0', 'a1', 'a2', 'a3'],
      ['b0', 'b1', 'b2', 'b3'],
    ])
  })

  it('makes at most six themes of a small set', () => {
    const subjects = [
      'tulip',
      'granite',
      'sonata',
      'election',
      'enzyme',
      'glacier',
      'castle',
      'violin',
      'harbour',
      'comet',
    ]
    const many = subjects.flatMap((subject) =>
      [0, 1, 2].map((at) => ({
        id: `${subject}${at}`,
        title: `On the ${subject}`,
        text: `Every ${subject} is a ${subject}.`,
      })),
    )
    expect(findThemes(many).themes.filter(({ keywords }) => keywords.length > 0).length).toBeLessThanOrEqual(
      6,
    )
  })

  it('does not depend on the order of the papers, and places each once', () => {
    const word = fc.constantFrom(
      'bee',
      'bridge',
      'nectar',
      'steel',
      'crack',
      'flower',
      'the',
      'of',
      '\u0000',
      '🐝',
      '',
    )
    const document = fc.record({
      title: fc.array(word, { maxLength: 6 }).map((all) => all.join(' ')),
      text: fc.array(word, { maxLength: 20 }).map((all) => all.join(' ')),
    })
    fc.assert(
      fc.property(fc.array(document, { maxLength: 14 }), (all) => {
        const set = all.map((each, at) => ({ id: `d${at}`, ...each }))
        const { themes } = findThemes(set)
        expect(findThemes(set.toReversed()).themes).toEqual(themes)
        expect(themes.flatMap(({ ids }) => ids).toSorted()).toEqual(set.map(({ id }) => id).toSorted())
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['a megabyte of words', 'steel bridges crack '.repeat(50_000)],
    ['a megabyte without spaces', 'x'.repeat(1_000_000)],
    ['open formulas and tags', '$<&\\'.repeat(100_000)],
    ['control characters', '\u0000\u001b\u202e'.repeat(10_000)],
    ['capitals that look like citations', 'Aa Bb and '.repeat(50_000)],
    ['at signs', 'a@'.repeat(100_000)],
  ])('survives %s', (_, text) => {
    const hostile = [0, 1, 2].map((at) => ({ id: `h${at}`, title: text, text }))
    const { themes } = findThemes([...hostile, ...both])
    expect(themes.flatMap(({ ids }) => ids)).toHaveLength(11)
    for (const { label } of labelThemes([{ papers: hostile }, { papers: both }]))
      expect(label.length).toBeLessThanOrEqual(250)
  })
})

describeWith(labelledSetsFolder, 'themes of labelled abstracts', () => {
  it('reaches the bars', async () => {
    for (const { set, metric, value, atLeast } of await measureThemes(labelledSetsFolder, 1)) {
      expect(value, `${metric} on ${set}`).toBeGreaterThanOrEqual(atLeast ?? 0)
    }
  })
})
