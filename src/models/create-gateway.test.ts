import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createPglite } from '../../test/support/databases.ts'
import { empty } from '../../test/support/empty.ts'
import { type ModelReply, type SeenCall, startModelServer } from '../../test/support/model-servers.ts'
import { createLimits } from '../limits/database-limits.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { costOf } from '../store/model-costs.ts'
import { createSession } from '../store/sessions.ts'
import type { MeasuredCall } from '../telemetry/measure.ts'
import { createModelGateway, type ModelGatewayOptions } from './create-gateway.ts'
import type { Question } from './gateway.ts'
import type { ProviderConfig } from './providers.ts'

type Said = { said: string }
const question = (changes: Partial<Question<Said>> = {}): Question<Said> => ({
  prompt: { task: 'screen', version: 1, instructions: 'Judge.' },
  input: 'paper',
  answer: z.object({ said: z.string() }),
  maxOutputTokens: 100,
  session: 's1',
  ...changes,
})

let first: Awaited<ReturnType<typeof startModelServer>>
let second: Awaited<ReturnType<typeof startModelServer>>
let replies: Record<'first' | 'second', (call: SeenCall, count: number) => ModelReply | Promise<ModelReply>>

let data: Awaited<ReturnType<typeof createPglite>>
let database: Database

// Several processes on a Postgres server are tried in processes.test.ts.
beforeAll(async () => {
  data = await createPglite()
  database = await openDatabase(data.config)
})
afterAll(async () => {
  await database.close()
  await data.remove()
})

beforeEach(async () => {
  const tables = ['sessions', 'model_answers', 'leases', 'model_spending', 'limit_pauses', 'turns']
  await empty(database.sql, ...tables)
  await createSession(database.sql, { id: 's1', question: 'Why?', settings: {} })
  replies = { first: () => ({ json: { said: 'one' } }), second: () => ({ json: { said: 'two' } }) }
  first = await startModelServer((...seen) => replies.first(...seen))
  second = await startModelServer((...seen) => replies.second(...seen))
})
afterEach(async () => {
  await Promise.all([first.close(), second.close()])
})

const openai = (): ProviderConfig => ({
  provider: 'openai',
  model: 'm',
  apiKey: 'k',
  baseUrl: first.baseUrls.openai,
})
const anthropic = (): ProviderConfig => ({
  provider: 'anthropic',
  model: 'n',
  apiKey: 'k',
  baseUrl: second.baseUrls.anthropic,
})
const google = (): ProviderConfig => ({
  provider: 'google',
  model: 'g',
  apiKey: 'k',
  baseUrl: second.baseUrls.google,
})
const gateway = (options: Partial<ModelGatewayOptions> = {}) =>
  createModelGateway({
    sql: database.sql,
    limits: createLimits(database.sql),
    providers: [openai(), anthropic()],
    ...options,
  })
const cost = async () => (await costOf(database.sql, 's1')).total

test('asks once, and gives what it kept to whoever asks again', async () => {
  expect(await gateway().ask(question())).toEqual({
    value: { said: 'one' },
    model: 'openai/m',
    kept: false,
  })
  expect(await gateway().ask(question())).toEqual({ value: { said: 'one' }, model: 'openai/m', kept: true })
  expect(first.calls).toHaveLength(1)
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
  expect(first.calls).toHaveLength(2)
})

test('uses what a second try brought with the same words, where no first one stands before it', async () => {
  await gateway().ask(question({ attempt: 1 }))
  expect(await gateway().ask(question())).toMatchObject({ kept: true })
  expect(first.calls).toHaveLength(1)
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
  replies.first = (_call, count) => {
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
  expect(first.calls).toHaveLength(2)
  expect(await cost()).toMatchObject({ calls: 2, failed: 1, kept: 1, asking: 0 })
})

test('tries a fault once more, then asks the next provider in the same call', async () => {
  replies.first = (_call, count) => (count === 1 ? { breaks: true } : { json: { said: 'one' } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'openai/m' })
  replies.first = () => ({ status: 500, body: { error: { message: 'oh' } } })
  expect(await gateway().ask(question({ input: 'b' }))).toMatchObject({ model: 'anthropic/n' })
  expect(first.calls).toHaveLength(4)
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
  replies.first = () => ({ status: 500, body: { error: { message: 'oh' } } })
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

test('passes over a provider that fails, tries it with one call, and takes it back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    replies.first = () => ({ status: 503, body: { error: { message: 'oh' } } })
    const one = gateway()
    const ask = (input: string) => one.ask(question({ input }))
    const during = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(`during ${index}`)))
    expect(new Set(during.map(({ model }) => model))).toEqual(new Set(['anthropic/n']))
    const asked = first.calls.length
    expect(asked).toBeGreaterThanOrEqual(20)
    await ask('after')
    expect(first.calls).toHaveLength(asked)

    vi.setSystemTime(Date.now() + 11_000)
    replies.first = () => ({ json: { said: 'one' } })
    expect(await ask('trial')).toMatchObject({ model: 'openai/m' })
    expect(await ask('well')).toMatchObject({ model: 'openai/m' })
  } finally {
    vi.useRealTimers()
  }
})

