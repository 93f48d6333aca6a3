import { describe, expect, it } from 'vitest'
import { planSchema } from '../../contract/plan.ts'
import { planReview, researchQuestions } from './plan.ts'

const termsOf = (question: string) => planReview({ question, sources: [] }).concepts.map(({ term }) => term)

describe('planReview', () => {
  it('makes a plan that holds its contract', () => {
    const plan = planReview({
      question: 'How are structural changes in linear models tested?',
      since: 2001,
      until: 2010,
      maxPapers: 20,
      sources: ['library', 'arxiv'],
    })
    expect(planSchema.parse(plan)).toEqual(plan)
    expect(plan.inclusion.join(' ')).toContain('“structural changes”, “linear models” and “tested”')
    expect(plan.inclusion.join(' ')).toContain('from 2001 to 2010')
    expect(plan.sources.map(({ source }) => source)).toEqual(['library', 'arxiv'])
  })

  it('splits a question into the parts that a paper can answer', () => {
    expect(
      researchQuestions('How do open modules teach scientific computing, and how is their effect evaluated?'),
    ).toEqual(['How do open modules teach scientific computing?', 'How is their effect evaluated?'])
    expect(researchQuestions('What is parsed? · How is it stored?')).toHaveLength(2)
    expect(researchQuestions('Effect of rest and walking on sleep')).toEqual([
      'Effect of rest and walking on sleep?',
    ])
  })

  it('takes the words that name the subject and leaves those that ask', () => {
    expect(
      termsOf('How do open modules teach scientific computing, and how is their effect evaluated?'),
    ).toEqual(['open modules', 'teach', 'scientific computing'])
    expect(termsOf('How is data placed on parallel disks?')).toEqual(['parallel disks'])
    expect(termsOf('How do large language models hallucinate?')).toEqual([
      'large language models',
      'hallucinate',
    ])
    expect(termsOf('Does vitamin D reduce mortality in COVID-19?')).toEqual([
      'vitamin D',
      'mortality',
      'COVID-19',
    ])
  })

  it('takes alternatives for one concept', () => {
    const [, data] = planReview({
      question: 'Which regression models handle overdispersed or clustered data?',
      sources: [],
    }).concepts
    expect(data?.term).toBe('overdispersed data')
    expect(data?.synonyms).toContain('clustered data')
    expect(termsOf('Is walking safe in asthma, eczema and hay fever?')).not.toContain('eczema')
  })

  it('spells acronyms and hyphens both ways', () => {
    const plan = planReview({
      question: 'How does principal component analysis (PCA) forecast time-series?',
      sources: [],
    })
    expect(plan.concepts[0]?.synonyms).toContain('PCA')
    expect(plan.concepts.find(({ term }) => term === 'time-series')?.synonyms).toContain('time series')
  })

  it('makes a plan of any words', () => {
    for (const question of [
      '?',
      'What works?',
      'и как это измерить',
      '<script>alert(1)</script>',
      'a '.repeat(500_000),
    ]) {
      expect(() => planSchema.parse(planReview({ question, sources: ['library'] }))).not.toThrow()
    }
  })
})
