import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { answerOnce, type KeptAnswer } from './answer-once.ts'

await describeEachStore('a request with a key', (store) => {
  const answer: KeptAnswer = {
    status: 202,
    headers: { Location: '/x' },
    body: JSON.stringify({ a: '\u0000ü' }),
  }
  const name = (key: string) => ({ user: 'u', key: `${key} ${store.kind}` })
  const ask = (key: string, work: () => Promise<KeptAnswer | undefined>, request = 'r') =>
    answerOnce(store.database, name(key), request, work)

  test('is done once, however many ask at the same time, and answered the same from then on', async () => {
    const going = Promise.withResolvers<void>()
    const work = vi.fn(async () => {
      await going.promise
      return answer
    })
    const asked = Promise.allSettled(Array.from({ length: 8 }, () => ask('many', work)))
    await expect.poll(() => work.mock.calls.length).toBe(1)
    await expect(ask('many', work)).rejects.toMatchObject({ code: 'conflict' })
    going.resolve()
    const outcomes = (await asked).map((one) => (one.status === 'rejected' ? one.reason.code : one.value))
    expect(outcomes.filter((one) => one === undefined)).toHaveLength(1)
    for (const outcome of outcomes) expect([undefined, 'conflict', answer]).toContainEqual(outcome)
    expect(await ask('many', work)).toEqual(answer)
    expect(work).toHaveBeenCalledTimes(1)
  })

  test('is refused when the key stood for another request, and is another user’s own', async () => {
    await ask('other', async () => answer)
    await expect(ask('other', async () => answer, 'another')).rejects.toMatchObject({ code: 'key_reused' })
    const work = vi.fn(async () => undefined)
    await answerOnce(store.database, { ...name('other'), user: 'v' }, 'another', work)
    expect(work).toHaveBeenCalled()
  })

  test('may be repeated when it failed, threw, died on the way, or was long ago', async () => {
    const work = vi.fn(async () => undefined)
    await ask('again', work)
    await ask('again', work)
    await expect(
      ask('again', async () => {
        throw new Error('broken')
      }),
    ).rejects.toThrow('broken')
    await ask('again', work)
    expect(work).toHaveBeenCalledTimes(3)

    const died = Promise.withResolvers<undefined>()
    const begun = Promise.withResolvers<void>()
    const late = ask('again', () => {
      begun.resolve()
      return died.promise
    })
    await begun.promise
    await expect(ask('again', work)).rejects.toMatchObject({ code: 'conflict' })
    const { sql: db } = store.database
    await sql`update sheaf.idempotency_keys set held_until = clock_timestamp()`.execute(db)
    await ask('again', async () => answer, 'another')
    // The first was only slow: what it settles is not its own any more.
    died.resolve(undefined)
    await late
    expect(await ask('again', work, 'another')).toEqual(answer)

    await sql`update sheaf.idempotency_keys set expires_at = clock_timestamp()`.execute(db)
    await ask('again', work)
    expect(work).toHaveBeenCalledTimes(4)
    const left = await db.selectFrom('idempotency_keys').select('key').execute()
    expect(left).toEqual([])
  })
})
