import { setTimeout } from 'node:timers/promises'
import { SheafError } from '../errors.ts'
import type { QueueName, RegionQueueName } from '../queue/jobs.ts'
import type { QueueCounts, Queues } from '../queue/queues.ts'

/** Milliseconds between looks whether anything is left to do, and looks that must agree: between two steps a queue is empty. */
const looksEvery = 500
const emptyLooks = 4

/**
 * Resolves when nothing waits in the queues that it names now or is under way, on this worker or another; or when `signal` aborts.
 * @param every milliseconds between looks
 * @throws what `counts` throws, unless the store is only away
 */
export async function untilEmpty(
  queues: Pick<Queues, 'counts'>,
  names: () => readonly (QueueName | RegionQueueName)[],
  signal: AbortSignal,
  every = looksEvery,
): Promise<void> {
  for (let empty = 0; empty < emptyLooks && !signal.aborted; ) {
    await setTimeout(every, undefined, { signal, ref: false }).catch(() => undefined)
    const isEmpty = await Promise.all(names().map((name) => queues.counts(name))).then(hasNone, whileAway)
    empty = isEmpty ? empty + 1 : 0
  }
}

function hasNone(counts: readonly QueueCounts[]): boolean {
  return counts.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
}

/** A queue that cannot be asked just now is not known to be empty. */
function whileAway(thrown: unknown): false {
  if (SheafError.isInstance(thrown) && thrown.code === 'store_unavailable' && thrown.retryable) return false
  throw thrown
}
