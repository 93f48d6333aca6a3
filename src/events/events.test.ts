import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPglite, databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService, redisUrl } from '../../test/support/services.ts'
import type { SessionEvent } from '../contract/events.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { appendEvent, eventsAfter } from '../store/events.ts'
import { createSession, deleteSession } from '../store/sessions.ts'
import type { EventBus } from './bus.ts'
import { type FollowRequest, follow } from './follow.ts'
import { createPostgresBus } from './postgres/bus.ts'
import { createRedisBus } from './redis/bus.ts'

const [, postgres] = await databaseKinds()
const redis = await redisUrl()
const fail = (error: unknown) => {
  throw error
}
const adapters = [
  { name: 'pglite', service: 'embedded', create: createPglite },
  { name: 'postgres', service: postgres?.service, create: () => postgres!.create() },
  { name: 'redis', service: redis, create: createPglite },
]

/** What every event bus does; `open` gives a bus as another process would have it. */
for (const { name, service, create } of adapters) {
  describeService(service, `an event bus on ${name}`, () => {
    let data: TestDatabase
    let database: Database
    let buses: EventBus[]
    const prefix = `{sheaf-test-${randomUUID()}}`
    async function open(): Promise<EventBus> {
      const bus =
        name === 'redis'
          ? await createRedisBus(redis!, fail, prefix)
          : await createPostgresBus(database.pool, fail)
      buses.push(bus)
      return bus
    }
    beforeAll(async () => {
      data = await create()
      database = await openDatabase(data.config)
    })
    afterAll(async () => {
      await database.close()
      await data.remove()
    })
    beforeEach(async () => {
      buses = []
      await deleteSession(database.sql, 's')
      await createSession(database.sql, { id: 's', question: 'q', settings: {} })
    })
    afterEach(async () => {
      for (const bus of buses) await bus.close()
    })

    test('calls back who waits for a topic, in all processes, and nobody else', async () => {
      const [here, there] = [await open(), await open()]
      const calls: string[] = []
      const end = await here.subscribe('a', () => calls.push('here a'))
      await there.subscribe('a', () => calls.push('there a'))
      await there.subscribe('b', () => calls.push('there b'))
      await here.publish('a')
      await expect.poll(() => calls.toSorted()).toEqual(['here a', 'there a'])
      end()
      await there.publish('a')
      await there.publish('b')
      await expect.poll(() => calls.slice(2).toSorted()).toEqual(['there a', 'there b'])
    })

    test('is silent when it is closed, also twice', async () => {
      const [closed, open_] = [await open(), await open()]
      let calls = 0
      await closed.subscribe('a', () => {
        calls += 1
      })
      await closed.close()
      await closed.close()
      const heard = Promise.withResolvers<void>()
      await open_.subscribe('a', heard.resolve)
      await open_.publish('a')
      await heard.promise
      expect(calls).toBe(0)
    })

    test('lets events be followed as they are stored', async () => {
      const bus = await open()
      const stop = new AbortController()
      const seen: number[] = []
      const following = (async () => {
        const request = { ...requestOn(database), bus, signal: stop.signal, patience: 60_000 }
        for await (const event of follow(request)) {
          seen.push(event.sequence)
          if (event.sequence === 30) stop.abort()
        }
      })()
      for (let done = 1; done <= 30; done += 1) {
        await appendEvent(database.sql, 's', { type: 'phase.progress', phase: 'read', done })
        if (name === 'redis') await bus.publish('s')
      }
      await following
      expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    })
  })
}

describeService(postgres?.service, 'an event bus on postgres whose connection is lost', () => {
  test('listens again and calls back whoever waits', async () => {
    const data = await postgres!.create()
    const database = await openDatabase(data.config)
    const errors: unknown[] = []
    const bus = await createPostgresBus(database.pool, (error) => errors.push(error))
    const called = Promise.withResolvers<void>()
    await bus.subscribe('a', called.resolve)
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'listen%'`,
    )
    await called.promise
    expect(errors).toHaveLength(1)
    const heard = Promise.withResolvers<void>()
    await bus.subscribe('b', heard.resolve)
    await bus.publish('b')
    await heard.promise
    await bus.close()
    await database.close()
    await data.remove()
  })
})

describe('following a session', () => {
  const event = (sequence: number): SessionEvent => ({
    session: 's',
    sequence,
    at: '2026-01-01T00:00:00.000Z',
    body: { type: 'session.resumed' },
  })
  const silent = { subscribe: async () => () => undefined }

  async function take(count: number, request: Partial<FollowRequest>): Promise<number[]> {
    const stop = new AbortController()
    const seen: number[] = []
    const base = {
      bus: silent,
      session: 's',
      after: 0,
      signal: stop.signal,
      patience: 1,
      read: async () => [],
    }
    for await (const { sequence } of follow({ ...base, ...request })) {
      seen.push(sequence)
      if (seen.length === count) stop.abort()
    }
    return seen
  }

  test('goes on after the event it was told, in batches, without repeat', async () => {
    const stored = Array.from({ length: 1000 }, (_, index) => event(index + 1))
    const read = async (_session: string, after: number, limit: number) => stored.slice(after, after + limit)
    const seen = await take(995, { after: 5, read })
    expect(seen).toEqual(Array.from({ length: 995 }, (_, index) => index + 6))
  })

  test('finds events whose announcement was lost', async () => {
    const stored: SessionEvent[] = []
    const read = async (_session: string, after: number, limit: number) => {
      if (stored.length < 3) stored.push(event(stored.length + 1))
      return stored.slice(after, after + limit)
    }
    expect(await take(3, { read })).toEqual([1, 2, 3])
  })

  test('sees what is stored and announced while it reads', async () => {
    const stored: SessionEvent[] = []
    let announce: () => void = () => undefined
    const bus = {
      subscribe: async (_topic: string, onNew: () => void) => {
        announce = onNew
        return () => undefined
      },
    }
    const read = async (_session: string, after: number, limit: number) => {
      const found = stored.slice(after, after + limit)
      if (stored.length === 0) {
        stored.push(event(1))
        announce()
      }
      return found
    }
    expect(await take(1, { bus, read, patience: 60_000 })).toEqual([1])
  })

  test('ends at once when it is no longer wanted, and stops listening', async () => {
    let listening = 0
    const bus = {
      subscribe: async () => {
        listening += 1
        return () => {
          listening -= 1
        }
      },
    }
    const stop = new AbortController()
    const following = take(1, { bus, signal: stop.signal, patience: 60_000 })
    setImmediate(() => stop.abort())
    expect(await following).toEqual([])
    expect(listening).toBe(0)
  })
})

function requestOn(database: Database) {
  return {
    read: (session: string, sequence: number, limit: number) =>
      eventsAfter(database.sql, session, sequence, limit),
    session: 's',
    after: 0,
  }
}
