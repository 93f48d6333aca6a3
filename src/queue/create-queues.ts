import { randomUUID } from 'node:crypto'
import { closedInTime } from '../redis.ts'
import { asStoreFailure } from '../store/failures.ts'
import { createEngine, type QueueBackend, type QueueTracing, type StoredQueue } from './backends.ts'
import { cancellationTopic } from './cancellation.ts'
import { jobOptions } from './children.ts'
import { createQuarantine } from './deaths.ts'
import { type QueueName, queueNames, type RegionQueueName } from './jobs.ts'
import type { Cancellation, Handler, JobWatch, Queues, QueueWorker } from './queues.ts'
import { requeueAll, watchOrphans } from './recovery.ts'
import { closeWorker, createRunner } from './worker.ts'

export interface QueuesConfig {
  readonly backend: QueueBackend
  /** Without it running jobs do not hear of cancellations. */
  readonly cancellation?: Cancellation
  /** Told of failures of the queue itself (a connection lost); jobs go on when it is well again. */
  readonly onError: (error: unknown) => void
  /** Told of the jobs that run here. */
  readonly watch?: JobWatch
  /** Carries traces from who adds a job to who runs it. */
  readonly tracing?: QueueTracing | undefined
}

/** Milliseconds; container platforms end a process by force after 10 to 30 s. */
const defaultGrace = 10_000

/** Opens the queues. On PGlite, whose folder this process alone holds, jobs left active are put back at once. */
export async function createQueues({
  backend,
  cancellation,
  onError,
  watch,
  tracing,
}: QueuesConfig): Promise<Queues> {
  let closed: Promise<void> | undefined
  // Connections that come to their end while the queues are closed are none of anybody's concern.
  const report = (error: unknown) => closed === undefined && onError(error)
  const engine = createEngine(backend, tracing)
  const queues = new Map<QueueName | RegionQueueName, StoredQueue>()
  const queueOf = (name: QueueName | RegionQueueName) => {
    const known = queues.get(name)
    if (known) return known
    const queue = engine.createQueue(name)
    queue.on('error', report)
    queues.set(name, queue)
    return queue
  }
  for (const name of queueNames) {
    const queue = queueOf(name)
    await queue.waitUntilReady()
    if (!engine.shared) await requeueAll(queue)
  }
  const workers: QueueWorker[] = []
  const quarantine = createQuarantine()

  async function createWorker(
    name: QueueName | RegionQueueName,
    handlers: readonly Handler[],
    options: { concurrency: number },
  ) {
    const self = randomUUID()
    const runner = createRunner(
      handlers,
      { of: queueOf, waitsForFailed: engine.waitsForFailed },
      cancellation,
      quarantine,
      watch,
    )
    const worker = engine.createWorker(name, (job, token) => runner.run(job, token ?? ''), {
      ...options,
      name: self,
      autorun: false,
    })
    worker.on('error', report)
    await worker.waitUntilReady()
    const unwatch = engine.shared ? await watchOrphans(queueOf(name), self, report) : () => undefined
    worker.run().catch(report)
    let ended: Promise<void> | undefined
    const handle = {
      running: runner.running,
      done: runner.done,
      close: (grace = defaultGrace) => {
        unwatch()
        ended ??= closeWorker(worker, runner, { grace, isQueueAway: engine.isAway })
        return ended
      },
    }
    workers.push(handle)
    return handle
  }

  async function close(grace?: number): Promise<void> {
    for (const worker of workers.toReversed()) await worker.close(grace)
    await Promise.all([...queues.values()].map((queue) => closedInTime(queue.close())))
    await engine.close()
  }

  return {
    async add(job, payload, id) {
      const data = { payload: job.payload.parse(payload) }
      await queueOf(job.queue).add(job.name, data, { ...jobOptions(job), jobId: id })
    },
    async ensure(job, payload, id) {
      const queue = queueOf(job.queue)
      const state = await queue.getJobState(id)
      if (state !== 'unknown' && state !== 'completed' && state !== 'failed') return false
      if (state !== 'unknown') await queue.remove(id)
      const data = { payload: job.payload.parse(payload) }
      await queue.add(job.name, data, { ...jobOptions(job), jobId: id })
      return true
    },
    createWorker,
    async announceCancellation(session) {
      await cancellation?.announcements.publish(cancellationTopic(session))
    },
    async counts(name) {
      const counts = await queueOf(name)
        .getJobCounts()
        .catch((thrown) => {
          throw asStoreFailure(thrown)
        })
      const of = (...states: string[]) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
      return {
        waiting: of('waiting', 'prioritized', 'paused'),
        active: of('active'),
        delayed: of('delayed'),
        waitingChildren: of('waiting-children'),
        failed: of('failed'),
        completed: of('completed'),
      }
    },
    close(grace) {
      closed ??= close(grace)
      return closed
    },
  }
}
