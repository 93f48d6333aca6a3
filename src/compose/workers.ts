import { availableParallelism } from 'node:os'
import type { Config } from '../config.ts'
import { answerJob, embedJob, type QueueName, queueNames, reviewJob, taskJobs } from '../queue/jobs.ts'
import { type Handler, handle, handleSpine, type QueueWorker } from '../queue/queues.ts'
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
  /** Takes no more jobs; running ones may finish for `graceMilliseconds`. */
  stop(graceMilliseconds: number): Promise<void>
  /** Jobs that were done, however they ended. */
  done(): number
}

/** Makes what takes jobs and does them; it takes none before it is started. */
export function createWorkers({
  config,
  deployment,
  measure,
  onError,
}: {
  config: Config
  deployment: Deployment
  measure: Pick<Measure, 'working'>
  onError: (thrown: unknown) => void
}): Workers {
  const { queues } = deployment
  const workers: QueueWorker[] = []
  let watch: SessionWatch | undefined
  return {
    async start({ queues: names = queueNames, concurrency } = {}) {
      for (const name of names) {
        const atOnce = concurrency ?? usualConcurrency(config)[name]
        workers.push(await queues.createWorker(name, handlers(deployment)[name], { concurrency: atOnce }))
      }
      if (names.includes('sessions')) watch = startSessionWatch(deployment, onError)
      measure.working(true)
    },
    async stop(graceMilliseconds) {
      measure.working(false)
      await watch?.stop()
      await Promise.all(workers.map((worker) => worker.close(graceMilliseconds)))
    },
    done: () => workers.reduce((sum, worker) => sum + worker.done(), 0),
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
