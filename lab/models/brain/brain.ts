import { readMaterial } from '../../../src/analysts/model/material.ts'
import { label, plan, screen } from './judging.ts'
import { withMistakes } from './mistakes.ts'
import { extract, requote } from './reading.ts'
import { answer, audit, claims, relate } from './writing.ts'

const tasks = { plan, screen, label, extract, requote, claims, relate, audit, answer }

/** What a simulated model thinks of one question. */
export interface Thought {
  task: string
  value: Record<string, unknown>
  /** How many of its entries are wrong on purpose. */
  mistakes: number
}

/**
 * Answers a question of the review from its material alone: sensibly, the same each time, and wrong in a share of entries
 * that `keys` decide. A question that is none of the review's gets the answer "ok".
 */
export function think(input: string, wrong: number, ...keys: readonly (string | number)[]): Thought {
  if (!input.startsWith('Task: ')) return { task: 'other', value: { answer: 'ok' }, mistakes: 0 }
  const { task, lines } = readMaterial(input)
  if (!(task in tasks)) throw new RangeError(`The laboratory's models do not know the task ${task}.`)
  const truthful = tasks[task as keyof typeof tasks](lines)
  const { answer: value, mistakes } = withMistakes(truthful, wrong, ...keys)
  return { task, value, mistakes }
}
