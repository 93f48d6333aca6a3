import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { SessionEvent, SessionEventBody } from '../contract/events.ts'
import { createEventHub, type EventCursor, type EventHub, type HubParts } from './hub.ts'
import { createSubscribers } from './subscribers.ts'

/** Sessions and their events as a store holds them, with a bus whose announcements may be lost. */
function createWorld() {
  const stored = new Map<string, { events: SessionEvent[]; end: string | undefined }>()
  const bus = createSubscribers()
  const counts = { reads: 0, sweeps: 0 }
  const parts = {
    bus: { subscribe: async (topic: string, onNew: () => void) => bus.add(topic, onNew) },
    read: async (places, limit) => {
      counts.reads += 1
      await setImmediate()
      const found = places.flatMap(
        ({ session, after }) => stored.get(session)?.events.slice(after, after + limit) ?? [],
      )
      await setImmediate()
      return found
    },
    lastEvents: async (sessions) => {
      counts.sweeps += 1
      await setImmediate()
      return new Map(
        sessions.flatMap((session) => {
          const found = stored.get(session)
          return found ? [[session, found.events.length] as const] : []
        }),
      )
    },
    mayBeLast: ({ body }) => body.type === 'session.finished' || body.type === 'session.failed',
    endOf: async (session) => {
      await setImmediate()
      const found = stored.get(session)
      return found ? found.end : 'deleted'
    },
    onError: (thrown) => {
      throw thrown
    },
    patience: 1,
  } satisfies HubParts
  return {
    stored,
    parts,
    counts,
    append(
      session: string,
      body: SessionEventBody,
      { end, lost = false }: { end?: string; lost?: boolean } = {},
    ) {
      const found = stored.get(session) ?? { events: [], end: undefined }
      stored.set(session, found)
      const sequence = found.events.length + 1
      found.events.push({ session, sequence, at: '2026-01-01T00:00:00.000Z', body })
      found.end = end
      if (!lost) bus.notify(session)
    },
  }
}
type World = ReturnType<typeof createWorld>

const resumed: SessionEventBody = { type: 'session.resumed' }
const failed: SessionEventBody = { type: 'session.failed', message: 'no' }
const finished: SessionEventBody = { type: 'session.finished', report: '/r' }

/** A client that takes events when it may, loses its connection when it is told to, and comes again from where it was. */
async function createClient(hub: EventHub, session: string, after: number) {
  const seen: number[] = []
  const ends: string[] = []
  let cursor: EventCursor | undefined
  let isSlow = false
  let isTaking = false
  async function take(): Promise<void> {
    const mine = cursor
    if (!mine || isSlow || isTaking) return
    isTaking = true
    for (;;) {
      const events = await mine.take()
      if (cursor !== mine) break
      seen.push(...events.map(({ sequence }) => sequence))
      if (events.length === 0) break
    }
    isTaking = false
    if (cursor !== mine) return take()
    const end = mine.end()
    if (end !== undefined && ends.at(-1) !== `${end} ${seen.length}`) ends.push(`${end} ${seen.length}`)
  }
  async function connect(): Promise<void> {
    cursor = await hub.follow(session, after + seen.length, () => void take())
    void take()
  }
  await connect()
  return {
    seen,
    ends,
    after,
    session,
    slow: (slow: boolean) => {
      isSlow = slow
      void take()
    },
    async reconnect() {
      cursor?.close()
      // What was under way to a client is lost with its connection.
      cursor = undefined
      await connect()
    },
  }
}

let hub: EventHub | undefined
afterEach(() => hub?.close())

const open = (world: World, options: Partial<HubParts> = {}) => {
  hub = createEventHub({ ...world.parts, ...options })
  return hub
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), session: fc.nat(2), lost: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fail' as const), session: fc.nat(2), lost: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('connect' as const), session: fc.nat(2), after: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), client: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('slow' as const), client: fc.nat(9), slow: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(6) }) },
)

