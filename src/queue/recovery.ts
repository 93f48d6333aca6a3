import type { StoredQueue } from './backends.ts'

/** The token with which `Job.moveToWait` takes a job from whoever holds it. */
const anyToken = '0'

/** Puts back all active jobs of a queue: for a back end of which this process is the only user, before it starts. */
export async function requeueAll(queue: StoredQueue): Promise<void> {
  for (const job of await queue.getActive()) await job.moveToWait(anyToken)
}

/**
 * Puts back the active jobs of workers whose connection to the server is gone, without waiting for their locks to end.
 * `self`, which is connected, shows whether the server tells at all who is; where it does not, locks decide.
 */
export async function requeueOrphans(queue: StoredQueue, self: string): Promise<void> {
  const workers = await queue.getWorkers()
  const alive = new Set(workers.map((worker) => worker.rawname?.split(':w:')[1]))
  if (!alive.has(self)) return
  for (const job of await queue.getActive()) {
    if (job.processedBy !== undefined && !alive.has(job.processedBy)) await job.moveToWait(anyToken)
  }
}
