import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workSaved } from '../../../bench/quality/metrics.ts'
import { precisionWithExamples, readReviews, simulateScreening } from '../../../bench/quality/screening.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { createScreener, type TeachingLabel } from './screener.ts'

const question = 'Does zinc help in Wilson disease?'
const papers = [
  { id: 'zinc', title: 'Zinc in Wilson disease', abstract: 'Zinc lowered copper in a trial of patients.' },
  {
    id: 'trientine',
    title: 'Trientine against copper overload',
    abstract: 'A trial of patients with chelators.',
  },
  {
    id: 'penicillamine',
    title: 'Penicillamine in a trial',
    abstract: 'Chelators lowered copper in patients.',
  },
  { id: 'rats', title: 'Zinc in rats', abstract: 'Rats were fed a diet. The livers of rats were weighed.' },
  { id: 'mice', title: 'A mouse model', abstract: 'Mice and rats were fed a diet. Livers were weighed.' },
  {
    id: 'diet',
    title: 'Diet of cattle',
    abstract: 'Cattle were fed a diet. Livers of rats were not weighed.',
  },
  { id: 'bare', title: 'Editorial' },
]
const include = (paperId: string): TeachingLabel => ({ paperId, label: 'include' })
const exclude = (paperId: string): TeachingLabel => ({ paperId, label: 'exclude' })

describe('a screener', () => {
  it('starts from the question', () => {
    const trained = createScreener({ question, papers }).train([])
    expect(trained.next(1)).toEqual(['zinc'])
    expect(trained.ranking()).toHaveLength(papers.length)
  })

  it('learns from labels what the question does not say', () => {
    const trained = createScreener({ question, papers }).train([
      include('trientine'),
      exclude('rats'),
      exclude('mice'),
    ])
    const order = trained.ranking().map(({ paperId }) => paperId)
    expect(order.indexOf('penicillamine')).toBeLessThan(order.indexOf('diet'))
    expect(trained.next(99)).toEqual(order.filter((id) => !['trientine', 'rats', 'mice'].includes(id)))
  })

  it('names the words that decided, as the papers write them', () => {
    const trained = createScreener({ question, papers }).train([
      include('trientine'),
      exclude('rats'),
      exclude('mice'),
    ])
    const reasons = trained.explain('penicillamine', 3)
    expect(reasons).toHaveLength(3)
    expect(reasons.map(({ term }) => term)).toContain('chelators')
    expect(trained.explain('diet', 5).find(({ term }) => term === 'diet')?.weight).toBeLessThan(0)
  })

  it('lets the last label of a paper count, and a maybe teach nothing', () => {
    const screener = createScreener({ question, papers })
    const margins = (labels: TeachingLabel[]) => screener.train(labels).ranking()
    expect(margins([exclude('zinc'), include('zinc')])).toEqual(margins([include('zinc')]))
    expect(margins([{ paperId: 'zinc', label: 'maybe' }])).toEqual(margins([]))
    expect(screener.train([{ paperId: 'zinc', label: 'maybe' }]).next(1)).toEqual(['zinc'])
  })

  it('refuses a label or a question about a paper it does not know', () => {
    const screener = createScreener({ question, papers })
    expect(() => screener.train([include('other')])).toThrow('no paper "other"')
    expect(() => screener.train([]).explain('other', 1)).toThrow('no paper "other"')
    expect(() => createScreener({ question, papers: [...papers, papers[0]!] })).toThrow('share an id')
  })

  it('gives scores from 0 to 1 in the order of the margins, for any labels', () => {
    const screener = createScreener({ question, papers })
    const labels = fc.array(
      fc.record({
        paperId: fc.constantFrom(...papers.map(({ id }) => id)),
        label: fc.constantFrom('include' as const, 'exclude' as const, 'maybe' as const),
      }),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(labels, (given) => {
        const ranking = screener.train(given).ranking()
        for (const [place, { score, margin }] of ranking.entries()) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(ranking[place - 1]?.score ?? 1)
          expect(margin).toBeLessThanOrEqual(ranking[place - 1]?.margin ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })

  it('does not depend on the order of papers and labels', () => {
    const labels = [include('zinc'), include('trientine'), exclude('rats'), exclude('diet')]
    const forwards = createScreener({ question, papers }).train(labels)
    const backwards = createScreener({ question, papers: papers.toReversed() }).train(labels.toReversed())
    expect(backwards.ranking()).toEqual(forwards.ranking())
  })

  it('works with one paper, with none, and with papers that say nothing', () => {
    expect(createScreener({ question, papers: [] }).train([]).ranking()).toEqual([])
    expect(
      createScreener({ question: '', papers: papers.slice(0, 1) })
        .train([include('zinc')])
        .next(3),
    ).toEqual([])
    const silent = ['a', 'b', 'c'].map((id) => ({ id, title: '' }))
    expect(createScreener({ question, papers: silent }).train([]).next(2)).toEqual(['a', 'b'])
  })
})

describeWith(labelledSetsFolder, 'labelled reviews', () => {
  it('finds a review’s papers early from its question alone', () => {
    const [wilson] = readReviews(labelledSetsFolder, ['wilson_disease'])
    expect(workSaved(simulateScreening(wilson!))).toBeGreaterThan(80)
  })

  it('ranks well from 25 examples', () => {
    const [estrogens] = readReviews(labelledSetsFolder, ['cohen_estrogens'])
    expect(precisionWithExamples(estrogens!, 3)).toBeGreaterThan(0.45)
  })
})
