import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import type { CreateDriverResult, L2CacheDriver } from 'bentocache/types'
import { connectRedis } from '../redis.ts'
import type { Sql } from '../store/database.ts'
import { createOnce } from '../store/once.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import { type Cache, type CacheCounts, type CacheKind, cacheKinds, type KeepOptions } from './cache.ts'
import { databaseDriver } from './database-driver.ts'

/** Where values are kept behind the memory: with Redis in a cluster, otherwise in the database. */
export interface CacheBackend {
  /** Also where it stands who makes a value just now. */
  readonly sql: Sql
  readonly redisUrl?: string | undefined
  readonly measure?: Pick<Measure, 'cacheLookedUp' | 'cacheHit'>
}

/** Bounds of the memory a process uses for this. */
const memory = { maxSize: '64mb', maxEntrySize: '8mb', maxItems: 10_000 } as const
const prefix = 'sheaf:cache'
/** A Redis that does not answer is given up after this time, and left alone for the next. */
const answerWithin = 1000
const leftAlone = '10s'

/** Opens the deployment's cache; see {@link Cache}. What one process keeps, others see when they look it up the first time. */
export function createCache(backend: CacheBackend): Cache {
  const counts = Object.fromEntries(
    Object.keys(cacheKinds).map((kind) => [kind, { lookups: 0, hits: 0, failures: 0 }]),
  ) as Record<CacheKind, { -readonly [Count in keyof CacheCounts]: number }>
  const onFailure = (key: string) => {
    counts[key.split(':', 1)[0] as CacheKind].failures += 1
  }
  const { sql, redisUrl, measure = unmeasured } = backend
  const lookedUp = (kind: CacheKind) => {
    counts[kind].lookups += 1
    measure.cacheLookedUp(kind)
  }
  const hit = (kind: CacheKind) => {
    counts[kind].hits += 1
    measure.cacheHit(kind)
  }
  const behind = redisUrl === undefined ? databaseDriver(sql, prefix) : overRedis(redisUrl)
  const once = createOnce(sql)
  const bento = new BentoCache({
    default: 'kept',
    stores: {
      kept: bentostore().useL1Layer(memoryDriver(memory)).useL2Layer(reporting(behind, onFailure)),
    },
    // Bytes are not JSON. Text, because that is what both backends keep.
    serializer: {
      serialize: (entry) => serialize(entry).toString('base64'),
      deserialize: (text: string) => deserialize(Buffer.from(text, 'base64')),
    },
    suppressL2Errors: true,
    l2CircuitBreakerDuration: leftAlone,
  })

  return {
    async get(kind, key) {
      lookedUp(kind)
      const value: unknown = (await bento.get({ key: keyOf(kind, key) })) ?? undefined
      if (value !== undefined) hit(kind)
      return value
    },
    async set(kind, key, value, { ttl = cacheKinds[kind] } = {}) {
      await bento.set({ key: keyOf(kind, key), value, ttl })
    },
    async getOrSet<Value>(
      kind: CacheKind,
      key: string,
      make: () => Promise<Value>,
      { ttl = cacheKinds[kind], keep = () => true, signal }: KeepOptions<Value> = {},
    ) {
      lookedUp(kind)
      const name = keyOf(kind, key)
      let made: { value: Value } | { thrown: unknown } | undefined
      const found = await once
        .findOrMake(`${prefix}/${name}`, {
          find: async () => (await bento.get<Value>({ key: name })) ?? undefined,
          async make() {
            try {
              made = { value: await make() }
            } catch (thrown) {
              made = { thrown }
              throw thrown
            }
            const { value } = made
            if (keep(value))
              await bento.set({ key: name, value, ttl: typeof ttl === 'number' ? ttl : ttl(value) })
            return value
          },
          pause: (milliseconds) => setTimeout(milliseconds, undefined, { signal }),
        })
        // What was made is given, though others may not have been told.
        .catch(() => undefined)
      if (made === undefined) {
        if (found === undefined) return make()
        hit(kind)
        return found
      }
      if ('thrown' in made) throw made.thrown
      return made.value
    },
    stats: () => structuredClone(counts),
    close: () => bento.disconnectAll(),
  }
}

/** A key that is short and safe for any backend, and whose beginning tells a person what it is: no query, no secret. */
function keyOf(kind: CacheKind, key: string): string {
  const [readable = ''] = key.split(/[?#]/, 1)
  const hash = createHash('sha256').update(key).digest('hex')
  return `${kind}:${readable.slice(0, 80).replaceAll(/[^\w./:-]/g, '_')}:${hash}`
}

function overRedis(url: string): CreateDriverResult<L2CacheDriver> {
  const connection = connectRedis(url, {
    commandTimeout: answerWithin,
    connectTimeout: answerWithin,
    maxRetriesPerRequest: 1,
  })
  // Each look-up that fails for it is counted.
  connection.on('error', () => undefined)
  return redisDriver({ connection, prefix })
}

/** Tells of what bentocache passes over: a backend that fails. */
function reporting(
  { options, factory }: CreateDriverResult<L2CacheDriver>,
  onFailure: (key: string) => void,
): CreateDriverResult<L2CacheDriver> {
  return {
    options,
    factory(config) {
      const driver = factory(config)
      const { get, set } = driver
      const report = (key: string) => (thrown: unknown) => {
        onFailure(key)
        throw thrown
      }
      driver.get = (key) => get.call(driver, key).catch(report(key))
      driver.set = (key, value, ttl) => set.call(driver, key, value, ttl).catch(report(key))
      return driver
    },
  }
}
