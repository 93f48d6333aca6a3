import { describe, expect, test } from 'vitest'
import { SheafError } from '../errors.ts'
import type { QueueCounts, Queues } from '../queue/queues.ts'
import { untilEmpty } from './until-empty.ts'

const none: QueueCounts = {
  waiting: 0,
  active: 0,
  delayed: 0,
  waitingChildren: 0,
  failed: 0,
  completed: 0,
}

/** A queue that answers one look after the other, and the last answer from then on. */
function answering(...answers: (QueueCounts | Error)[]) {
  let looks = 0
  return {
    looks: () => looks,
    counts: async () => {
      const answer = answers[Math.min(looks, answers.length - 1)]!
      looks += 1
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

describe('draining', () => {
  const drain = (queue: Pick<Queues, 'counts'>) =>
    untilEmpty(queue, () => ['search'], new AbortController().signal, 1)

  test('ends after some looks in a row have found nothing, and waits for jobs whose time is to come', async () => {
    const queue = answering(none, none, { ...none, active: 1 }, none, { ...none, delayed: 1 }, none)
    await drain(queue)
    expect(queue.looks()).toBe(9)
  })

  test('goes on while the store of the queue is away, and ends with any other fault', async () => {
    const away = new SheafError('store_unavailable', 'The database cannot be used.', { retryable: true })
    const queue = answering(none, none, none, away, none)
    await drain(queue)
    expect(queue.looks()).toBe(8)
    await expect(drain(answering(new Error('other')))).rejects.toThrow('other')
  })
})
