import type { JobOutcome } from '../telemetry/measure.ts'
import type { JobDefinition, QueueName, RegionQueueName } from './jobs.ts'

/** A job to be added below a spine job. */
export interface Child {
  readonly job: JobDefinition<unknown>
  readonly payload: unknown
  /** Names the child within its spine run: the same key added again is the same job, and nothing happens. */
  readonly key: string
  /** 1 for the first item of a session, 2 for the second, …: becomes the priority, so that small sessions pass large ones. */
  readonly position: number
}

/** Makes a {@link Child} whose payload fits its job. */
export function child<Payload>(
  job: JobDefinition<Payload>,
  payload: Payload,
  place: { key: string; position: number },
): Child {
  return { job, payload, ...place }
}

/** What a handler is given beside its payload. */
export interface JobContext {
  readonly id: string
  /** 1 for the first attempt; a process that was killed does not count as one. */
  readonly attempt: number
  /** No retry follows: a failure now is final. */
  readonly lastAttempt: boolean
  /** Aborted when the session is cancelled, with a SheafError `cancelled`, or when the worker stops and waits no longer. */
  readonly signal: AbortSignal
  /** Adds jobs beside this one: the spine waits for them too. Adding the same key twice is a no-op. */
  addSiblings(children: readonly Child[]): Promise<void>
}

/** What the handler of a spine job is given: it goes through named steps and waits for its children between them. */
export interface SpineContext extends JobContext {
  /** The step last saved, also after a crash; undefined on the very first start. */
  readonly step: string | undefined
  saveStep(step: string): Promise<void>
  addChildren(children: readonly Child[]): Promise<void>
  /**
   * Returns when no child is left to wait for. Otherwise it throws: let that pass. The job starts again from the
   * top, with `step` as saved, when the last child has finished or finally failed.
   */
  waitForChildren(): Promise<void>
  /** Children that finally failed, as message by job id. They do not stop the spine. */
  childFailures(): Promise<ReadonlyMap<string, string>>
}

/** A job definition with the function that does it. Make it with {@link handle} or {@link handleSpine}. */
export interface Handler {
  readonly job: JobDefinition<unknown>
  readonly run: (payload: unknown, context: SpineContext) => Promise<void>
  /** Told when a job has finally failed, before the queue is; when it throws, the job is tried again later. */
  readonly failed?: ((payload: unknown, thrown: unknown) => Promise<void>) | undefined
}

/**
 * Binds what is to be done to a job. The payload has been parsed by the job's schema. A SheafError that is `retryable`
 * is tried again as the definition says; a WaitingError puts it back until its time, an ElsewhereError hands it on to its region,
 * and a store that is away puts it back for a moment, none of which is an attempt; anything else thrown fails the job at once, and
 * so does having cost several processes their life (`deaths.ts`). `failed` is told of it, unless the queue has forgotten the job or
 * given it to another meanwhile.
 */
export function handle<Payload>(
  job: JobDefinition<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<void>,
  failed?: (payload: Payload, thrown: unknown) => Promise<void>,
): Handler {
  return { job, run: run as Handler['run'], failed: failed as Handler['failed'] }
}

/** Binds what a spine job does, see {@link SpineContext}, and what is to be done when it has finally failed. */
export function handleSpine<Payload>(
  job: JobDefinition<Payload>,
  run: (payload: Payload, context: SpineContext) => Promise<void>,
  failed?: (payload: Payload, thrown: unknown) => Promise<void>,
): Handler {
  return { job, run: run as Handler['run'], failed: failed as Handler['failed'] }
}

/** Tells processes of each other's cancellations; an event bus will do. */
export interface Announcements {
  publish(topic: string): Promise<void>
  /** Calls back on each announcement of the topic, perhaps too often; the function it gives ends that. */
  subscribe(topic: string, onNew: () => void): Promise<() => void>
}

/** How running jobs hear that their session has been cancelled. */
export interface Cancellation {
  readonly announcements: Announcements
  isCancelled(session: string): Promise<boolean>
}

/** A job that runs, as who watches it knows it. */
export interface WatchedJob {
  readonly queue: string
  readonly id: string
  /** Absent where its payload names none. */
  readonly session?: string | undefined
}

/** Watches the jobs that this process runs. */
export interface JobWatch {
  /** Runs a job; it and all that it calls may be told apart by it. */
  within<Result>(job: WatchedJob, run: () => Promise<Result>): Promise<Result>
  /** Told, still within the job, what became of one run and how long it took. */
  ended(
    run: WatchedJob & { readonly outcome: JobOutcome; readonly seconds: number; readonly thrown: unknown },
  ): void
}

/** A worker of one queue. */
export interface QueueWorker {
  /** Jobs that it works on now. */
  running(): number
  /** Jobs that it has come to the end of, however they ended. */
  done(): number
  /** Takes no new job, waits up to `graceMilliseconds` for running ones, then aborts them: they go back to the queue. */
  close(graceMilliseconds?: number): Promise<void>
}

/** How many jobs of a queue are in which state. */
export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  /** Waiting for their next attempt. */
  readonly delayed: number
  readonly waitingChildren: number
  readonly failed: number
  readonly completed: number
}

/** The queues of this process. Make them once for each database. */
export interface Queues {
  /** Adds a job under an id, without colon; the same id again is a no-op. Resolves when it is stored. */
  add<Payload>(job: JobDefinition<Payload>, payload: Payload, id: string): Promise<void>
  /**
   * Sees to it that a job which is to be at work is there: adds it when the queue does not know it (any more), or holds it to be
   * over. Resolves with whether it had to.
   */
  ensure<Payload>(job: JobDefinition<Payload>, payload: Payload, id: string): Promise<boolean>
  /**
   * Starts a worker of one queue, or of a region's part of it, `concurrency` jobs at a time, after jobs that killed processes left
   * behind have been put back. Every kind of job of the queue needs a handler.
   */
  createWorker(
    queue: QueueName | RegionQueueName,
    handlers: readonly Handler[],
    options: { concurrency: number },
  ): Promise<QueueWorker>
  /** Lets all processes abort the session's running jobs; that it is cancelled must be stored before. */
  announceCancellation(session: string): Promise<void>
  /** @throws {SheafError} `store_unavailable` when the store of the queue is away */
  counts(queue: QueueName | RegionQueueName): Promise<QueueCounts>
  /** Closes workers, the last one first, then queues and connections. Safe to call twice. */
  close(graceMilliseconds?: number): Promise<void>
}
