import { SheafError } from '../errors.ts'
import { type QueueName, queueNames, regionalQueues, regionQueue } from '../queue/jobs.ts'
import type { Queues } from '../queue/queues.ts'

/** Worker processes of one kind: they take the same queues, and fail without touching those of another. */
export interface Pool {
  readonly name: string
  readonly queues: readonly QueueName[]
  /** Work of so many jobs, waiting or under way, is worth a process. */
  readonly jobsPerProcess: number
}

/** Reading PDFs, where memory is used and hostile files are met, apart from everything else. */
export const pools: readonly Pool[] = [
  { name: 'documents', queues: ['documents'], jobsPerProcess: 16 },
  { name: 'reviews', queues: ['sessions', 'search', 'analysis', 'synthesis'], jobsPerProcess: 24 },
]

/** Bounds of the number of processes in each pool. */
export interface Bounds {
  readonly least: number
  readonly most: number
}

/**
 * Understands what is said of worker processes: a number, `2-8`, or `auto`, which is from one to one for each core. 0 is none at all.
 * @throws {SheafError} `invalid_input` for anything else
 */
export function workerBounds(text: string, cores: number): Bounds {
  if (text === 'auto') return { least: 1, most: Math.max(1, cores) }
  const [, least, most = least] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text) ?? []
  if (least === undefined || Number(most) < Number(least))
    throw new SheafError('invalid_input', `“${text}” is no number of workers.`, {
      advice: 'Give a number, two of them as 2-8, or auto.',
    })
  return { least: Number(least), most: Number(most) }
}

/** The queues of these names; without names, all. @throws {SheafError} `invalid_input` for a name that is none. */
export function queuesNamed(names: readonly string[] = queueNames): QueueName[] {
  return names.map((name) => {
    const known = queueNames.find((queue) => queue === name)
    if (known !== undefined) return known
    throw new SheafError('invalid_input', `There is no queue “${name}”.`, {
      advice: `The queues are ${queueNames.join(', ')}.`,
    })
  })
}

/** What processes in a region do: the jobs of a queue, and those of its part that is their region's. */
export interface JobsToDo {
  readonly waiting: number
  readonly active: number
}

/** Counts the jobs of a queue that processes in this region, or in none, take. */
export async function jobsFor(
  queues: Pick<Queues, 'counts'>,
  queue: QueueName,
  region: string | undefined,
): Promise<JobsToDo> {
  const all = await queues.counts(queue)
  if (region === undefined || !regionalQueues.includes(queue)) return all
  const own = await queues.counts(regionQueue(queue, region))
  return { waiting: all.waiting + own.waiting, active: all.active + own.active }
}

/** How many processes a pool should have for what its queues hold. */
export function wanted(pool: Pool, counts: readonly JobsToDo[], { least, most }: Bounds): number {
  const jobs = counts.reduce((sum, { waiting, active }) => sum + waiting + active, 0)
  return Math.min(most, Math.max(least, Math.ceil(jobs / pool.jobsPerProcess)))
}
