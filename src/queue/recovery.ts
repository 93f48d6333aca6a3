import type { StoredQueue } from './backends.ts'
import { noteDeath } from './deaths.ts'

/** The token with which `Job.moveToWait` takes a job from whoever holds it. */
const anyToken = '0'
/**
 * Milliseconds between looks for jobs of processes that are gone. A connection that was lost is open again by the second look,
 * which is the one that counts; so what a killed process held goes on elsewhere after four to eight seconds.
 */
const looksEvery = 4_000

/** Puts back all active jobs of a queue: for a back end of which this process is the only user, before it starts. */
export async function requeueAll(queue: StoredQueue): Promise<void> {
  for (const job of await queue.getActive()) {
    await noteDeath(job)
    await job.moveToWait(anyToken)
  }
}

/** Names of those whose connection to the server is open; undefined where the server does not tell, and locks decide. */
async function connected(queue: StoredQueue, self: string): Promise<Set<string | undefined> | undefined> {
  const workers = await queue.getWorkers()
  const names = new Set(workers.map((worker) => worker.rawname?.split(':w:')[1]))
  return names.has(self) ? names : undefined
}

/**
 * Puts back the active jobs of workers that are gone, without waiting for their locks to end: those of which `isGone` says so.
 * `self`, which is connected, shows whether the server tells at all who is. Of all workers, the first by name does it.
 */
async function requeueOrphans(
  queue: StoredQueue,
  self: string,
  isGone: (worker: string) => boolean,
): Promise<Set<string>> {
  const missing = new Set<string>()
  const alive = await connected(queue, self)
  if (!alive) return missing
  // Two who put back the same job would count one death as two.
  const isFirst = [...alive].filter((name) => name !== undefined).sort()[0] === self
  for (const job of await queue.getActive()) {
    const { processedBy } = job
    if (processedBy === undefined || alive.has(processedBy)) continue
    missing.add(processedBy)
    if (!isGone(processedBy) || !isFirst) continue
    await noteDeath(job)
    await job.moveToWait(anyToken)
  }
  return missing
}

/**
 * Looks after the active jobs of workers that are gone, until it is told to stop. Whoever is missing at the first look is gone:
 * this worker has just started, most often in the place of one that died.
 */
export async function watchOrphans(
  queue: StoredQueue,
  self: string,
  onError: (error: unknown) => void,
): Promise<() => void> {
  let missing = await requeueOrphans(queue, self, () => true)
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    const before = missing
    requeueOrphans(queue, self, (worker) => before.has(worker))
      .then((found) => {
        missing = found
      }, onError)
      .finally(() => {
        looking = false
      })
  }, looksEvery)
  return () => clearInterval(timer)
}
