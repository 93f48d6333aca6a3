import { SheafError, WaitingError } from '../errors.ts'
import type { StoredJob } from './backends.ts'

/** A job that so many processes died of, one after the other, is not given to another. */
export const deathsAllowed = 3
/** From so many on, a job is under suspicion: at one time, a process works on one such job only. */
const suspicious = 2
/** Milliseconds after which a job under suspicion looks again whether it can be tried alone. */
const nextTurn = 1_000

/** Why a job was given up that had no end of its own: every process that took it ended before it did, or it went in circles. */
export class ParkedError extends SheafError {
  constructor(reason: string) {
    super('internal', `Given up: ${reason}`)
  }

  static override isInstance(value: unknown): value is ParkedError {
    return value instanceof ParkedError
  }
}

/** How many processes a job has cost, those that it is not blamed for any more among them. */
export function allDeaths({ data, stalledCounter }: StoredJob): number {
  return (data.deaths ?? 0) + (stalledCounter ?? 0)
}

/** How many processes a job has cost since it last got further. */
export function deathsOf(job: StoredJob): number {
  return allDeaths(job) - (job.data.forgiven ?? 0)
}

/** Notes that the process which held a job is dead. */
export async function noteDeath(job: StoredJob): Promise<void> {
  await job.updateData({ ...job.data, deaths: (job.data.deaths ?? 0) + 1 })
}

/** Starts counting anew: the job has got further, so that what happened before was not its doing. */
export async function forgiveDeaths(job: StoredJob): Promise<void> {
  if (deathsOf(job) > 0) await job.updateData({ ...job.data, forgiven: allDeaths(job) })
}

/**
 * Lets jobs under suspicion run one at a time in this process, so that the one which kills it is known by its count: jobs that
 * only happened to run beside it twice do not come to the third. Others are not held up.
 * @throws {ParkedError} for a job that has cost too many
 * @throws {WaitingError} for one under suspicion while another runs: it waits in the queue, where no death can be laid to it
 */
export function createQuarantine(): (job: StoredJob, work: () => Promise<void>) => Promise<void> {
  let isOccupied = false
  return async (job, work) => {
    const deaths = deathsOf(job)
    if (deaths >= deathsAllowed)
      throw new ParkedError(`the program stopped ${deaths} times while it worked on this.`)
    if (deaths < suspicious) return work()
    if (isOccupied) {
      const reason = `The program stopped ${deaths} times while it worked on this, so it is tried alone.`
      throw new WaitingError('others that are tried alone', new Date(Date.now() + nextTurn), reason)
    }
    isOccupied = true
    try {
      await work()
    } finally {
      isOccupied = false
    }
  }
}
