import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEstimates } from './estimates.ts'

test('reserves the whole answer and a careful count of the input while nothing is known', () => {
  const estimates = createEstimates()
  estimates.learn('k', 400, { inputTokens: 100, outputTokens: 50 })
  expect(estimates.likely('k', 400, 2000)).toEqual(estimates.most('k', 400, 2000))
  expect(estimates.most('k', 400, 2000)).toEqual({ input: 434, output: 2000 })
})

test('reserves little more than calls of a kind take, and knows kinds apart', () => {
  const estimates = createEstimates()
  for (let call = 0; call < 50; call += 1)
    estimates.learn('k', 4000, { inputTokens: 1000, outputTokens: 200 + 10 * (call % 3) })
  const { input, output } = estimates.likely('k', 8000, 4000)
  expect(input).toBe(2000)
  expect(output).toBeGreaterThan(210)
  expect(output).toBeLessThan(240)
  expect(estimates.likely('other', 8000, 4000).output).toBe(4000)
})

test('takes more for the most where calls of a kind have more input than the rule says', () => {
  const estimates = createEstimates()
  for (let call = 0; call < 5; call += 1) estimates.learn('k', 1000, { inputTokens: 900, outputTokens: 10 })
  expect(estimates.most('k', 1000, 100)).toEqual({ input: 900, output: 100 })
})

test('never reserves more output than a call may give, whatever was learnt', () => {
  const usage = fc.record({ bytes: fc.nat(1e6), inputTokens: fc.nat(1e6), outputTokens: fc.nat(1e6) })
  fc.assert(
    fc.property(fc.array(usage), fc.nat(1e6), fc.nat(1e5), (calls, bytes, most) => {
      const estimates = createEstimates()
      for (const call of calls) estimates.learn('k', call.bytes, call)
      const { input, output } = estimates.likely('k', bytes, most)
      expect(output).toBeLessThanOrEqual(most)
      expect(Number.isInteger(input) && input >= 0 && Number.isInteger(output) && output >= 0).toBe(true)
    }),
  )
})
