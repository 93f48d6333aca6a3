import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Access } from './access/access.ts'
import { keepDocuments } from './blobs/documents.ts'
import { keepPictures } from './blobs/pictures.ts'
import type { Cache } from './cache/cache.ts'
import { createCache } from './cache/create-cache.ts'
import { openAccess } from './compose/access.ts'
import { addressMemory } from './compose/address-memory.ts'
import { analystsFor, embedderFor } from './compose/analysts.ts'
import { openBlobs } from './compose/blobs.ts'
import { stateOf } from './compose/deployment-state.ts'
import { bindingsOf, regionNames } from './compose/regions.ts'
import { fullTextFinders, sourceNames, sourcesFor, usualSources } from './compose/sources.ts'
import { openTelemetry, type Telemetry } from './compose/telemetry.ts'
import { openVectors } from './compose/vectors.ts'
import { createWorkers, type WorkerPool, type Workers } from './compose/workers.ts'
import { type Config, databaseFolder } from './config.ts'
import type { SessionSettings } from './contract/settings.ts'
import { readerLimitsSchema } from './documents/limits.ts'
import { createReader } from './documents/reader.ts'
import { messageOf, SheafError } from './errors.ts'
import type { EventBus } from './events/bus.ts'
import { follow } from './events/follow.ts'
import { createEventHub } from './events/hub.ts'
import { createPostgresBus } from './events/postgres/bus.ts'
import { createRedisBus } from './events/redis/bus.ts'
import { createLimits } from './limits/database-limits.ts'
import { createArchive } from './pipeline/read/archive.ts'
import type { QueueBackend } from './queue/backends.ts'
import { createQueues } from './queue/create-queues.ts'
import { createRegions } from './regions/create-regions.ts'
import { keepAtWork } from './session/admit-sessions.ts'
import type { Deployment } from './session/deployment.ts'
import { interruptAbandoned } from './session/interrupt-session.ts'
import { endOf, mayBeLast } from './session/session-end.ts'
import { createFullTexts } from './sources/hosts/full-texts.ts'
import { type Database, openDatabase } from './store/database.ts'
import { eventsAfter, eventsAfterEach, lastEvents } from './store/events.ts'
import { asStoreFailure } from './store/failures.ts'
import { giveUpAllLeases } from './store/leases.ts'
import { leaveAllPlaces } from './store/limits.ts'
import { createOnce } from './store/once.ts'
import { findSession, sessionId } from './store/sessions.ts'
import { createUpstream } from './upstream/create-upstream.ts'
import { drawing } from './version.ts'

