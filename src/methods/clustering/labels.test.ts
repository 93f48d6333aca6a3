import { describe, expect, it } from 'vitest'
import { bees, both, bridges, documents } from '../../../test/support/theme-papers.ts'
import { labelThemes } from './labels.ts'
import { findThemes } from './themes.ts'

describe('labelThemes', () => {
  const [first, second] = labelThemes([{ papers: documents(bees, 'a') }, { papers: documents(bridges, 'b') }])

  it('names themes by phrases of their papers, in sentence case', () => {
    expect(first?.label).toMatch(/^(?:Honey bee|Flowering plants|Waggle dance)/)
    expect(second?.label).toMatch(/^(?:Steel bridges|Fatigue cracks|Welded joints)/)
    for (const name of [first, second]) expect(name!.label.split(' ').length).toBeLessThanOrEqual(6)
  })

  it('says in one sentence how many papers mention what, and the numbers hold', () => {
    const numbers = ['no', 'one', 'two', 'three', 'four']
    const parts = second!.description.slice(0, -1).split('; ')
    expect(parts[0]).toMatch(/^(?:All four papers|\w+ of the four papers) mention /)
    for (const part of parts) {
      const [, count, phrases] = /^(?:all )?(\w+)(?: of the four papers| papers)? mention (.+)$/i.exec(part)!
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

  it('says of a name that some papers share in what they use it, and which papers they are', () => {
    const papers = [
      ['Galactic rotation', 'Ann (2020)'],
      ['Chaos: maps of nonlinear systems', 'Ben (2021)'],
      ['lme4: Mixed models', 'Cem (2022)'],
      ['Tides and Python', 'Dee (2023)'],
    ].map(([title, reference], at) => ({
      id: `${at}`,
      title: title!,
      text: 'We use Python here.',
      reference: reference!,
    }))
    const others = documents(bees, 'x')
    const [name] = labelThemes([{ papers }, { papers: others }])
    expect(name).toEqual({
      label: 'Python in tides, galactic rotation and nonlinear systems',
      description:
        'All four papers mention Python: Ann (2020) on galactic rotation, Ben (2021) on nonlinear systems, Cem (2022) on mixed models and Dee (2023) on tides.',
    })
  })

  it('takes phrases of titles rather than one that few papers share beside their subject', () => {
    const papers = [
      { id: 'a', title: 'strucchange: Testing for Structural Change', text: 'Parametric models are fitted.' },
      { id: 'b', title: 'party: Model-Based Recursive Partitioning', text: 'Trees of parametric models.' },
    ]
    const others = documents(bees, 'x')
    expect(labelThemes([{ papers }, { papers: others }])[0]?.label).toBe(
      'Structural change and model-based recursive partitioning',
    )
  })

  it('names no theme by what its papers do without', () => {
    const papers = ['Ranking papers without a language model', 'Finding themes without a language model'].map(
      (title, at) => ({ id: `${at}`, title, text: 'We rank and group without a language model.' }),
    )
    expect(labelThemes([{ papers }, { papers: documents(bees, 'x') }])[0]?.label).toBe(
      'Ranking papers and themes',
    )
  })

  it('calls papers that resemble no others other subjects, and says which they are', () => {
    const stranger = { id: 'z', title: 'Sonnets of the Baroque', text: '', reference: 'Opitz (1624)' }
    const names = labelThemes([{ papers: both }, { papers: [stranger], strangers: true }])
    expect(names[1]).toEqual({
      label: 'Other subjects',
      description: 'One paper belongs to no theme: Opitz (1624) on sonnets.',
    })
  })

  it('says that two papers mention two things only when they are the same two', () => {
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
      description: 'Both papers mention peat bogs.',
    })
  })

  it('names a single paper by its title', () => {
    const [alone] = labelThemes([
      { papers: [{ id: 'a', title: 'Nectar: a view', text: '', reference: 'Ann (1999)' }] },
    ])
    expect(alone).toEqual({ label: 'Nectar', description: 'The theme holds Ann (1999) on nectar.' })
  })
})
