import { expect, it } from 'vitest'
import { facetsOf } from './facets.ts'

const evaluated = 'How do open modules teach computing, and how is their effect evaluated?'
const hindered = 'Which results could be reproduced, and what stood in the way?'

it.each([
  [evaluated, 'After feedback from learners we find the material to be very effective.', 1],
  [evaluated, 'The module has four lessons on the shell.', 0],
  [hindered, 'The settings of the original paper were not provided.', 1],
  [hindered, 'We trained the network for ten epochs.', 0],
  ['How are disks laid out?', 'The material is very effective.', 0],
])('%s “%s”: %d', (question, sentence, share) => {
  expect(facetsOf(question)(sentence)).toBe(share)
})
