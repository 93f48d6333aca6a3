import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coverConcepts } from './concepts.ts'
import { createIdf } from './idf.ts'

const flat = () => 1
const concepts = [
  { term: 'choice architecture', synonyms: ['nudge', 'default option'] },
  { term: 'physicians', synonyms: ['healthcare professionals'] },
]

it('names what is found and what is missing, in the plan’s order', () => {
  const coverage = coverConcepts(
    concepts,
    { title: 'Nudges for patients', abstract: 'They were nudged.' },
    flat,
  )
  expect(coverage.found).toEqual(['choice architecture'])
  expect(coverage.missing).toEqual(['physicians'])
  expect(coverage.score).toBeCloseTo(0.5, 9)
})

it('scores 1 for a title with all concepts and 0 for a paper with none', () => {
  expect(coverConcepts(concepts, { title: 'Nudging physicians' }, flat)).toEqual({
    score: 1,
    found: ['choice architecture', 'physicians'],
    missing: [],
  })
  expect(coverConcepts(concepts, { title: 'Copper in rats', abstract: '' }, flat).score).toBe(0)
})

it('holds a concept in the title for more than in the abstract, and that for more than in the opening', () => {
  const score = (fields: { title: string; abstract?: string; opening?: string }) =>
    coverConcepts(concepts, fields, flat).score
  const title = score({ title: 'Nudging physicians' })
  const abstract = score({ title: '', abstract: 'Nudging physicians' })
  const opening = score({ title: '', opening: 'Nudging physicians' })
  expect(title).toBeGreaterThan(abstract)
  expect(abstract).toBeGreaterThan(opening)
  expect(opening).toBeGreaterThan(0)
})

it('holds words that stand together for more than the same words apart, and some of them for less', () => {
  const score = (title: string) =>
    coverConcepts([{ term: 'choice architecture', synonyms: [] }], { title }, flat).score
  const apart = `choice ${'of software for new big towns and bridges '.repeat(2)} architecture`
  expect(score('an architecture of choice')).toBe(1)
  expect(score(apart)).toBe(0.5)
  expect(score('choice')).toBe(0.25)
  expect(
    coverConcepts([{ term: 'choice architecture', synonyms: [] }], { title: 'choice' }, flat).missing,
  ).toHaveLength(1)
})

it('lets a rare concept weigh more than a common one', () => {
  const idf = createIdf(['trial of zinc', 'trial of copper', 'trial of diet', 'trial'])
  const plan = ['zinc', 'trial'].map((term) => ({ term, synonyms: [] }))
  expect(coverConcepts(plan, { title: 'zinc' }, idf).score).toBeGreaterThan(0.7)
  expect(coverConcepts(plan, { title: 'trial' }, idf).score).toBeLessThan(0.3)
})

it('never loses by more text, and stays between 0 and 1', () => {
  const text = fc
    .array(fc.constantFrom('choice', 'architecture', 'nudge', 'physicians', 'rats', 'the'), { maxLength: 12 })
    .map((chosen) => chosen.join(' '))
  fc.assert(
    fc.property(text, text, text, (title, abstract, more) => {
      const before = coverConcepts(concepts, { title, abstract }, flat)
      const after = coverConcepts(concepts, { title, abstract: `${abstract} ${more}` }, flat)
      expect(after.score).toBeGreaterThanOrEqual(before.score)
      expect(after.found).toEqual(expect.arrayContaining(before.found))
      expect(after.score).toBeLessThanOrEqual(1)
      expect([...after.found, ...after.missing].sort()).toEqual(concepts.map(({ term }) => term).sort())
    }),
  )
})

it('finds nothing in concepts without words', () => {
  const plan = [{ term: 'the', synonyms: ['of'] }]
  expect(coverConcepts(plan, { title: 'the history of the' }, flat)).toEqual({
    score: 0,
    found: [],
    missing: ['the'],
  })
  expect(coverConcepts([], { title: 'x' }, flat)).toEqual({ score: 0, found: [], missing: [] })
})

it('takes a hostile text in linear time', () => {
  const opening = 'choice '.repeat(300_000)
  const coverage = coverConcepts(concepts, { title: '', opening }, flat)
  expect(coverage.missing).toContain('choice architecture')
})
