import { expect, it } from 'vitest'
import type { EvidenceField, EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Theme } from '../../contract/synthesis.ts'
import { makeClaims } from './claims.ts'
import { planReview } from './plan.ts'

const plan = planReview({ question: 'How do harbours light their lanterns?', sources: [] })
const theme: Theme = { id: 't1', label: 'Lanterns', description: '', keywords: [], paperIds: ['p1', 'p2'] }

function span(id: string, paperId: string, field: EvidenceField, quotation: string): EvidenceSpan {
  const locator = { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 9 }] }
  return { id, paperId, field, quotation, locator, confidence: 0.7 }
}

function card(paperId: string, spans: readonly EvidenceSpan[]): StudyCard {
  const of = (field: EvidenceField) =>
    spans
      .filter((each) => each.paperId === paperId && each.field === field)
      .map(({ id, quotation }) => ({ text: quotation, spans: [id] }))
  return {
    paperId,
    problem: of('problem'),
    method: of('method'),
    dataset: [],
    metric: [],
    result: of('result'),
    limitation: [],
  }
}

it('has a result of each paper that found something, after what is nearest to the question', () => {
  const spans = [
    span('s1', 'p1', 'method', 'We light the lanterns of harbours by clockwork.'),
    span('s2', 'p1', 'method', 'The lanterns of a harbour are lit from the pier.'),
    span('s3', 'p1', 'problem', 'Harbours have to light lanterns in every storm.'),
    span('s4', 'p1', 'result', 'Ships came in two hours earlier on average.'),
    span('s5', 'p2', 'method', 'Our lanterns are lit by hand in small harbours.'),
  ]
  const claims = makeClaims(
    plan,
    theme,
    ['p1', 'p2'].map((id) => card(id, spans)),
    { spans: new Map(spans.map((each) => [each.id, each])), papers: new Map() },
  )
  const order = claims.flatMap(({ spans: ids }) => ids)
  expect(order.slice(0, 2).sort()).toContain('s5')
  expect(order[0]).not.toBe('s4')
  expect(order.indexOf('s4')).toBe(2)
})

it('puts what names the question’s concepts before what shares words with them', () => {
  const question = 'How are structural changes in linear models tested?'
  const spans = [
    span(
      's1',
      'p1',
      'method',
      'For all other tests the values are computed by linear interpolation from tables.',
    ),
    span(
      's2',
      'p2',
      'method',
      'A package for all statisticians implements the search for structural changes.',
    ),
  ]
  const claims = makeClaims(
    planReview({ question, sources: [] }),
    theme,
    ['p1', 'p2'].map((id) => card(id, spans)),
    { spans: new Map(spans.map((each) => [each.id, each])), papers: new Map() },
  )
  expect(claims.map(({ spans: ids }) => ids[0])).toEqual(['s2', 's1'])
})