test('leaves a provider whose quota is gone, in all processes', async () => {
  replies.first = () => ({ status: 429, body: { error: { message: 'Pay.', code: 'insufficient_quota' } } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  expect(await gateway().ask(question({ input: 'b' }))).toMatchObject({ model: 'anthropic/n' })
  expect(first.calls).toHaveLength(1)
  await expect(gateway({ providers: [openai()] }).ask(question({ input: 'c' }))).rejects.toMatchObject({
    code: 'waiting',
    message: expect.stringContaining('quota is used up'),
  })
})

test('waits and says until when while no provider works', async () => {
  replies.first = () => ({ breaks: true })
  await first.close()
  await expect(gateway({ providers: [openai()] }).ask(question())).rejects.toMatchObject({
    code: 'waiting',
    waitsFor: 'OpenAI (m)',
    until: expect.any(Date),
  })
  expect(await cost()).toMatchObject({ calls: 2, failed: 2, tokens: 0, cost: 0 })
})

test.each([
  [
    'OpenAI',
    'first',
    openai,
    { 'retry-after-ms': '30' },
    { error: { message: 'Slow.', code: 'rate_limit_exceeded' } },
  ],
  [
    'Anthropic',
    'second',
    anthropic,
    { 'retry-after': '0.03' },
    { type: 'error', error: { type: 'rate_limit_error', message: 'Slow.' } },
  ],
  [
    'Google',
    'second',
    google,
    {},
    {
      error: {
        code: 429,
        message: 'Slow.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.03s' }],
      },
    },
  ],
] as const)('asks %s again when it has said to wait', async (_name, which, config, headers, body) => {
  replies[which] = (_call, count) => (count < 3 ? { status: 429, headers, body } : { json: { said: 'late' } })
  const answered = await gateway({ providers: [config()] }).ask(question())
  expect(answered.value.said).toBe('late')
  expect(await cost()).toMatchObject({ calls: 3, failed: 2, tokens: 15 })
})

test('keeps to limits that a server names', async () => {
  const headers = { 'x-ratelimit-limit-requests': '2' }
  replies.first = () => ({ json: { said: 'x' }, headers })
  const one = gateway({ providers: [openai()] })
  await one.ask(question())
  await one.ask(question({ input: '2' }))
  await one.ask(question({ input: '3' }))
  const stop = new AbortController()
  const fourth = one.ask(question({ input: '4', signal: stop.signal }))
  const soon = new Promise((resolve) => setTimeout(resolve, 200, 'waits'))
  expect(await Promise.race([fourth, soon])).toBe('waits')
  stop.abort()
  await expect(fourth).rejects.toMatchObject({ code: 'cancelled' })
  expect(first.calls).toHaveLength(3)
})

test('tells a model what was wrong with its answer, then asks the next, then says that none can be used', async () => {
  replies.first = () => ({ json: { said: 5 } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  expect(first.calls.map(({ messages }) => messages.length)).toEqual([1, 2])
  expect(first.calls[1]!.messages[1]).toMatch(/expected string/)
  replies.second = () => ({ refusal: 'No.' })
  await expect(gateway().ask(question({ input: 'b' }))).rejects.toMatchObject({
    code: 'upstream_failed',
    retryable: false,
  })
  expect(await cost()).toMatchObject({ calls: 7, failed: 6, tokens: 7 * 15 })
})

test('takes wrong settings for what they are, unless another provider works', async () => {
  replies.first = () => ({ status: 401, body: { error: { message: 'Incorrect API key provided.' } } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  const alone = gateway({ providers: [openai()] })
  for (const input of ['b', 'c'])
    await expect(alone.ask(question({ input }))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Incorrect API key'),
    })
  expect(first.calls).toHaveLength(2)
})

test('stops before a budget of a session is passed, however many ask at once', async () => {
  replies.first = () => ({ json: { said: 'x' }, inputTokens: 4, outputTokens: 100 })
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
    replies.first = () => ({ json: { said: 'x' }, inputTokens: 200, outputTokens: 100 })
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
    expect(first.calls).toHaveLength(1)
  },
)
