import { expect, it } from 'vitest'
import { isQuotableSentence } from './quotable.ts'

it.each([
  ['From each disk node dj there is an edge to the node t with the capacity Lj.', false],
  ['Each disk has a capacity, and each client is served from one of the disks.', true],
  ['We find that p values of the I tests are not on a par with those of 2012.', true],
])('takes formulas in words for no sentence to quote: %s %s', (sentence, isQuotable) => {
  expect(isQuotableSentence(sentence)).toBe(isQuotable)
})
