import { availableParallelism } from 'node:os'
import type { Config } from '../config.ts'
import {
  answerJob,
  embedJob,
  type QueueName,
  queueNames,
  type RegionQueueName,
  regionalQueues,
  regionQueue,
  reviewJob,
  taskJobs,
} from '../queue/jobs.ts'
import { type Handler, handle, handleSpine, type QueueWorker } from '../queue/queues.ts'
import type { OpenRegions } from '../regions/create-regions.ts'
import { answerQuestion } from '../session/answer-question.ts'
import type { Deployment } from '../session/deployment.ts'
import { failSession } from '../session/fail-session.ts'
import { parkTask } from '../session/give-up-task.ts'
import { runReview } from '../session/run-review.ts'
import { runTask } from '../session/run-task.ts'
import { indexPassages } from '../session/search/index-passages.ts'
import { type SessionWatch, startSessionWatch } from '../session/session-watch.ts'
import type { Measure } from '../telemetry/measure.ts'

/** What the workers of a process take on. */
export interface WorkerPool {
  /** Default: every queue. */
  readonly queues?: readonly QueueName[] | undefined
  /** Jobs at once, of each queue; default: what suits the queue and the machine. */
  readonly concurrency?: number | undefined
}

/** The workers of this process. */
export interface Workers {
  /** Starts taking jobs from the queues: from all, or from those named. */
  start(pool?: WorkerPool): Promise<void>
  /** The queues that jobs are taken from now, those of regions that are lost among them. */
  takes(): readonly (QueueName | RegionQueueName)[]
  /** Takes no more jobs; running ones may finish for `graceMilliseconds`. Safe to call twice. */
  stop(graceMilliseconds: number): Promise<void>
  /** Jobs that were done, however they ended. */
  done(): number
}

/** Makes what takes jobs and does them; it takes none before it is started. */
export function createWorkers({
  config,
  deployment,
  regions,
  measure,
  onError,
}: {
  config: Config
  deployment: Deployment
  regions: OpenRegions
  measure: Pick<Measure, 'working'>
  onError: (thrown: unknown) => void
}): Workers {
  const { queues } = deployment
  const workers = new Map<QueueName | RegionQueueName, QueueWorker>()
  let ended = 0
  let grace: number | undefined
  let watch: SessionWatch | undefined
  let abroad: { stop(): Promise<void> } | undefined

  async function letGo(queue: QueueName | RegionQueueName): Promise<void> {
    const worker = workers.get(queue)
    workers.delete(queue)
    await worker?.close(grace)
    ended += worker?.done() ?? 0
  }

  return {
    async start({ queues: names = queueNames, concurrency } = {}) {
      const take = async (name: QueueName, region?: string) => {
        const queue = regionQueue(name, region)
        const atOnce = concurrency ?? usualConcurrency(config)[name]
        workers.set(
          queue,
          await queues.createWorker(queue, handlers(deployment)[name], { concurrency: atOnce }),
        )
        return { close: () => letGo(queue) }
      }
      const regional = regionalQueues.filter((name) => names.includes(name))
      for (const name of names) await take(name)
      if (config.region !== undefined) for (const name of regional) await take(name, config.region)
      abroad = await regions.work(regional, take)
      if (names.includes('sessions')) watch = startSessionWatch(deployment, onError)
      measure.working(true)
    },
    async stop(graceMilliseconds) {
      measure.working(false)
      grace = graceMilliseconds
      await watch?.stop()
      await Promise.all([abroad?.stop(), ...[...workers.keys()].map(letGo)])
    },
    takes: () => [...workers.keys()],
    done: () => [...workers.values()].reduce((sum, worker) => sum + worker.done(), ended),
  }
}

function handlers(deployment: Deployment): Record<QueueName, Handler[]> {
  const task = (name: Exclude<QueueName, 'sessions'>) => [
    handle(
      taskJobs[name],
      (payload, job) => runTask(deployment, payload, job),
      (payload, thrown) => parkTask(deployment, payload, thrown),
    ),
  ]
  return {
    sessions: [
      handleSpine(
        reviewJob,
        (payload, spine) => runReview(deployment, payload, spine),
        (payload, thrown) => failSession(deployment, payload, thrown),
      ),
    ],
    search: [...task('search'), handle(embedJob, (_, { signal }) => indexPassages(deployment, signal))],
    documents: task('documents'),
    analysis: task('analysis'),
    synthesis: [
      ...task('synthesis'),
      handle(answerJob, (payload, job) => answerQuestion(deployment, payload, job)),
    ],
  }
}

/** How many jobs of each queue run at once here. Judging without a model keeps the one main thread busy. */
function usualConcurrency(config: Config): Record<QueueName, number> {
  const threads = config.readerThreads ?? availableParallelism()
  return {
    sessions: 8,
    search: 4,
    documents: Math.max(threads + 1, 16),
    // Judging by a model is waiting for it; the gateway's limits bind.
    analysis: config.models?.length ? 32 : 2,
    synthesis: config.models?.length ? 16 : 2,
  }
}
