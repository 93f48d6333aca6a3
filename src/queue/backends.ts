import {
  createPostgresBackend,
  type Job,
  type PostgresConnectionOptions,
  Queue,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import type { Pool } from 'pg'
import type { PassedOver } from '../errors.ts'
import { answersInTime, closeConnection, connectRedis } from '../redis.ts'
import type { QueueName, RegionQueueName } from './jobs.ts'

/** Where jobs are kept. On a database they lie beside the results; `prefix` keeps several Sheafs on one Redis apart. */
export type QueueBackend =
  | { readonly kind: 'pglite' | 'postgres'; readonly pool: Pool }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix?: string }

/** What is stored as a job's data. */
export interface JobData {
  readonly payload: unknown
  /** The spine's step, see `SpineContext`. */
  readonly step?: string | undefined
  /** How often a process that held the job was found dead; those whose lock ended by itself the queue counts. */
  readonly deaths?: number
  /** Deaths that a job which got further since is not blamed for any more. */
  readonly forgiven?: number
  /** How often it was handed on to another region, and the models that it passes over there, see `Journey`. */
  readonly hops?: number
  readonly passed?: Readonly<Record<string, PassedOver>>
}
/** BullMQ's port for traces, which `bullmq-otel` fills. */
export type QueueTracing = NonNullable<WorkerOptions['telemetry']>

export type StoredJob = Job<JobData, void, string>
export type StoredQueue = Queue<JobData, void, string>
export type JobWorker = Worker<JobData, void, string>

/** BullMQ's classes on one back end. */
export interface Engine {
  /** Whether other processes may be at work on the same jobs. */
  readonly shared: boolean
  /** Whether a child that failed, added again, is waited for again although it will not run (BullMQ 6.7 on Redis). */
  readonly waitsForFailed: boolean
  createQueue(name: QueueName | RegionQueueName): StoredQueue
  createWorker(
    name: QueueName | RegionQueueName,
    run: (job: StoredJob, token?: string) => Promise<void>,
    options: Omit<WorkerOptions, 'connection' | 'prefix'>,
  ): JobWorker
  /** Whether the server of the queue, where it has one of its own, cannot be reached just now. */
  isAway(): Promise<boolean>
  /** Closes the engine's own connections. */
  close(): Promise<void>
}

/**
 * A worker renews its hold on a job at half of this time, and loses the job to another when it has not: the latest
 * that a killed process's jobs go on elsewhere, should no worker start meanwhile. Milliseconds.
 */
export const lockDuration = 20_000
const stalledInterval = 5_000
/** Between looks whether a server that was away is back; nor does a process that is told to stop end before the next. Milliseconds. */
const runRetryDelay = 2_000
/** A killed process is nobody's fault; how often a task was started stands in the ledger. */
const maxStalledCount = 1_000

/** Options under which nobody else takes a job: the data folder's lock says that there is nobody else. */
const unshared = { skipStalledCheck: true, skipLockRenewal: true, lockDuration: 2 ** 40 }
const shared = { lockDuration, stalledInterval, maxStalledCount, runRetryDelay }

export function createEngine(backend: QueueBackend, tracing?: QueueTracing): Engine {
  const telemetry = tracing && { telemetry: tracing }
  return backend.kind === 'redis'
    ? onRedis(backend.url, backend.prefix ?? '{sheaf}', telemetry)
    : onDatabase(backend, telemetry)
}

type Traced = { readonly telemetry: QueueTracing } | undefined

function onDatabase({ kind, pool }: { kind: 'pglite' | 'postgres'; pool: Pool }, traced: Traced): Engine {
  const isShared = kind === 'postgres'
  const lifetimes = isShared ? shared : unshared
  // BullMQ's types give each back end its own Queue, of which only the common part is used here, and ask a pool for
  // event listeners in its own words.
  const connection = pool as unknown as PostgresConnectionOptions
  return {
    shared: isShared,
    waitsForFailed: false,
    createQueue: (name) =>
      new Queue(name, { connection, ...traced }, createPostgresBackend) as unknown as StoredQueue,
    createWorker(name, run, options) {
      const own = { ...options, ...lifetimes, ...traced, connection }
      const worker = new Worker(name, run, own, createPostgresBackend) as unknown as JobWorker
      if (isShared) {
        // It keeps one to listen on for as long as it lives; those for statements must not become fewer by that.
        pool.options.max += 1
        worker.once('closed', () => {
          pool.options.max -= 1
        })
      }
      return worker
    },
    isAway: async () => false,
    close: async () => undefined,
  }
}

/** The braces of the prefix keep all keys on one node of a Redis cluster, as jobs of several queues are moved together. */
function onRedis(url: string, prefix: string, traced: Traced): Engine {
  const connection = connectRedis(url, { maxRetriesPerRequest: null })
  // Each queue over it tells of it, until it is closed; without anybody to tell, ioredis writes to standard error.
  connection.on('error', () => undefined)
  return {
    shared: true,
    waitsForFailed: true,
    createQueue: (name) => new Queue(name, { connection, prefix, ...traced }),
    createWorker: (name, run, options) =>
      new Worker(name, run, { ...options, ...shared, ...traced, connection, prefix }),
    isAway: async () => !(await answersInTime(connection)),
    close: () => closeConnection(connection),
  }
}
