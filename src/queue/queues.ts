import type { JobDefinition, QueueName } from './jobs.ts'

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
  /** 1 for the first attempt. */
  readonly attempt: number
  /** No retry follows: a failure now is final. */
  readonly lastAttempt: boolean
  /** Aborted when the session is cancelled or the worker is told to stop at once. */
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
}

/** Binds what is to be done to a job. The payload has been parsed by the job's schema. */
export function handle<Payload>(
  job: JobDefinition<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<void>,
): Handler {
  return { job, run: run as Handler['run'] }
}

/** Binds what a spine job does, see {@link SpineContext}. */
export function handleSpine<Payload>(
  job: JobDefinition<Payload>,
  run: (payload: Payload, context: SpineContext) => Promise<void>,
): Handler {
  return { job, run: run as Handler['run'] }
}

export interface WorkerOptions {
  /** How many jobs run at the same time in this process. */
  readonly concurrency: number
}

export interface QueueWorker {
  /** Takes no new job, waits up to `graceMilliseconds` for running ones, then aborts their signals and lets them go. */
  close(graceMilliseconds?: number): Promise<void>
}

/** How many jobs of a queue are in which state. */
export type QueueCounts = Readonly<
  Record<'waiting' | 'active' | 'delayed' | 'waitingChildren' | 'failed' | 'completed', number>
>

export interface Queues {
  /** Adds a job under an id; the same id again is a no-op. Waits until the queue has stored it. */
  add<Payload>(job: JobDefinition<Payload>, payload: Payload, id: string): Promise<void>
  /** Starts the worker of one queue. Every job of the queue that may come must have a handler. */
  createWorker(queue: QueueName, handlers: readonly Handler[], options: WorkerOptions): Promise<QueueWorker>
  /** Tells all processes that a session has been cancelled; its status must be stored before. */
  announceCancellation(session: string): Promise<void>
  counts(queue: QueueName): Promise<QueueCounts>
  /** Closes workers (last one first), then queues, then connections of its own. Safe to call twice. */
  close(graceMilliseconds?: number): Promise<void>
}
