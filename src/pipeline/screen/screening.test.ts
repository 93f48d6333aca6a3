import { expect, test } from 'vitest'
import type { ScreeningCandidate } from '../../analysts/analyst.ts'
import type { Label, ScreeningDecision } from '../../contract/screening.ts'
import { applyLabels } from './labelled.ts'
import { limitCore } from './limit-core.ts'

const decision = (paperId: string, change: Partial<ScreeningDecision> = {}): ScreeningDecision => ({
  paperId,
  tier: 'core',
  reason: 'relevant',
  score: 0.5,
  rationale: 'names “bees”',
  decidedBy: 'extractive',
  ...change,
})
const candidate = (id: string, title: string): ScreeningCandidate => ({
  paper: { id, fields: { title, authors: [] }, provenance: {}, records: [id], mergedBecause: [] },
})
/** Ten papers on bees and ten on bridges; the analyst finds all of them core. */
const bees = Array.from({ length: 10 }, (_, n) =>
  candidate(`bee${n}`, `Honey bees and the pollination of crop ${n}`),
)
const bridges = Array.from({ length: 10 }, (_, n) =>
  candidate(`bridge${n}`, `Fatigue of steel bridges, part ${n}`),
)
const candidates = [...bees, ...bridges]
const decisions = candidates.map(({ paper }) => decision(paper.id))
const label = (paperId: string, kind: Label['label'], reason?: string): Label => ({
  paperId,
  label: kind,
  ...(reason === undefined ? {} : { reason }),
})
const screened = (labels: Label[], made = decisions) =>
  new Map(
    applyLabels({ question: 'How do bees pollinate crops?', candidates, decisions: made, labels }).map(
      (one) => [one.paperId, one],
    ),
  )

test('without labels, or with labels of one kind only, the analyst’s decisions stand', () => {
  expect([...screened([]).values()]).toEqual(decisions)
  expect(screened([label('bee0', 'include'), label('bee1', 'maybe')]).get('bridge5')).toEqual(
    decision('bridge5'),
  )
})

test('what a person labelled is as they said, with their reason', () => {
  const result = screened([label('bee0', 'exclude', 'not on crops'), label('bridge0', 'include')])
  expect(result.get('bee0')).toMatchObject({ tier: 'exclude', decidedBy: 'person', score: 0 })
  expect(result.get('bee0')!.rationale).toContain('not on crops')
  expect(result.get('bridge0')).toMatchObject({ tier: 'core', decidedBy: 'person' })
})

test('a retracted paper stays out, whoever labels it', () => {
  const retracted = decision('bee0', { tier: 'exclude', reason: 'retracted', decidedBy: 'rule' })
  const made = [retracted, ...decisions.slice(1)]
  expect(screened([label('bee0', 'include')], made).get('bee0')).toEqual(retracted)
})

test('a few labels of each kind teach the rest, and the rationale names the words that decided', () => {
  const labels = [0, 1, 2].flatMap((n) => [label(`bee${n}`, 'include'), label(`bridge${n}`, 'exclude')])
  const result = screened(labels)
  expect(result.get('bee7')).toMatchObject({ tier: 'core', decidedBy: 'classifier' })
  expect(result.get('bee7')!.rationale).toMatch(/bees|pollination|crop|honey/)
  expect(result.get('bridge7')!.tier).not.toBe('core')
})

test('the classifier excludes nothing until it has seen five labels of each kind', () => {
  const labels = [0, 1, 2, 3].flatMap((n) => [label(`bee${n}`, 'include'), label(`bridge${n}`, 'exclude')])
  expect(screened(labels).get('bridge7')!.tier).toBe('background')
})

test('decisions by rule stand against the classifier', () => {
  const ruled = decisions.map((one) =>
    one.paperId === 'bee7'
      ? decision('bee7', { tier: 'exclude', reason: 'outside_dates', decidedBy: 'rule' })
      : one,
  )
  const labels = [label('bee0', 'include'), label('bridge0', 'exclude')]
  expect(screened(labels, ruled).get('bee7')).toMatchObject({ tier: 'exclude', reason: 'outside_dates' })
})

test('beyond the number asked for, the papers that fit least become background and say so', () => {
  const made = [
    decision('a', { score: 0.2 }),
    decision('b', { score: 0.9 }),
    decision('c', { tier: 'background' }),
  ]
  const [a, b, c] = limitCore(made, 1)
  expect(a).toMatchObject({ tier: 'background', reason: 'beyond_limit', decidedBy: 'rule' })
  expect(a!.rationale).toContain('names “bees”')
  expect([b, c]).toEqual(made.slice(1))
  expect(limitCore(made, undefined)).toEqual(made)
})
