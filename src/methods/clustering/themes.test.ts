import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureThemes } from '../../../bench/quality/themes.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { labelThemes } from './labels.ts'
import type { ThemeDocument } from './phrases.ts'
import { findThemes } from './themes.ts'

const bees = [
  [
    'Honey bee foraging in urban gardens',
    'We observed honey bee foraging on flowering plants. Urban gardens feed honey bee colonies all summer.',
  ],
  [
    'Pesticides and honey bee foraging',
    'Neonicotinoid pesticides disturb honey bee foraging. Colonies near fields lost foragers and flowering plants.',
  ],
  [
    'Waggle dances guide foraging of the honey bee',
    'The waggle dance of the honey bee tells foragers where flowering plants are. Dances change with the season.',
  ],
  [
    'Colonies under drought',
    'Honey bee colonies stored less nectar in a drought. Foragers flew farther to flowering plants.',
  ],
] as const
const bridges = [
  [
    'Fatigue cracks in steel bridges',
    'Fatigue cracks grow in welded joints of steel bridges. We monitored strain gauges under traffic load.',
  ],
  [
    'Monitoring traffic load on steel bridges',
    'Strain gauges record the traffic load of steel bridges. Fatigue cracks appeared at welded joints.',
  ],
  [
    'Welded joints and their repair',
    'Repair of welded joints in steel bridges delays fatigue cracks. Traffic load decides how long.',
  ],
  [
    'Corrosion of steel bridges near the sea',
    'Corrosion weakens steel bridges and speeds fatigue cracks. Strain gauges showed it at welded joints.',
  ],
] as const

function documents(texts: readonly (readonly [string, string])[], prefix: string): ThemeDocument[] {
  return texts.map(([title, text], at) => ({ id: `${prefix}${at}`, title, text }))
}

const both = [...documents(bees, 'a'), ...documents(bridges, 'b')]

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

describe('labelThemes', () => {
  const [first, second] = labelThemes([{ papers: documents(bees, 'a') }, { papers: documents(bridges, 'b') }])

  it('names themes by phrases of their papers, in sentence case', () => {
    expect(first?.label).toMatch(/^(?:Honey bee|Flowering plants|Waggle dance)/)
    expect(second?.label).toMatch(/^(?:Steel bridges|Fatigue cracks|Welded joints)/)
    for (const name of [first, second]) expect(name!.label.split(' ').length).toBeLessThanOrEqual(6)
  })

  it('says in one sentence how many papers treat what, and the numbers hold', () => {
    const numbers = ['no', 'one', 'two', 'three', 'four']
    const parts = second!.description.slice(0, -1).split('; ')
    expect(parts[0]).toMatch(/^(?:All four papers|\w+ of the four papers) treat /)
    for (const part of parts) {
      const [, count, phrases] = /^(?:all )?(\w+)(?: of the four papers| papers)? treat (.+)$/i.exec(part)!
      for (const phrase of phrases!.split(/, | and /)) {
        const having = bridges.filter((texts) =>
          texts.join(' ').toLowerCase().includes(phrase.replace(/s$/, '')),
        )
        expect(numbers[having.length], phrase).toBe(count!.toLowerCase())
      }
    }
  })

  it('names papers that share a word but no phrase by their titles, and says which they are', () => {
    const papers = [
      {
        id: 'a',
        title: 'Fitting Zero-Inflated Count Data in R',
        text: 'Many zeros.',
        reference: 'Hall (2000)',
      },
      { id: 'b', title: 'Monitoring Count Time Series', text: 'Outbreaks.', reference: 'Noufaily (2013)' },
    ]
    expect(labelThemes([{ papers }])[0]).toEqual({
      label: 'Zero-inflated count data and count time series',
      description:
        'The theme holds Hall (2000) on zero-inflated count data and Noufaily (2013) on count time series.',
    })
  })

  it('calls papers that resemble no others other subjects, and says which they are', () => {
    const stranger = { id: 'z', title: 'Sonnets of the Baroque', text: '', reference: 'Opitz (1624)' }
    const names = labelThemes([{ papers: both }, { papers: [stranger], strangers: true }])
    expect(names[1]).toEqual({
      label: 'Other subjects',
      description: 'One paper belongs to no theme: Opitz (1624) on sonnets.',
    })
  })

  it('says that two papers treat two things only when they are the same two', () => {
    const papers = ['tidal energy', 'tidal energy and coral reefs', 'coral reefs', 'lakes'].map((of, at) => ({
      id: `${at}`,
      title: `On ${of}`,
      text: '',
    }))
    const { description } = labelThemes([{ papers }])[0]!
    expect(description.split('; ')).toHaveLength(2)
    expect(description).not.toContain('tidal energy and')
  })

  it('gives no two themes one label', () => {
    const same = documents(bees, 'a')
    const labels = labelThemes([same, same, same].map((papers) => ({ papers }))).map(({ label }) => label)
    expect(new Set(labels).size).toBe(3)
  })

  it('keeps names as running text writes them', () => {
    const texts = ['one', 'two', 'three'].map((word, at) => ({
      id: `${at}`,
      title: `BAYESIAN INFERENCE WITH mRNA, ${word}`,
      text: `We apply Bayesian inference to mRNA. It shows that Bayesian inference of mRNA is sound.`,
    }))
    expect(labelThemes([{ papers: texts }])[0]?.label).toBe('Bayesian inference')
    expect(findThemes(texts).themes[0]?.keywords).toContain('mRNA')
  })

  it('takes no names of authors, numbers, formulas, units and words of any paper', () => {
    const texts = [0, 1, 2].map((at) => ({
      id: `${at}`,
      title: 'A novel approach to coral bleaching',
      text: `This paper presents results (Smith and Jones, 2004; Brown et al. 2011) on coral bleaching at 30 mg of $x_{1}^2$ \\alpha, see https://example.org/a.`,
    }))
    const { themes } = findThemes(texts)
    expect(themes[0]?.keywords).toEqual(['coral bleaching'])
  })

  it('takes no single word that only the text has, and no author', () => {
    const papers = [0, 1].map((at) => ({
      id: `${at}`,
      title: at === 0 ? 'Peat bogs of the north' : 'Peat bogs and drainage',
      text: 'Every word of Zeileis counts a word, and Zeileis counts peat bogs.',
      authors: ['Zeileis'],
    }))
    const { themes } = findThemes(papers)
    expect(themes[0]?.keywords.join()).not.toMatch(/Zeileis/i)
    expect(labelThemes([{ papers }])[0]).toEqual({
      label: 'Peat bogs',
      description: 'Both papers treat peat bogs.',
    })
  })

  it('names a single paper by its title', () => {
    const [alone] = labelThemes([
      { papers: [{ id: 'a', title: 'Nectar: a view', text: '', reference: 'Ann (1999)' }] },
    ])
    expect(alone).toEqual({ label: 'Nectar', description: 'The theme holds Ann (1999) on nectar.' })
  })
})

describeWith(labelledSetsFolder, 'themes of labelled abstracts', () => {
  it('reaches the bars', async () => {
    for (const { set, metric, value, atLeast } of await measureThemes(labelledSetsFolder, 1)) {
      expect(value, `${metric} on ${set}`).toBeGreaterThanOrEqual(atLeast ?? 0)
    }
  })
})
