import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ModelLab, startModelLab } from '../../lab/models/model-lab.ts'
import { createPglite, type TestDatabase } from '../../test/support/databases.ts'
import { createLimits } from '../limits/database-limits.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createEmbedder } from './create-embedder.ts'
import type { Embedder, TextRole } from './embedder.ts'
import type { ProviderConfig } from './providers.ts'

let data: TestDatabase
let database: Database
let lab: ModelLab
beforeAll(async () => {
  data = await createPglite()
  database = await openDatabase(data.config)
})
beforeEach(async () => {
  lab = await startModelLab()
  return async () => {
    expect(lab.violations()).toEqual([])
    await lab.close()
  }
})
afterAll(async () => {
  await database.close()
  await data.remove()
})

const none = new AbortController().signal
const embedderOf = (
  provider: 'openai' | 'google' | 'compatible',
  more: Partial<ProviderConfig> = {},
  prices = {},
) =>
  createEmbedder({
    sql: database.sql,
    limits: createLimits(database.sql),
    provider: {
      provider,
      model: `m-${randomUUID()}`,
      baseUrl: lab.baseUrls[provider],
      apiKey: 'lab',
      ...more,
    },
    prices,
    ...(Object.keys(prices).length > 0 && { dayBudget: { cost: 1 } }),
  })
const embed = (embedder: Embedder, texts: readonly string[], role: TextRole = 'passage') =>
  embedder.embed(
    texts.map((text) => ({ text, sha256: embedder.nameOf(text, role) })),
    role,
    none,
  )
const cosine = (a: Int8Array, b: Int8Array) => {
  const product = (x: Int8Array, y: Int8Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0)
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b))
}
const calls = () => Object.values(lab.calls().byTask).reduce((sum, count) => sum + count, 0)

test.each(['openai', 'google', 'compatible'] as const)(
  '%s gives texts on one topic vectors that are near',
  async (provider) => {
    const embedder = embedderOf(provider)
    const [hearts, glaciers] = await embed(embedder, ['Defibrillation of the heart.', 'Glaciers retreat.'])
    const [question] = await embed(embedder, ['heart defibrillation'], 'question')
    expect(cosine(hearts!, question!)).toBeGreaterThan(0.9)
    expect(cosine(glaciers!, question!)).toBeLessThan(0.3)
  },
)

test('a text is embedded once, whoever asks and however often', async () => {
  const embedder = embedderOf('google')
  const texts = Array.from({ length: 150 }, (_, index) => `Text ${index % 140}`)
  const [first, second] = await Promise.all([embed(embedder, texts), embed(embedder, texts)])
  expect(second).toEqual(first)
  expect(first[145]).toEqual(first[5])
  expect(await embed(embedder, texts.toReversed())).toEqual(first.toReversed())
  await embed(embedder, ['One more.', 'Text 3'])
  expect(calls()).toBe(4)
  expect(lab.calls().paidTwice).toBe(0)
})

test('what it took stands in the ledger and in the budget of the day, but in no session’s', async () => {
  const model = `m-${randomUUID()}`
  const embedder = embedderOf('openai', { model }, { [`openai/${model}`]: { input: 2, output: 0 } })
  await embed(embedder, ['x'.repeat(4000)])
  const rows = await database.sql
    .selectFrom('model_calls')
    .select(['session', 'task', 'outcome', 'input_tokens', 'cost'])
    .where('model', '=', model)
    .execute()
  expect(
    rows.map((row) => ({ ...row, input_tokens: Number(row.input_tokens), cost: Number(row.cost) })),
  ).toEqual([{ session: null, task: 'embed', outcome: 'answered', input_tokens: 1000, cost: 0.002 }])
  const spending = await database.sql.selectFrom('model_spending').select('scope').execute()
  expect(spending.every(({ scope }) => scope.startsWith('day/'))).toBe(true)
  await expect(embed(embedder, ['y'.repeat(3_000_000)])).rejects.toMatchObject({ code: 'waiting' })
})

test('a fault is tried again; a model that is away is said to be', async () => {
  const embedder = embedderOf('openai')
  lab.setFaults({ serverError: 1 })
  await expect(embed(embedder, ['one'])).rejects.toMatchObject({ code: 'waiting' })
  lab.setFaults({ serverError: 0, rateLimited: 0.5 })
  expect(await embed(embedder, ['one', 'two'])).toHaveLength(2)
  lab.setFaults({ rateLimited: 0 })
  await expect(
    createEmbedder({
      sql: database.sql,
      limits: createLimits(database.sql),
      provider: {
        provider: 'openai',
        model: 'none',
        baseUrl: `${lab.baseUrls.openai}/nowhere`,
        apiKey: 'lab',
      },
    }).embed([{ text: 'one', sha256: 'one' }], 'passage', none),
  ).rejects.toMatchObject({ code: 'invalid_input' })
})

test('limits that are set hold for vectors too', async () => {
  const embedder = embedderOf('compatible', { parallel: 1, tokensPerMinute: 1_000_000 })
  await Promise.all(Array.from({ length: 5 }, (_, index) => embed(embedder, [`Text ${index}`])))
  expect(calls()).toBe(5)
})
