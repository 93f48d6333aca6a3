import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq'
import { ElsewhereError, WaitingError as LimitWaitingError, messageOf, SheafError } from '../errors.ts'
import { closedInTime, isRedisAway } from '../redis.ts'
import { onJourney } from '../regions/journey.ts'
import { asStoreFailure, isStoreAway } from '../store/failures.ts'
import type { JobOutcome } from '../telemetry/measure.ts'
import { type JobWorker, lockDuration, type StoredJob } from './backends.ts'
import { watchCancellation } from './cancellation.ts'
import { addChildren, type OpenQueues } from './children.ts'
import { type createQuarantine, forgiveDeaths } from './deaths.ts'
import { handOn, lostItsWay } from './hand-on.ts'
import type { Cancellation, Handler, JobWatch, SpineContext } from './queues.ts'

/** Why a job's signal was aborted when the worker stops: the job goes back to the queue. */
const stopping = new SheafError('cancelled', 'The worker stops.', { retryable: true })

/** Runs jobs one by one and can tell all that run to stop. */
export interface Runner {
  run(job: StoredJob, token: string): Promise<void>
  abortAll(): void
  running(): number
  done(): number
}

export function createRunner(
  handlers: readonly Handler[],
  queues: OpenQueues,
  cancellation: Cancellation | undefined,
  quarantine: ReturnType<typeof createQuarantine>,
  watch?: JobWatch,
): Runner {
  const byName = new Map(handlers.map((handler) => [handler.job.name, handler]))
  const controllers = new Set<AbortController>()
  let done = 0

  /** Resolves with what became of the job where nothing is thrown. */
  async function work(job: StoredJob, token: string): Promise<'done' | 'handed_on'> {
    const handler = byName.get(job.name)
    if (!handler) throw new UnrecoverableError(`No handler for job ${job.name}.`)
    const payload = handler.job.payload.safeParse(job.data.payload)
    if (!payload.success) throw new UnrecoverableError(`The payload of ${job.id} is not valid.`)
    const controller = new AbortController()
    controllers.add(controller)
    let unwatch: (() => void) | undefined
    let failure: unknown
    try {
      unwatch = await watchCancellation(payload.data, controller, cancellation)
      const run = () => handler.run(payload.data, contextOf(job, token, controller.signal, queues))
      await quarantine(job, () => asJourney(handler, job, run))
    } catch (thrown) {
      // The queue may be on the database, too, and speak of it in the driver's words.
      failure = asStoreFailure(thrown)
    } finally {
      unwatch?.()
      controllers.delete(controller)
      done += 1
    }
    if (failure instanceof WaitingChildrenError) throw failure
    if (controller.signal.reason === stopping) {
      // Whether it gave up or just came to its end: done again, a task that is finished is a no-op.
      await job.moveToWait(token)
      throw new WaitingError()
    }
    if (LimitWaitingError.isInstance(failure)) {
      await job.moveToDelayed(failure.until.getTime(), token)
      throw new DelayedError()
    }
    if (isAway(failure)) {
      await onceQueueAnswers(() => job.moveToDelayed(Date.now() + storeWait, token))
      throw new DelayedError()
    }
    if (ElsewhereError.isInstance(failure)) {
      const next = failure
      failure = lostItsWay(job, next)
      if (failure === undefined) {
        await onceQueueAnswers(() => handOn(queues, handler.job, job, next))
        return 'handed_on'
      }
    }
    if (failure === undefined) return 'done'
    const error = asJobFailure(failure)
    const isFinal = error instanceof UnrecoverableError || isLastAttempt(job)
    if (isFinal) await sayFailed(handler, payload.data, failure, job, token)
    throw error
  }

  async function run(job: StoredJob, token: string): Promise<void> {
    if (!watch) {
      await work(job, token)
      return
    }
    const { session } = (job.data.payload ?? {}) as { session?: unknown }
    const watched = {
      queue: job.queueName,
      id: job.id!,
      ...(typeof session === 'string' && { session }),
    }
    await watch.within(watched, async () => {
      const started = performance.now()
      const ended = (outcome: JobOutcome, thrown?: unknown) => {
        const seconds = (performance.now() - started) / 1000
        watch.ended({ ...watched, outcome, seconds, thrown })
      }
      let outcome: JobOutcome
      try {
        outcome = await work(job, token)
      } catch (thrown) {
        ended(outcomeOf(thrown, job), causeOf(thrown))
        throw thrown
      }
      ended(outcome)
    })
  }

  return {
    run,
    abortAll: () => {
      for (const controller of controllers) controller.abort(stopping)
    },
    running: () => controllers.size,
    done: () => done,
  }
}

/** Milliseconds after which a job is tried again that found the store away, which is no failure of its own; and between looks for it. */
const storeWait = 1_000
/** Looks for a queue that is away together with the store; after that the job's lock ends, and somebody else takes it. */
const looksForQueue = 15