/** A deployment of Sheaf, opened in this process. */
export interface App {
  readonly config: Config
  readonly deployment: Deployment
  /** Aborted when the embedded database cannot go on, its disk being full; the reason is the SheafError that says so. */
  readonly storeFailed: AbortSignal
  /** How often each kind of what is kept was looked up by this process, and found. */
  cacheCounts(): ReturnType<Cache['stats']>
  readonly access: Access
  /** How this process is measured, traced and logged. */
  readonly telemetry: Telemetry
  /** Starts taking jobs from the queues: from all, or from those named. */
  startWorkers(pool?: WorkerPool): Promise<void>
  /** Takes no more jobs; running ones may finish for `graceMilliseconds`. */
  stopWorkers(graceMilliseconds: number): Promise<void>
  /** The queues that this process takes jobs from now. */
  takes: Workers['takes']
  /** Jobs that this process has done since it started, however they ended. */
  jobsDone(): number
  /** Closes everything that was opened, the last first. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Opens what the configuration asks for: embedded database and queue, or Postgres, or Postgres and Redis. Reviews that a
 * process left at work when it ended are interrupted where nobody else can be at them, or go on.
 * @throws {SheafError} `locked` when another process holds the data folder, `store_unavailable` when the store cannot be used.
 */
export async function openApp(
  config: Config,
  { abandoned = 'interrupt' }: { abandoned?: 'interrupt' | 'go on' } = {},
): Promise<App> {
  const opened: (() => Promise<unknown>)[] = []
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= closeAll(opened)
    return closed
  }
  try {
    const telemetry = await openTelemetry(config)
    const { fault, measure, trace } = telemetry
    opened.push(() => telemetry.close())
    const database = await openStore(config)
    opened.push(() => database.close())
    const bus = await openBus(config, database, fault)
    opened.push(() => bus.close())
    const { sql } = database
    const vectors = await openVectors(config, database)
    opened.push(() => vectors.close())
    const hub = createEventHub({
      bus,
      read: (places, limit) => eventsAfterEach(sql, places, limit),
      lastEvents: (ids) => lastEvents(sql, ids),
      mayBeLast,
      endOf: (id) => endOf({ sql }, id),
      onError: fault,
      measure,
    })
    opened.push(async () => hub.close())
    const reader = createReader(config.readerThreads === undefined ? {} : { threads: config.readerThreads })
    opened.push(() => reader.close())
    const storeFailure = new AbortController()
    const queues = await createQueues({
      backend: queueBackend(config, database),
      cancellation: {
        announcements: bus,
        isCancelled: async (session) => (await findSession(sql, session))?.status === 'cancelled',
      },
      onError: (thrown) => {
        const failure = asStoreFailure(thrown)
        if (database.kind === 'pglite' && isLasting(failure)) storeFailure.abort(failure)
        else fault(thrown)
      },
      watch: telemetry.jobs,
      tracing: telemetry.traceQueues,
    })
    opened.push(() => queues.close(0))

    const cache = createCache({ sql, redisUrl: config.redisUrl, measure })
    opened.push(() => cache.close())
    const limits = createLimits(sql, { measure })
    const regions = createRegions({ sql, here: config.region, bindings: bindingsOf(config), onError: fault })
    const upstream = createUpstream({
      limits,
      cache,
      contact: config.email,
      measure,
      trace,
      regions,
      ...(config.allowedHosts && { allowedHosts: config.allowedHosts }),
    })
    opened.push(() => upstream.close())
    const { blobs, files, library, reviews, close: closeBlobs } = openBlobs(config)
    opened.push(closeBlobs)
    const archive = createArchive({
      sql,
      reader,
      files,
      documents: keepDocuments(blobs),
      pictures: keepPictures(blobs, drawing()),
      addresses: addressMemory(cache),
      largestFile: readerLimitsSchema.parse({}).fileBytes,
    })
    const sourceParts = { config, upstream, library, readDocument: archive.readFile }
    const deployment: Deployment = {
      sql,
      queues,
      archive,
      blobs,
      fullTexts: createFullTexts({ upstream, finders: fullTextFinders(sourceParts), measure }),
      analyst: analystsFor({ config, sql, limits, regions, telemetry }),
      sources: remembered((settings) => sourcesFor(sourceParts, settings)),
      embedder: embedderFor({ config, sql, limits, regions, telemetry }),
      vectors,
      announce: (session) => bus.publish(session),
      follow: (session, after, signal) =>
        follow({
          bus,
          read: (id, sequence, limit) => eventsAfter(sql, id, sequence, limit),
          session,
          after,
          signal,
        }),
      hub,
      defaults: {
        reviews,
        usualSources: usualSources(config),
        sourceNames,
        hasModel: (config.models ?? []).length > 0,
        allowed: {
          downloads: config.allowedDownloads,
          tokens: config.allowedTokens,
          domains: config.allowedDomains,
        },
      },
      once: createOnce(sql),
      uploads: {
        mostFiles: config.uploadFiles ?? 2000,
        mostBytes: config.uploadBytes ?? 10 * 2 ** 30,
        largestPaper: readerLimitsSchema.parse({}).fileBytes,
        largestBibliography: 20 * 2 ** 20,
        patience: 30_000,
      },
      userSessions: config.userSessions,
      admission: {
        running: config.runningSessions ?? (database.kind === 'pglite' ? 50 : 500),
        waiting: config.waitingSessions ?? 1_000,
      },
      measure,
      newSessionId: () => sessionId(new Date(), randomBytes(4)),
    }
    // Who holds an embedded database is alone: whatever is marked as running was left by a process that died.
    if (database.kind === 'pglite') {
      await giveUpAllLeases(sql)
      await leaveAllPlaces(sql)
    }
    if (abandoned === 'go on') await keepAtWork(deployment)
    else if (database.kind === 'pglite') await interruptAbandoned(deployment)

    telemetry.readFrom(
      stateOf({ sql, queues, regions: regionNames(config), storeFailed: storeFailure.signal }),
    )
    const access = openAccess(config, database)
    opened.push(() => access.limits.close())

    const workers = createWorkers({ config, deployment, regions, measure, onError: fault })
    // With the looks that they take from time to time: a command that is done just then would ask a database that is closed.
    opened.push(() => workers.stop(0))
    return {
      config,
      deployment,
      storeFailed: storeFailure.signal,
      cacheCounts: cache.stats,
      access,
      telemetry,
      startWorkers: workers.start,
      stopWorkers: workers.stop,
      takes: workers.takes,
      jobsDone: workers.done,
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function openStore(config: Config): Promise<Database> {
  if (config.databaseUrl !== undefined)
    return openDatabase({
      kind: 'postgres',
      url: config.databaseUrl,
      connections: config.databaseConnections,
    })
  try {
    mkdirSync(config.home, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new SheafError('store_unavailable', `The data folder cannot be made: ${messageOf(cause)}`, {
      advice: 'Set SHEAF_HOME to a folder that you can write.',
      cause,
    })
  }
  return openDatabase({ kind: 'pglite', folder: databaseFolder(config.home) })
}

function openBus(
  { redisUrl }: Config,
  { pool }: Database,
  fault: (thrown: unknown) => void,
): Promise<EventBus> {
  return redisUrl === undefined ? createPostgresBus(pool, fault) : createRedisBus(redisUrl, fault)
}

function queueBackend({ redisUrl }: Config, { kind, pool }: Database): QueueBackend {
  return redisUrl === undefined ? { kind, pool } : { kind: 'redis', url: redisUrl }
}

/** Sessions whose sources are kept at hand. */
const mostRemembered = 100

/** Makes one value for equal settings, so that what it has learnt (a bibliography read) is kept between tasks. */
function remembered<Value>(make: (settings: SessionSettings) => Value): (settings: SessionSettings) => Value {
  const made = new Map<string, Value>()
  return (settings) => {
    const key = JSON.stringify(settings)
    const value = made.get(key) ?? make(settings)
    // The last used stays last: of many sessions, those long over are forgotten.
    made.delete(key)
    made.set(key, value)
    if (made.size > mostRemembered) made.delete(made.keys().next().value!)
    return value
  }
}

/** Whether the store stays unusable until somebody does something: nothing is gained by trying again. */
function isLasting(failure: unknown): boolean {
  return SheafError.isInstance(failure) && failure.code === 'store_unavailable' && !failure.retryable
}

async function closeAll(opened: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of opened.toReversed()) await close()
}
