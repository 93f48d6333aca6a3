import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPglite, databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService, redisUrl } from '../../test/support/services.ts'
import { type Database, openDatabase } from '../store/database.ts'
import type { Cache } from './cache.ts'
import { type CacheBackend, createCache } from './create-cache.ts'

const databases = await databaseKinds()
const redis = await redisUrl()

for (const { kind, service, create } of databases) {
  describeService(service, `the cache over ${kind}`, () => {
    let data: TestDatabase
    let database: Database
    beforeAll(async () => {
      data = await create()
      database = await openDatabase(data.config)
    })
    afterAll(async () => {
      await database.close()
      await data.remove()
    })
    suite(() => ({ sql: database.sql }))

    test('leaves the database open when it is closed, and clears away what has expired', async () => {
      const cache = createCache({ sql: database.sql })
      await cache.set('searches', 'short', 1, { ttl: 1 })
      await cache.close()
      await setTimeout(5)
      const other = createCache({ sql: database.sql })
      await other.set('searches', 'long', 2)
      await other.close()
      const rows = await database.sql
        .selectFrom('cache')
        .select('key')
        .where('key', 'like', '%short%')
        .execute()
      expect(rows).toEqual([])
    })
  })
}

describeService(redis, 'the cache over redis', () => {
  const opened = embedded()
  suite(() => ({ sql: opened().sql, redisUrl: redis! }))
})

/** A database for the caches of one block, in which stands only who makes what. */
function embedded(): () => Database {
  let data: TestDatabase
  let database: Database
  beforeAll(async () => {
    data = await createPglite()
    database = await openDatabase(data.config)
  })
  afterAll(async () => {
    await database.close()
    await data.remove()
  })
  return () => database
}

function suite(backend: () => CacheBackend): void {
  let cache: Cache
  /** A process of its own, which has nothing in memory. */
  let other: Cache
  let unique = 0
  let key: string
  beforeAll(() => {
    cache = createCache(backend())
    other = createCache(backend())
  })
  afterAll(async () => {
    await cache.close()
    await other.close()
  })
  beforeEach(() => {
    key = `https://example.org/${process.pid}/${unique++}?secret=hidden`
  })

  test('keeps bytes and text to the bit, for other processes too', async () => {
    const value = {
      body: Uint8Array.from({ length: 70_000 }, (_, index) => index % 256),
      text: 'a\u0000\ud800“b”',
    }
    await cache.set('pdf_pages_cache', key, value)
    for (const reader of [cache, other]) {
      const found = (await reader.get('pdf_pages_cache', key)) as typeof value
      expect(Buffer.from(found.body).equals(value.body)).toBe(true)
      expect(found.text).toBe(value.text)
    }
    expect(await cache.get('searches', key)).toBeUndefined()
  })

  test('has one value made for all who ask at once, and counts', async () => {
    const before = cache.stats().searches
    let made = 0
    const make = async () => {
      made += 1
      await setTimeout(20)
      return { made }
    }
    const values = await Promise.all(Array.from({ length: 5 }, () => cache.getOrSet('searches', key, make)))
    expect(values).toEqual(Array(5).fill({ made: 1 }))
    expect(await other.getOrSet('searches', key, make)).toEqual({ made: 1 })
    const after = cache.stats().searches
    expect(after.lookups - before.lookups).toBe(5)
    expect(after.hits - before.hits).toBe(4)
  })

  test('has one value made for all processes that ask at once', async () => {
    let made = 0
    const make = async () => {
      made += 1
      await setTimeout(50)
      return { made }
    }
    const before = [cache, other].map((one) => one.stats().searches)
    const values = await Promise.all(
      Array.from({ length: 6 }, (_, index) => [cache, other][index % 2]!.getOrSet('searches', key, make)),
    )
    expect(values).toEqual(Array(6).fill({ made: 1 }))
    const after = [cache, other].map((one) => one.stats().searches)
    const sum = (count: 'lookups' | 'hits') =>
      after.reduce((total, counts, at) => total + counts[count] - before[at]![count], 0)
    expect([sum('lookups'), sum('hits')]).toEqual([6, 5])
  })

  test('has a value made by another process when the first cannot', async () => {
    const begun = Promise.withResolvers<void>()
    const failing = Promise.withResolvers<never>()
    const first = cache.getOrSet('searches', key, () => {
      begun.resolve()
      return failing.promise
    })
    await begun.promise
    let made = 0
    const second = other.getOrSet('searches', key, async () => ++made)
    await setTimeout(20)
    expect(made).toBe(0)
    failing.reject(new Error('away'))
    await expect(first).rejects.toThrow('away')
    expect(await second).toBe(1)
  })

  test('fails as the maker fails, and keeps nothing then', async () => {
    const failure = new Error('away')
    await expect(cache.getOrSet('searches', key, () => Promise.reject(failure))).rejects.toBe(failure)
    expect(await cache.getOrSet('searches', key, async () => 'back')).toBe('back')
  })

  test('keeps no longer than told, and not what is not to be kept', async () => {
    await cache.set('searches', key, 'old', { ttl: 30 })
    await setTimeout(60)
    const brief = () => cache.getOrSet('searches', key, async () => 30, { ttl: (value) => value })
    expect(await brief()).toBe(30)
    await setTimeout(60)
    expect(await cache.getOrSet('searches', key, async () => 'new', { keep: () => false })).toBe('new')
    expect(await cache.get('searches', key)).toBeUndefined()
    expect(await other.get('searches', key)).toBeUndefined()
  })

  test('falsy values are values', async () => {
    for (const value of [0, '', false]) {
      await cache.set('searches', key, value)
      expect(await cache.get('searches', key)).toBe(value)
      expect(await cache.getOrSet('searches', key, async () => 'made')).toBe(value)
    }
  })
}

describe('a cache that is broken', () => {
  const opened = embedded()

  test.each(['a server that is away', 'a server that says nothing'])('is an empty one: %s', async (kind) => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    if (kind === 'a server that is away') await new Promise((resolve) => server.close(resolve))
    const cache = createCache({ sql: opened().sql, redisUrl: `redis://127.0.0.1:${port}` })
    try {
      expect(await cache.getOrSet('searches', 'a', async () => 1)).toBe(1)
      expect(await cache.get('searches', 'b')).toBeUndefined()
      await cache.set('searches', 'c', 3)
      expect(await cache.get('searches', 'c')).toBe(3)
      expect(cache.stats().searches.failures).toBeGreaterThan(0)
    } finally {
      await cache.close()
      server.close()
    }
  })
  test('is an empty one when its database is gone', async () => {
    const data = await createPglite()
    const database = await openDatabase(data.config)
    const cache = createCache({ sql: database.sql })
    await database.close()
    expect(await cache.getOrSet('searches', 'a', async () => 1)).toBe(1)
    await expect(cache.getOrSet('searches', 'b', () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    )
    await data.remove()
  })
})
