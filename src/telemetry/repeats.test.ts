import { expect, test } from 'vitest'
import { createRepeats } from './repeats.ts'

test('a sentence is said once in a while, whatever is said beside it', () => {
  let clock = 0
  const isDue = createRepeats(60_000, () => clock)
  const said = (sentence: string, seconds: number) => {
    clock = seconds * 1000
    return isDue(sentence)
  }
  expect([said('away', 0), said('away', 1), said('other', 2), said('away', 59)]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([said('away', 60), said('away', 61), said('other', 63)]).toEqual([true, false, true])
})

test('sentences that never come again are not kept', () => {
  const isDue = createRepeats(60_000, () => 0)
  expect(isDue('first')).toBe(true)
  for (let count = 0; count < 100; count += 1) isDue(`${count}`)
  expect(isDue('99')).toBe(false)
  expect(isDue('first')).toBe(true)
})
