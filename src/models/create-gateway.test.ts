import { expect, test } from 'vitest'
import { z } from 'zod'
import { useGateway } from '../../test/support/gateway-bench.ts'
import { createLimits } from '../limits/database-limits.ts'
import type { Limits } from '../limits/limits.ts'
import { costOf } from '../store/model-costs.ts'
import type { MeasuredCall } from '../telemetry/measure.ts'

const bench = useGateway()
const { gateway, question, openai, anthropic } = bench
const cost = async () => (await costOf(bench.sql, 's1')).total

test('asks once, and gives what it kept to whoever asks again', async () => {
  expect(await gateway().ask(question())).toEqual({
    value: { said: 'one' },
    model: 'openai/m',
    kept: false,
  })
  expect(await gateway().ask(question())).toEqual({ value: { said: 'one' }, model: 'openai/m', kept: true })
  expect(bench.first.calls).toHaveLength(1)
  expect(await cost()).toMatchObject({ calls: 1, kept: 1, tokens: 15 })
})

test.each([
  ['another input', { input: 'other' }],
  ['a new version of the words', { prompt: { task: 'screen', version: 2, instructions: 'Judge.' } }],
  ['other words', { prompt: { task: 'screen', version: 1, instructions: 'Judge well.' } }],
  ['another shape', { answer: z.object({ said: z.string(), why: z.string().optional() }) }],
  ['a second try', { attempt: 1 }],
])('asks again for %s', async (_name, changes) => {
  await gateway().ask(question())
  expect((await gateway().ask(question(changes))).kept).toBe(false)
  expect(bench.first.calls).toHaveLength(2)
})

test('uses what a second try brought with the same words, where no first one stands before it', async () => {
  await gateway().ask(question({ attempt: 1 }))
  expect(await gateway().ask(question())).toMatchObject({ kept: true })
  expect(bench.first.calls).toHaveLength(1)
})

test('uses what any of its providers answered before', async () => {
  await gateway().ask(question())
  const reversed = gateway({ providers: [anthropic(), openai()] })
  expect(await reversed.ask(question())).toMatchObject({ model: 'openai/m', kept: true })
  const other = gateway({ providers: [anthropic()] })
  expect(await other.ask(question())).toMatchObject({ model: 'anthropic/n', kept: false })
})

test('makes one of two questions that are asked at once, also when the one who asks is stopped', async () => {
  const stop = new AbortController()
  bench.replies.first = (_call, count) => {
    if (count > 1) return { json: { said: 'again' } }
    stop.abort()
    return new Promise<never>(() => undefined)
  }
  const one = gateway()
  const ends = await Promise.allSettled([
    one.ask(question({ signal: stop.signal })),
    one.ask(question()),
    gateway().ask(question()),
  ])
  expect(ends[0]).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } })
  expect(ends.slice(1)).toMatchObject([
    { status: 'fulfilled', value: { value: { said: 'again' } } },
    { status: 'fulfilled', value: { value: { said: 'again' } } },
  ])
  expect(bench.first.calls).toHaveLength(2)
  expect(await cost()).toMatchObject({ calls: 2, failed: 1, kept: 1, asking: 0 })
})

test('makes no call when it stood still until another had asked', async () => {
  const { sql } = bench
  const limits = createLimits(sql)
  const standsStill: Limits = {
    ...limits,
    async take(request) {
      const turn = await limits.take(request)
      // As when the process is frozen here, and its lease expires.
      await sql.deleteFrom('leases').execute()
      await gateway().ask(question())
      return turn
    },
  }
  const asked = gateway({ limits: standsStill })
  expect(await asked.ask(question())).toMatchObject({ value: { said: 'one' }, kept: true })
  expect(bench.first.calls).toHaveLength(1)
  expect(await cost()).toMatchObject({ calls: 2, failed: 1, kept: 1, asking: 0, tokens: 15 })
})

