import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { fitSigmoid } from './sigmoid.ts'
import { adviseStopping } from './stopping.ts'

const record = (pattern: string) => [...pattern].map((mark) => mark === '+')

it('goes on while relevant papers still come, and stops after a long run without any', () => {
  const early = record('+'.repeat(20))
  expect(adviseStopping({ judgements: early, total: 1000 })).toMatchObject({
    stop: false,
    pValue: expect.closeTo(1, 6),
  })
  const late = record('+'.repeat(20) + '-'.repeat(900))
  expect(adviseStopping({ judgements: late, total: 1000 })).toMatchObject({ stop: true, unseen: 0 })
})

it('computes the hypergeometric probability of the published test', () => {
  // One relevant paper among the 60 unread before the last 40 were read: C(59, 40) / C(60, 40) = 20/60 that none is it.
  const judgements = record(`${'+'.repeat(10)}${'-'.repeat(40)}`)
  const advice = adviseStopping({ judgements, total: 70 }, { targetRecall: 0.95 })
  expect(advice.pValue).toBeCloseTo(20 / 60, 9)
  // Two missed: (20 × 19) / (60 × 59) ≈ 0.107; three ≈ 0.033.
  expect(advice).toMatchObject({ stop: false, unseen: 0, unseenAtMost: 2 })
})

it('is sure once everything was read, and knows nothing at the start', () => {
  expect(adviseStopping({ judgements: record('+--'), total: 3 })).toEqual({
    stop: true,
    pValue: 0,
    unseen: 0,
    unseenAtMost: 0,
  })
  expect(adviseStopping({ judgements: [], total: 50 })).toMatchObject({
    stop: false,
    unseen: 50,
    unseenAtMost: 50,
  })
  expect(adviseStopping({ judgements: [], total: 0 }).stop).toBe(true)
})

it('never grows more doubtful with one more irrelevant paper', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (judgements, unread) => {
        const total = judgements.length + unread
        const before = adviseStopping({ judgements, total })
        const after = adviseStopping({ judgements: [...judgements, false], total })
        expect(after.pValue).toBeLessThanOrEqual(before.pValue + 1e-9)
        expect(after.unseenAtMost).toBeLessThanOrEqual(before.unseenAtMost)
        expect(before.unseen).toBeLessThanOrEqual(before.unseenAtMost)
      },
    ),
  )
})

it('asks for more reading when more must be found or surer', () => {
  const judgements = record(`${'+-'.repeat(20)}${'-'.repeat(120)}`)
  const p = (targetRecall: number) => adviseStopping({ judgements, total: 400 }, { targetRecall }).pValue
  expect(p(0.8)).toBeLessThan(p(0.95))
  expect(adviseStopping({ judgements, total: 400 }, { confidence: 0.99 }).unseenAtMost).toBeGreaterThan(
    adviseStopping({ judgements, total: 400 }, { confidence: 0.8 }).unseenAtMost,
  )
})

it('misses the target no oftener than it says when papers come in random order', () => {
  const random = createRandom(7)
  let missed = 0
  const reviews = 200
  for (let review = 0; review < reviews; review++) {
    const papers = Array.from({ length: 200 }, () => random() < 0.15)
    const relevant = papers.filter(Boolean).length
    let read = 20
    while (!adviseStopping({ judgements: papers.slice(0, read), total: 200 }, { targetRecall: 0.9 }).stop)
      read += 10
    if (papers.slice(0, read).filter(Boolean).length < 0.9 * relevant) missed += 1
  }
  expect(missed / reviews).toBeLessThan(0.1)
})

it('refuses what cannot be', () => {
  expect(() => adviseStopping({ judgements: [true, true], total: 1 })).toThrow('cannot be')
  expect(() => adviseStopping({ judgements: [], total: 1 }, { targetRecall: 1 })).toThrow('targetRecall')
  expect(() => adviseStopping({ judgements: [], total: 1 }, { confidence: Number.NaN })).toThrow('confidence')
})

it('fits a probability that rises with the margin and meets the share of positives', () => {
  const random = createRandom(3)
  const outcomes = Array.from({ length: 4000 }, () => {
    const margin = random() * 4 - 2
    return { margin, positive: random() < 1 / (1 + Math.exp(-(3 * margin - 1))) }
  })
  const probability = fitSigmoid(outcomes)
  for (const margin of [-1, 0, 0.5, 1]) {
    expect(Math.abs(probability(margin) - 1 / (1 + Math.exp(-(3 * margin - 1))))).toBeLessThan(0.04)
  }
  const reversed = fitSigmoid(outcomes.map(({ margin, positive }) => ({ margin, positive: !positive })))
  expect(reversed(1)).toBe(reversed(-1))
  expect(fitSigmoid([])(0)).toBe(0.5)
})
