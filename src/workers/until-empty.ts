import { setTimeout } from 'node:timers/promises'
import type { QueueName, RegionQueueName } from '../queue/jobs.ts'
import type { Queues } from '../queue/queues.ts'

/** Milliseconds between looks whether anything is left to do, and looks that must agree: between two steps a queue is empty. */
const looksEvery = 500
const emptyLooks = 4

/** Resolves when nothing waits in the queues that it names now or is under way, on this worker or another; or when `signal` aborts. */
export async function untilEmpty(
  queues: Pick<Queues, 'counts'>,
  names: () => readonly (QueueName | RegionQueueName)[],
  signal: AbortSignal,
): Promise<void> {
  for (let empty = 0; empty < emptyLooks && !signal.aborted; ) {
    await setTimeout(looksEvery, undefined, { signal, ref: false }).catch(() => undefined)
    const counts = await Promise.all(names().map((name) => queues.counts(name)))
    const isEmpty = counts.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
    empty = isEmpty ? empty + 1 : 0
  }
}
