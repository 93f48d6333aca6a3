import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { SheafError, WaitingError } from '../errors.ts'
import { createLimits } from './database-limits.ts'
import type { Limits, TurnRequest } from './limits.ts'

const hour = 3_600_000
const day = 24 * hour

await describeEachStore('the limits of a deployment', (store) => {
  let limits: Limits
  beforeEach(async () => {
    await sql`truncate sheaf.turns, sheaf.limit_pauses, sheaf.connections`.execute(store.database.sql)
    limits = createLimits(store.database.sql)
  })

  function service(given: Partial<TurnRequest['service']> = {}): TurnRequest['service'] {
    const limit = { name: 'requests', max: 1, window: hour }
    return { name: 'strict', title: 'Strict', limits: [limit], patience: 1000, timeout: 1000, ...given }
  }
  const rows = async () => {
    const { turns, connections } = (
      await sql<{ turns: number; connections: number }>`
        select (select count(*)::int from sheaf.turns) as turns,
          (select count(*)::int from sheaf.connections) as connections`.execute(store.database.sql)
    ).rows[0]!
    return { turns, connections }
  }

  describe('a turn that is too far away', () => {
    test('is refused with the time and the limit in words, and holds nothing', async () => {
      const asked = service({ connections: 2 })
      await limits.take({ service: asked })
      const before = Date.now()
      const refused = await limits.take({ service: asked }).catch((thrown) => thrown)
      expect(WaitingError.isInstance(refused)).toBe(true)
      expect(refused).toMatchObject({ waitsFor: 'Strict', message: 'Strict allows one request an hour.' })
      expect(refused.until.getTime()).toBeGreaterThan(before + 0.9 * hour)
      expect(refused.until.getTime()).toBeLessThan(Date.now() + 1.1 * hour)
      expect(await rows()).toEqual({ turns: 1, connections: 1 })
    })

    test('for want of a connection is refused too', async () => {
      const asked = service({ limits: [], connections: 1, patience: 100 })
      const turn = await limits.take({ service: asked })
      await expect(limits.take({ service: asked })).rejects.toMatchObject({
        code: 'waiting',
        message: 'Strict allows one connection at a time.',
      })
      expect(await rows()).toEqual({ turns: 0, connections: 1 })
      await turn.release()
      await limits.take({ service: asked })
    })
  })

  test('a turn that is used late counts from then on', async () => {
    const asked = service({ limits: [{ name: 'requests', max: 1, window: 3_000 }], patience: 2_500 })
    const turn = await limits.take({ service: asked })
    await setTimeout(1_000)
    await turn.renew()
    // Two seconds from now on it would be free, had it been used when it came.
    await expect(limits.take({ service: asked })).rejects.toMatchObject({ code: 'waiting' })
    await limits.take({ service: { ...asked, patience: 3_500 } })
  })

  test('those behind one that has to wait are told at once when it takes too long for them', async () => {
    const asked = service({ limits: [{ name: 'requests', max: 1, window: 10_000 }], patience: 15_000 })
    const stop = new AbortController()
    await limits.take({ service: asked })
    const [first, second] = [1, 2].map(() => limits.take({ service: asked, signal: stop.signal }))
    await expect(second).rejects.toThrow('Strict allows one request every 10 seconds.')
    stop.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('one request that is larger than its limit has the limit for itself', async () => {
    const asked = service({ limits: [{ name: 'tokens', max: 100, window: day }] })
    await limits.take({ service: asked, units: { tokens: 1e9 } })
    await expect(limits.take({ service: asked })).rejects.toMatchObject({
      message: 'Strict allows 100 tokens a day.',
    })
  })

  test('services do not wait for each other', async () => {
    await limits.take({ service: service({ name: 'a' }) })
    await limits.take({ service: service({ name: 'b' }) })
  })

  test('the server’s word goes before the own count, and the longer word before the shorter', async () => {
    const until = new Date(Date.now() + hour)
    await limits.pause('strict', { limit: 'requests', until, reason: 'Strict is being mended.' })
    await limits.pause('strict', { limit: 'requests', until: new Date(Date.now() + 5000), reason: 'Soon.' })
    await expect(limits.take({ service: service({ limits: [] }) })).rejects.toMatchObject({
      message: 'Strict is being mended.',
    })
    expect(await limits.paused('strict')).toMatchObject([
      { limit: 'requests', reason: 'Strict is being mended.' },
    ])
    expect(await limits.paused('other')).toEqual([])
    await limits.pause('gone', { limit: 'requests', until: new Date(Date.now() - 1), reason: 'Over.' })
    expect(await limits.paused('gone')).toEqual([])
  })

  test('what takes nothing of a paused limit goes on', async () => {
    const credits = { name: 'credits', max: 100, window: day }
    await limits.pause('strict', { limit: 'credits', until: new Date(Date.now() + day), reason: 'Used up.' })
    await limits.take({ service: service({ limits: [credits] }), units: { credits: 0 } })
    await expect(limits.take({ service: service({ limits: [credits] }) })).rejects.toThrow('Used up.')
  })

  test('who sleeps when a pause begins does not wake into it', async () => {
    const asked = service({ limits: [{ name: 'requests', max: 1, window: 3000 }], patience: 6000 })
    await limits.take({ service: asked })
    const sleeping = limits.take({ service: asked })
    const until = new Date(Date.now() + hour)
    await limits.pause('strict', { limit: 'requests', until, reason: 'Slow down.' })
    await expect(sleeping).rejects.toThrow('Slow down.')
    expect(await rows()).toMatchObject({ turns: 1 })
  })

  describe('what was used otherwise than asked', () => {
    const limit = { name: 'tokens', max: 100, window: hour }

    test('if less, lets those who wait go on at once', async () => {
      const asked = service({ limits: [limit], patience: 2 * hour })
      const first = await limits.take({ service: asked, units: { tokens: 90 } })
      const order: number[] = []
      const waiting = [60, 20].map((tokens) =>
        limits.take({ service: asked, units: { tokens } }).then(() => order.push(tokens)),
      )
      await first.settle({ tokens: 20 })
      await Promise.all(waiting)
      expect(order).toEqual([60, 20])
      expect(await rows()).toMatchObject({ turns: 3 })
    })

    test('if more, leaves less for the next', async () => {
      const asked = service({ limits: [limit] })
      const turn = await limits.take({ service: asked, units: { tokens: 0 } })
      await turn.settle({ tokens: 90, unknown: 5 })
      await expect(limits.take({ service: asked, units: { tokens: 20 } })).rejects.toThrow(WaitingError)
      await limits.take({ service: asked, units: { tokens: 10 } })
    })
  })

  test('who is stopped gives back what it held, and says so', async () => {
    const limit = { name: 'requests', max: 1, window: 800 }
    const asked = service({ limits: [limit], patience: 2 * hour, connections: 3 })
    await limits.take({ service: asked })
    const stop = new AbortController()
    const sleeping = limits.take({ service: asked, signal: stop.signal })
    const inLine = limits.take({ service: asked, signal: stop.signal })
    while ((await rows()).turns < 2);
    stop.abort()
    const stopped = { code: 'cancelled', message: 'Waiting for Strict was stopped.' }
    expect(await Promise.allSettled([sleeping, inLine])).toMatchObject([
      { reason: stopped },
      { reason: stopped },
    ])
    expect(await rows()).toEqual({ turns: 1, connections: 1 })
    const reason = new SheafError('cancelled', 'Session s1 has been cancelled.')
    await expect(limits.take({ service: asked, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('connections of a process that died are free after their time, in the order of asking', async () => {
    const asked = service({ limits: [], connections: 1, patience: 20_000 })
    await sql`
      insert into sheaf.connections (service, expires_at)
      values ('strict', clock_timestamp() + interval '300 milliseconds')`.execute(store.database.sql)
    const order: number[] = []
    await Promise.all(
      [1, 2, 3].map(async (number) => {
        const turn = await limits.take({ service: asked })
        order.push(number)
        await turn.release()
      }),
    )
    expect(order).toEqual([1, 2, 3])
    expect(await rows()).toEqual({ turns: 0, connections: 0 })
  })

  test('a connection in use is kept for longer than one of a process that died, and not beyond its time', async () => {
    const asked = service({ limits: [], connections: 1, patience: 20_000, timeout: 0 })
    const living = createLimits(store.database.sql, { heldFor: 300 })
    await living.take({ service: asked })
    const expiry = async () =>
      (
        await sql<{ at: Date }>`select expires_at as at from sheaf.connections`.execute(store.database.sql)
      ).rows[0]!.at.getTime()
    const first = await expiry()
    await expect.poll(expiry).toBeGreaterThan(first + 300)
    await limits.take({ service: asked })
    expect((await rows()).connections).toBe(1)
  })

  test('a turn that its process is too busy to use in time is given up for one that may be used longer', async () => {
    const busy = createLimits(store.database.sql, { slack: 0, share: 0 })
    await busy.take({ service: service({ patience: 2 * hour }) })
    const { rows: turns } = await sql<{ longer: boolean }>`
      select counts_until - at > interval '1 hour 25 milliseconds' as longer from sheaf.turns`.execute(
      store.database.sql,
    )
    expect(turns).toEqual([{ longer: true }])
  })

  test('turns that no longer count are cleared away', async () => {
    const asked = service({ limits: [{ name: 'requests', max: 1, window: 1 }] })
    for (let count = 0; count < 4; count += 1) await limits.take({ service: asked })
    expect((await rows()).turns).toBeLessThan(4)
  })
})