/** Whether the store or the queue, be it on the database or on Redis, could not be reached. */
const isAway = (failure: unknown) => isStoreAway(failure) || isRedisAway(failure)

async function onceQueueAnswers(ask: () => Promise<unknown>): Promise<void> {
  for (let look = 1; ; look += 1) {
    try {
      await ask()
      return
    } catch (thrown) {
      if (!isAway(thrown) || look === looksForQueue) throw thrown
    }
    await sleep(storeWait)
  }
}

/**
 * Whether the queue still holds the job to be this run's. One that it has forgotten (a Redis that came back empty) or given to
 * another has not failed by what became of it here. Asking renews the hold.
 */
async function isHeld(job: StoredJob, token: string): Promise<boolean> {
  return (await job.extendLock(token, lockDuration)) === 1
}

/** Milliseconds after which a job whose final failure could not be noted is tried again: it must not fail in silence. */
const unsaidWait = 10_000

async function sayFailed(
  { failed }: Handler,
  payload: unknown,
  failure: unknown,
  job: StoredJob,
  token: string,
): Promise<void> {
  try {
    if (await isHeld(job, token)) await failed?.(payload, failure)
  } catch {
    await job.moveToDelayed(Date.now() + unsaidWait, token)
    throw new DelayedError()
  }
}

function isLastAttempt(job: StoredJob): boolean {
  return job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
}

/** Only what may succeed later is tried again. */
function asJobFailure(thrown: unknown): unknown {
  if (SheafError.isInstance(thrown) && thrown.retryable) return thrown
  return Object.assign(new UnrecoverableError(messageOf(thrown)), { cause: thrown })
}

/** What was thrown before the queue was told in its own words. */
function causeOf(thrown: unknown): unknown {
  return thrown instanceof UnrecoverableError ? (thrown.cause ?? thrown) : thrown
}

/** A spine stays where it is: its children know it by its name, and it asks nobody itself. */
function asJourney({ job: { queue } }: Handler, { id, data }: StoredJob, run: () => Promise<void>) {
  if (queue === 'sessions') return run()
  return onJourney({ job: idAtFirst(id!), queue, passed: data.passed ?? {} }, run)
}

function outcomeOf(thrown: unknown, job: StoredJob): JobOutcome {
  if (
    thrown instanceof WaitingChildrenError ||
    thrown instanceof DelayedError ||
    thrown instanceof WaitingError
  )
    return 'put_back'
  const cause = causeOf(thrown)
  if (SheafError.isInstance(cause) && cause.code === 'cancelled') return 'cancelled'
  return thrown instanceof UnrecoverableError || isLastAttempt(job) ? 'failed' : 'retried'
}

function contextOf(job: StoredJob, token: string, signal: AbortSignal, queues: OpenQueues): SpineContext {
  const { parent } = job
  return {
    id: job.id!,
    attempt: job.attemptsMade + 1,
    lastAttempt: isLastAttempt(job),
    signal,
    step: job.data.step,
    async addSiblings(children) {
      if (!parent?.id) throw new SheafError('internal', `Job ${job.id} has no parent.`)
      await addChildren(queues, { id: parent.id, queue: parent.queueKey }, children)
    },
    async saveStep(step) {
      await job.updateData({ ...job.data, step })
    },
    addChildren: (children) => addChildren(queues, { id: job.id!, queue: job.queueQualifiedName }, children),
    async waitForChildren() {
      await forgiveDeaths(job)
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError()
    },
    async childFailures() {
      const failures = Object.entries(await job.getIgnoredChildrenFailures())
      return new Map(failures.map(([key, message]) => [idAtFirst(key), message]))
    },
  }
}

/** The id under which a job was added, of its id or key, which say where it was handed on to. */
function idAtFirst(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1).split('@', 1)[0]!
}

/** How long an aborted job may take to come to its end. Milliseconds. */
const lastWait = 5_000

/**
 * Takes no new job, gives running ones their time (`grace`, in milliseconds), then aborts them; jobs that even then do not end are
 * left behind.
 */
export async function closeWorker(
  worker: JobWorker,
  runner: Runner,
  { grace, isQueueAway }: { grace: number; isQueueAway: () => Promise<boolean> },
): Promise<void> {
  await worker.pause(true)
  await untilIdle(runner, grace)
  runner.abortAll()
  await untilIdle(runner, lastWait)
  // It would wait for a server that is away to hear its goodbye.
  const atOnce = runner.running() > 0 || (await isQueueAway())
  await closedInTime(worker.close(atOnce))
}

function untilIdle(runner: Runner, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  return new Promise((resolve) => {
    const look = () => {
      if (runner.running() === 0 || performance.now() >= deadline) resolve()
      else setTimeout(look, 10)
    }
    look()
  })
}