test('each of many clients sees each event once and in order, whatever is lost, slow or closed, and then the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      async (steps, kept) => {
        const world = createWorld()
        const own = createEventHub({ ...world.parts, kept })
        const clients: Awaited<ReturnType<typeof createClient>>[] = []
        const names = ['a', 'b', 'c']
        for (const name of names) world.append(name, resumed)
        for (const one of steps) {
          if (one.do === 'append') world.append(names[one.session]!, resumed, { lost: one.lost })
          if (one.do === 'fail') world.append(names[one.session]!, failed, { end: 'failed', lost: one.lost })
          if (one.do === 'connect') {
            const session = names[one.session]!
            const after = Math.min(one.after, world.stored.get(session)!.events.length)
            clients.push(await createClient(own, session, after))
          }
          if (one.do === 'reconnect') await clients[one.client]?.reconnect()
          if (one.do === 'slow') clients[one.client]?.slow(one.slow)
          if (one.do === 'wait') for (let turn = 0; turn < one.turns; turn++) await setImmediate()
        }
        for (const name of names) world.append(name, finished, { end: 'finished', lost: true })
        for (const client of clients) client.slow(false)
        for (const client of clients) {
          const last = world.stored.get(client.session)!.events.length
          await expect.poll(() => client.ends.at(-1), { interval: 1 }).toBe(`finished ${last - client.after}`)
          expect(client.seen).toEqual(
            Array.from({ length: last - client.after }, (_, index) => client.after + 1 + index),
          )
        }
        own.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('clients of one session share one reader of the store', async () => {
  const world = createWorld()
  world.append('s', resumed)
  const shared = open(world, { patience: 60_000 })
  const clients = await Promise.all(Array.from({ length: 50 }, () => createClient(shared, 's', 0)))
  await expect.poll(() => clients.every(({ seen }) => seen.length === 1)).toBe(true)
  expect(world.counts.reads).toBe(1)
  for (let count = 0; count < 5; count++) world.append('s', resumed)
  await expect.poll(() => clients.every(({ seen }) => seen.length === 6)).toBe(true)
  expect(world.counts.reads).toBeLessThanOrEqual(3)
})

test('how long events took to reach their followers is measured, once for all of them', async () => {
  const world = createWorld()
  world.append('s', resumed)
  const lags: number[] = []
  const measured = open(world, { measure: { eventDelivered: (lag) => void lags.push(lag) } })
  const clients = [await createClient(measured, 's', 0), await createClient(measured, 's', 0)]
  expect(lags).toEqual([])
  world.append('s', resumed)
  await expect.poll(() => clients.map(({ seen }) => seen.length)).toEqual([2, 2])
  expect(lags).toEqual([expect.any(Number)])
})

test('who asks for events beyond the last gets what comes after it', async () => {
  const world = createWorld()
  world.append('s', resumed)
  const client = await createClient(open(world), 's', 99)
  world.append('s', resumed)
  await expect.poll(() => client.seen).toEqual([2])
})

test('a session that is deleted ends for who follows it, and for who comes later', async () => {
  const world = createWorld()
  world.append('s', resumed)
  const shared = open(world)
  const client = await createClient(shared, 's', 0)
  await expect.poll(() => client.seen).toEqual([1])
  world.stored.delete('s')
  await expect.poll(() => client.ends).toEqual(['deleted 1'])
  const late = await shared.follow('s', 0, () => undefined)
  expect([await late.take(), late.end()]).toEqual([[], 'deleted'])
})

test('nothing is followed any more when nobody does, and a store that was away is asked again', async () => {
  const world = createWorld()
  world.append('s', resumed)
  let isAway = true
  const faults: unknown[] = []
  const shared = open(world, {
    endOf: async (session) => {
      if (isAway) throw new Error('away')
      return world.parts.endOf(session)
    },
    onError: (thrown) => faults.push(thrown),
  })
  await expect(shared.follow('s', 0, () => undefined)).rejects.toThrow('away')
  isAway = false
  const client = await createClient(shared, 's', 0)
  isAway = true
  world.append('s', finished, { end: 'finished' })
  await expect.poll(() => faults.length).toBeGreaterThan(0)
  expect([client.seen, client.ends]).toEqual([[1, 2], []])
  isAway = false
  await expect.poll(() => client.ends).toEqual(['finished 2'])
})

test('a look that finds the store closed after the hub was is no fault', async () => {
  const world = createWorld()
  const asked = Promise.withResolvers<void>()
  const store = Promise.withResolvers<never>()
  const faults: unknown[] = []
  hub = createEventHub({
    ...world.parts,
    patience: 60_000,
    read: () => {
      asked.resolve()
      return store.promise
    },
    onError: (thrown) => faults.push(thrown),
  })
  await hub.follow('s', 0, () => undefined)
  world.append('s', resumed)
  await asked.promise
  hub.close()
  store.reject(new Error('closed'))
  await setImmediate()
  expect(faults).toEqual([])
})
