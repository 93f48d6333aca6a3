import { createHash } from 'node:crypto'
import { SheafError } from '../errors.ts'
import type { StoredJob, StoredQueue } from './backends.ts'
import type { JobDefinition, QueueName, RegionQueueName } from './jobs.ts'
import type { Child } from './queues.ts'

/** Where children find their parent. */
export interface ParentReference {
  readonly id: string
  /** The queue's name as the back end qualifies it. */
  readonly queue: string
}

/** BullMQ's lowest priority; the highest number. */
const lastPriority = 2 ** 21
/** Jobs stored in one statement. */
const batchSize = 500

/** The id of a child's job. Ids may not hold a colon nor be a number; what else a key may hold is hashed away. */
export function childId(spine: string, job: string, key: string): string {
  const name = /^[\w.-]{1,64}$/.test(key) ? key : createHash('sha256').update(key).digest('hex').slice(0, 32)
  return `${spine}.${job}.${name}`
}

/** What adding jobs needs of the queues. */
export interface OpenQueues {
  of(name: QueueName | RegionQueueName): StoredQueue
  readonly waitsForFailed: boolean
}

/**
 * Adds children to a parent, which then waits for them. Children that are there already stay as they are. A child's
 * final failure does not fail the parent. Throws `conflict` when the parent is gone.
 */
export async function addChildren(
  queues: OpenQueues,
  parent: ParentReference,
  children: readonly Child[],
): Promise<void> {
  const byQueue = Map.groupBy(children, ({ job }) => job.queue)
  const added: StoredJob[] = []
  for (const [name, ofQueue] of byQueue) {
    for (let start = 0; start < ofQueue.length; start += batchSize) {
      added.push(...(await addBatch(queues.of(name), parent, ofQueue.slice(start, start + batchSize))))
    }
  }
  if (queues.waitsForFailed) await leaveFailed(queues, parent, added)
}

async function addBatch(
  queue: StoredQueue,
  parent: ParentReference,
  children: readonly Child[],
): Promise<StoredJob[]> {
  const jobs = children.map(({ job, payload, key, position }) => ({
    name: job.name,
    data: { payload: job.payload.parse(payload) },
    opts: {
      ...jobOptions(job),
      jobId: childId(parent.id, job.name, key),
      parent: { id: parent.id, queue: parent.queue },
      priority: Math.min(position, lastPriority),
      ignoreDependencyOnFailure: true,
    },
  }))
  const added = await queue.addBulk(jobs)
  // The back ends report a parent that is gone as a negative number in place of the id.
  const lost = added.findIndex((job, index) => job.id !== jobs[index]!.opts.jobId)
  if (lost < 0) return added
  throw new SheafError('conflict', `Job ${parent.id} is over; ${jobs[lost]!.opts.jobId} came too late.`)
}

/** Takes children that had failed before from what their parent waits for. One that fails only now does so itself. */
async function leaveFailed(
  queues: OpenQueues,
  parent: ParentReference,
  added: readonly StoredJob[],
): Promise<void> {
  const spine = await queues.of('sessions').getJob(parent.id)
  const failed = await spine?.getIgnoredChildrenFailures()
  if (failed === undefined) return
  for (const job of added) {
    if (Object.hasOwn(failed, `${job.queueQualifiedName}:${job.id}`)) await job.removeChildDependency()
  }
}

/** Finished jobs are kept for as long as their spine may add them again, which must find them. Seconds. */
const keepFinished = { age: 7 * 24 * 3600 }

/** What BullMQ is told of a kind of job. */
export function jobOptions(job: JobDefinition<unknown>) {
  return {
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoff },
    removeOnComplete: keepFinished,
    removeOnFail: keepFinished,
    stackTraceLimit: 3,
  }
}
