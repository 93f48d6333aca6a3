import type { ElsewhereError } from '../errors.ts'
import type { StoredJob } from './backends.ts'
import { jobOptions, type OpenQueues } from './children.ts'
import { allDeaths, ParkedError } from './deaths.ts'
import { type JobDefinition, regionQueue } from './jobs.ts'

/** What one task needs is asked in few regions, and what it was told there is kept: more than this is going in circles. */
const mostHops = 8

/** Why a job may not be handed on once more; undefined when it may. */
export function lostItsWay({ data }: StoredJob, { message }: ElsewhereError): ParkedError | undefined {
  if ((data.hops ?? 0) < mostHops) return undefined
  return new ParkedError(`it went from region to region ${mostHops} times. ${message}`)
}

/**
 * Puts a job into the queue of the region that it goes on in, in place of the one that ends here: with the same parent, which waits
 * for it, and what is left of its attempts. Done again, after a process that died at this, it changes nothing.
 */
export async function handOn(
  queues: OpenQueues,
  definition: JobDefinition<unknown>,
  job: StoredJob,
  { region, passed }: ElsewhereError,
): Promise<void> {
  const { data, opts, parent, attemptsMade } = job
  const queue = queues.of(regionQueue(definition.queue, region))
  const jobId = `${job.id}@${region}`
  // One that is over was left by an earlier time under the same name.
  if (['completed', 'failed'].includes(await queue.getJobState(jobId))) await queue.remove(jobId)
  await queue.addBulk([
    {
      name: job.name,
      data: {
        ...data,
        hops: (data.hops ?? 0) + 1,
        passed: { ...data.passed, ...passed },
        deaths: allDeaths(job),
      },
      opts: {
        ...jobOptions(definition),
        attempts: Math.max(1, definition.attempts - attemptsMade),
        jobId,
        ...(opts.priority !== undefined && { priority: opts.priority }),
        ...(parent && {
          parent: { id: parent.id!, queue: parent.queueKey },
          ignoreDependencyOnFailure: true,
        }),
      },
    },
  ])
}
