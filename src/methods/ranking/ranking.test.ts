import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateRanking, readClassic } from '../../../bench/quality/ranking.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { createBm25 } from './bm25.ts'
import { relevanceModel } from './feedback.ts'
import { createIdf } from './idf.ts'
import { createIndex } from './ranking.ts'

const papers = [
  { id: 'nudge', title: 'Nudging physicians', body: 'Default options changed what physicians prescribed.' },
  { id: 'wilson', title: 'Zinc for Wilson disease', body: 'Zinc and trientine were compared in patients.' },
  { id: 'tests', title: 'Test case prioritization', body: 'Regression testing finds faults earlier.' },
  { id: 'empty', title: '', body: '' },
]

it('puts the paper that the query is about first and leaves out what shares nothing', () => {
  const index = createIndex(papers)
  expect(index.rank('Does zinc help in Wilson’s disease?')[0]?.id).toBe('wilson')
  expect(index.rank('prioritizing regression tests')[0]?.id).toBe('tests')
  expect(index.rank('nudge', { limit: 1 })).toEqual([{ id: 'nudge', score: expect.closeTo(1, 6) }])
  expect(index.rank('zinc').map(({ id }) => id)).not.toContain('empty')
})

it('answers nothing for a query without words, and for an empty collection', () => {
  expect(createIndex(papers).rank('the of and?')).not.toContainEqual(expect.objectContaining({ id: 'empty' }))
  expect(createIndex(papers).rank('')).toEqual([])
  expect(createIndex(papers).rank('???', { feedback: true })).toEqual([])
  expect(createIndex([]).rank('zinc', { feedback: true })).toEqual([])
})

it('finds a misspelled word by its characters', () => {
  expect(createIndex(papers).rank('prioritisation')[0]?.id).toBe('tests')
  expect(createIndex(papers).rank('physicains')[0]?.id).toBe('nudge')
})

it('counts a word of the title for more than one of the body', () => {
  const index = createIndex([
    { id: 'body', title: 'Copper overload in children', body: 'Zinc' },
    { id: 'title', title: 'Zinc overload in children', body: 'Copper' },
  ])
  expect(index.rank('zinc')[0]?.id).toBe('title')
})

it('brings in by feedback what the best papers talk about', () => {
  const index = createIndex([
    { id: 'seed', title: 'Wilson disease', body: 'trientine trientine penicillamine' },
    { id: 'kin', title: 'Copper chelators', body: 'trientine penicillamine' },
    { id: 'far', title: 'Software faults', body: 'regression testing of software' },
  ])
  expect(index.rank('Wilson disease').map(({ id }) => id)).not.toContain('kin')
  expect(index.rank('Wilson disease', { feedback: true }).map(({ id }) => id)).toEqual(['seed', 'kin'])
})

it('keeps the weight of the query when feedback is mixed in', () => {
  const query = new Map([
    ['zinc', 1],
    ['copper', 3],
  ])
  const mixed = relevanceModel(
    query,
    [
      {
        terms: new Map([
          ['zinc', 2],
          ['liver', 1],
        ]),
        score: 1,
      },
    ],
    () => 1,
  )
  expect([...mixed.values()].reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 9)
  expect(mixed.get('liver')).toBeGreaterThan(0)
  expect(relevanceModel(query, [], () => 1)).toBe(query)
})

const text = fc
  .array(fc.constantFrom('zinc', 'copper', 'liver', 'trial', 'rats', 'care'), { maxLength: 8 })
  .map((chosen) => chosen.join(' '))

it('does not depend on the order of the documents', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 12 }), text, (pairs, query) => {
      const documents = pairs.map(([title, body], number) => ({ id: String(number), title, body }))
      const forwards = new Map(
        createIndex(documents)
          .rank(query)
          .map(({ id, score }) => [id, score]),
      )
      const backwards = new Map(
        createIndex(documents.toReversed())
          .rank(query)
          .map(({ id, score }) => [id, score]),
      )
      expect(backwards.size).toBe(forwards.size)
      for (const [id, score] of forwards) expect(backwards.get(id)).toBeCloseTo(score, 9)
    }),
  )
})

it('scores from 0 to 1, best first', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 12 }), text, (pairs, query) => {
      const documents = pairs.map(([title, body], number) => ({ id: String(number), title, body }))
      const scores = createIndex(documents)
        .rank(query, { feedback: true })
        .map(({ score }) => score)
      expect(scores).toEqual(scores.toSorted((left, right) => right - left))
      for (const score of scores) expect(score).toSatisfy((value: number) => value > 0 && value <= 1 + 1e-9)
    }),
  )
})

it('raises the BM25 score with each occurrence, by less each time', () => {
  const [once, twice, thrice] = createBm25(
    [1, 2, 3].map(
      (times) =>
        new Map([
          ['zinc', times],
          ['other', 4 - times],
        ]),
    ),
    { k1: 1.5, b: 0.75 },
  ).scores(new Map([['zinc', 1]]))
  expect(twice! - once!).toBeGreaterThan(thrice! - twice!)
  expect(thrice).toBeGreaterThan(twice!)
})

it('holds a rarer token to be worth more', () => {
  const idf = createIdf(['zinc in the liver', 'copper in the liver', 'the liver'])
  expect(idf('zinc')).toBeGreaterThan(idf('liver'))
  expect(idf('absent')).toBeGreaterThan(idf('zinc'))
  expect(createIdf([])('zinc')).toBeGreaterThanOrEqual(0)
})

it('takes hostile text in linear time', () => {
  const index = createIndex([
    { id: 'x', title: 'a-'.repeat(200_000), body: `${'é'.repeat(200_000)} zinc \u0000` },
  ])
  expect(index.rank('zinc').map(({ id }) => id)).toEqual(['x'])
})

describeWith(labelledSetsFolder, 'labelled sets', () => {
  it('ranks CACM and CISI above published BM25', () => {
    expect(evaluateRanking(readClassic(labelledSetsFolder, 'cacm')).precision).toBeGreaterThan(0.327)
    expect(
      evaluateRanking(readClassic(labelledSetsFolder, 'cisi'), { feedback: true }).precision,
    ).toBeGreaterThan(0.255)
  })
})