test('measures each call by how it ended, kept answers, and how each provider stands', async () => {
  const calls: MeasuredCall[] = []
  const looks: string[] = []
  const states = new Map<string, () => string>()
  const asked = gateway({
    prices: { 'openai/m': { input: 1_000_000, output: 0 } },
    measure: {
      modelCallEnded: (call) => void calls.push(call),
      cacheLookedUp: (kind) => void looks.push(`${kind}?`),
      cacheHit: (kind) => void looks.push(kind),
      watchCircuit: (provider, state) => void states.set(provider, state),
    },
  })
  await asked.ask(question())
  await asked.ask(question())
  bench.replies.first = () => ({ status: 500, body: { error: { message: 'oh' } } })
  await asked.ask(question({ input: 'b' }))
  expect(calls.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
    'openai/m answered',
    'openai/m kept',
    'openai/m failed',
    'openai/m failed',
    'anthropic/n answered',
  ])
  expect(calls[0]).toMatchObject({ inputTokens: 10, outputTokens: 5, cost: 10 })
  expect(looks).toEqual(['model_answers?', 'model_answers?', 'model_answers', 'model_answers?'])
  expect([...states].map(([provider, state]) => [provider, state()])).toEqual([
    ['openai/m', 'closed'],
    ['anthropic/n', 'closed'],
  ])
})

test('keeps to limits that a server names, also in a process that has not asked it yet', async () => {
  const headers = { 'x-ratelimit-limit-requests': '2' }
  bench.replies.first = () => ({ json: { said: 'x' }, headers })
  const one = gateway({ providers: [openai()] })
  await one.ask(question())
  await one.ask(question({ input: '2' }))
  const other = gateway({ providers: [openai()] })
  await other.ask(question({ input: '3' }))
  const stop = new AbortController()
  const fourth = other.ask(question({ input: '4', signal: stop.signal }))
  const soon = new Promise((resolve) => setTimeout(resolve, 200, 'waits'))
  expect(await Promise.race([fourth, soon])).toBe('waits')
  stop.abort()
  await expect(fourth).rejects.toMatchObject({ code: 'cancelled' })
  expect(bench.first.calls).toHaveLength(3)
})

test('stops before a budget of a session is passed, however many ask at once', async () => {
  bench.replies.first = () => ({ json: { said: 'x' }, inputTokens: 4, outputTokens: 100 })
  const budget = { tokens: 800 }
  const one = gateway({ sessionBudget: async () => budget })
  const ask = (input: number) => one.ask(question({ input: `${input}` }))
  const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => ask(index)))
  const answered = ends.filter(({ status }) => status === 'fulfilled').length
  expect({ answered, spent: (await cost()).tokens }).toEqual({ answered: 4, spent: 416 })
  const refused = ends.find((end) => end.status === 'rejected')!
  expect(refused.reason).toMatchObject({
    code: 'approval_required',
    gate: 'tokens',
    details: { unit: 'tokens', spent: 416, limit: 800 },
  })
  budget.tokens = 2000
  expect(await ask(21)).toMatchObject({ kept: false })
})

test.each(['dayBudget', 'userBudget'] as const)(
  'waits for another day when a %s is used up, and needs prices for it',
  async (name) => {
    const budget = { [name]: { cost: 0.0008 } }
    const prices = { 'openai/m': { input: 1, output: 1 } }
    const one = gateway({ providers: [openai()], prices, ...budget })
    bench.replies.first = () => ({ json: { said: 'x' }, inputTokens: 200, outputTokens: 100 })
    await one.ask(question())
    await expect(one.ask(question({ input: 'b', maxOutputTokens: 200 }))).rejects.toMatchObject({
      code: 'waiting',
    })
    const wait = await one.ask(question({ input: 'b', maxOutputTokens: 200 })).catch((thrown) => thrown)
    expect(wait.until.toISOString()).toMatch(/T00:00:00.000Z$/)
    await expect(gateway(budget).ask(question({ input: 'c' }))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('price of openai/m is unknown'),
    })
    expect(bench.first.calls).toHaveLength(1)
  },
)
