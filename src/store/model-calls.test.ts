import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { findAnswer, keepAnswer } from './model-answers.ts'
import { closeCall, closeLostCalls, enterKept, openCall } from './model-calls.ts'
import { costOf } from './model-costs.ts'
import { createSession } from './sessions.ts'

const subject = { session: 's1', task: 'screen', provider: 'openai', model: 'm' }
const minute = 60_000

await describeEachStore('what models were asked', (store) => {
  const open = (
    options: Partial<Parameters<typeof openCall>[2]> & { session?: string } = {},
    tokens = 100,
    cost: number | undefined = 0.1,
  ) =>
    openCall(
      store.database.sql,
      { ...subject, session: options.session ?? 's1' },
      { estimate: { tokens, cost }, lifetime: minute, sessionBudget: {}, dayBudget: {}, ...options },
    )
  const opened = async (...given: Parameters<typeof open>) => {
    const result = await open(...given)
    if (!('call' in result)) throw new Error('no room')
    return result.call
  }

  beforeEach(async () => {
    await sql`truncate sheaf.model_spending, sheaf.model_answers`.execute(store.database.sql)
  })

  test('never lets those who ask at once pass a budget', async () => {
    const sessionBudget = { tokens: 520 }
    const results = await Promise.all(Array.from({ length: 20 }, () => open({ sessionBudget })))
    expect(results.filter((result) => 'call' in result)).toHaveLength(5)
    expect(results.find((result) => 'scope' in result)).toEqual({
      scope: 'session',
      unit: 'tokens',
      spent: 0,
      limit: 520,
      passing: true,
    })
  })

  test('tells a budget that is spent from one that calls under way may leave room in', async () => {
    const sessionBudget = { tokens: 250 }
    const first = await opened({ sessionBudget })
    await opened({ sessionBudget })
    expect(await open({ sessionBudget })).toMatchObject({ passing: true, spent: 0 })
    await closeCall(store.database.sql, first, { outcome: 'answered', spent: { tokens: 20, cost: 0.02 } })
    const third = await opened({ sessionBudget })
    await closeCall(store.database.sql, third, { outcome: 'answered', spent: { tokens: 200, cost: 0.2 } })
    expect(await open({ sessionBudget })).toMatchObject({ passing: false, spent: 220 })
  })

  test('leaves nothing behind of a call that had no room', async () => {
    expect(await open({ sessionBudget: { tokens: 99 } })).toMatchObject({ scope: 'session', passing: false })
    expect(await open({ dayBudget: { cost: 0.1 } })).toHaveProperty('call')
  })

  test('counts a day over all sessions', async () => {
    await createSession(store.database.sql, { id: 's2', question: 'Why?', settings: { depth: 1 } })
    const dayBudget = { cost: 0.25 }
    const calls = [await opened({ dayBudget }), await opened({ dayBudget, session: 's2' })]
    for (const call of calls) await closeCall(store.database.sql, call, { outcome: 'aborted' })
    expect(await open({ dayBudget })).toEqual({
      scope: 'day',
      unit: 'USD',
      spent: 0.2,
      limit: 0.25,
      passing: false,
    })
  })

  test('counts a day of each user, beside the others’', async () => {
    for (const [id, owner] of [
      ['s2', 'local'],
      ['s3', 'anna'],
    ] as const)
      await createSession(store.database.sql, { id, owner, question: 'Why?', settings: {} })
    const userBudget = { cost: 0.25 }
    const calls = [await opened({ userBudget }), await opened({ userBudget, session: 's2' })]
    expect(await open({ userBudget })).toMatchObject({ scope: 'user', passing: true })
    await closeCall(store.database.sql, calls[0]!, { outcome: 'answered', spent: { tokens: 9, cost: 0.2 } })
    expect(await open({ userBudget })).toEqual({
      scope: 'user',
      unit: 'USD',
      spent: 0.2,
      limit: 0.25,
      passing: false,
    })
    expect(await open({ userBudget, session: 's3' })).toHaveProperty('call')
  })

  test('never lets one user pass a day’s budget by asking at once', async () => {
    const userBudget = { cost: 0.55 }
    const results = await Promise.all(Array.from({ length: 20 }, () => open({ userBudget })))
    expect(results.filter((result) => 'call' in result)).toHaveLength(5)
  })

  test('closes a lost call as what it was estimated at, once', async () => {
    const lost = await opened({ lifetime: 0 })
    await opened()
    await closeLostCalls(store.database.sql)
    await closeCall(store.database.sql, lost, { outcome: 'answered', spent: { tokens: 1, cost: 0 } })
    const { total } = await costOf(store.database.sql, 's1')
    expect(total).toMatchObject({ calls: 2, asking: 1, failed: 1, tokens: 200 })
    expect(total.cost).toBeCloseTo(0.2)
  })

  test('adds up by task and model, and knows no cost where a price is unknown', async () => {
    const usage = { inputTokens: 60, outputTokens: 20, cachedTokens: 10, reasoningTokens: 5 }
    const call = await opened()
    await closeCall(store.database.sql, call, {
      outcome: 'answered',
      usage,
      spent: { tokens: 80, cost: 0.08 },
    })
    await enterKept(store.database.sql, subject)
    await enterKept(store.database.sql, { ...subject, task: 'plan' })
    const { lines, total } = await costOf(store.database.sql, 's1')
    expect(lines.map(({ task, model, calls, kept, cost }) => ({ task, model, calls, kept, cost }))).toEqual([
      { task: 'plan', model: 'openai/m', calls: 0, kept: 1, cost: 0 },
      { task: 'screen', model: 'openai/m', calls: 1, kept: 1, cost: 0.08 },
    ])
    expect(total).toMatchObject({ ...usage, tokens: 80, cost: 0.08, cacheWriteTokens: 0 })
    const unpriced = await openCall(store.database.sql, subject, {
      estimate: { tokens: 5, cost: undefined },
      lifetime: minute,
      sessionBudget: {},
      dayBudget: {},
    })
    expect(unpriced).toHaveProperty('call')
    expect((await costOf(store.database.sql, 's1')).total.cost).toBeUndefined()
  })

  test('takes errors that no text column holds, and bounds them', async () => {
    const call = await opened()
    await closeCall(store.database.sql, call, { outcome: 'failed', error: `\u0000${'x'.repeat(10_000)}` })
    const { error } = await store.database.sql
      .selectFrom('model_calls')
      .select('error')
      .executeTakeFirstOrThrow()
    expect(error).toHaveLength(500)
  })

  test('finds an answer under the first key that has one, as it was given', async () => {
    const entry = { task: 'screen', model: 'openai/m', usage: {} }
    const answer = { b: 1, a: [2, 'x\u0000'] }
    const kept = await keepAnswer(store.database.sql, { ...entry, key: 'second', answer })
    expect(kept.answer).toBe('{"b":1,"a":[2,"x\ufffd"]}')
    expect(await findAnswer(store.database.sql, ['first', 'second'])).toEqual(kept)
    await keepAnswer(store.database.sql, { ...entry, key: 'first', answer: {} })
    expect(await findAnswer(store.database.sql, ['first', 'second'])).toMatchObject({ answer: '{}' })
    expect(await findAnswer(store.database.sql, ['third'])).toBeUndefined()
  })
})
