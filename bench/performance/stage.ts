import type { ModelLatency } from '../../lab/models/latency.ts'
import { type ModelLab, type ModelLabOptions, startModelLab } from '../../lab/models/model-lab.ts'
import { createLimits } from '../../src/limits/database-limits.ts'
import type { Limits } from '../../src/limits/limits.ts'
import { createModelGateway } from '../../src/models/create-gateway.ts'
import type { ModelGateway } from '../../src/models/gateway.ts'
import type { ProviderConfig } from '../../src/models/providers.ts'
import { openDatabase, type Sql } from '../../src/store/database.ts'
import { createSession } from '../../src/store/sessions.ts'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'

/** Medians of a small hosted model: 600 ms to the first token, 125 tokens a second after it. */
export const realisticModel: ModelLatency = { firstToken: 600, perToken: 8, spread: 0.35 }

/** The session that scenarios without a command line ask in. */
export const session = 's1'

/** A new database with one session in it, and simulated model servers. */
export interface Stage {
  readonly data: TestDatabase
  readonly sql: Sql
  readonly limits: Limits
  readonly models: ModelLab
  /** A new gateway in this process, to OpenAI's stand-in and, with `spare`, to Anthropic's behind it. */
  gateway(options?: { tokensPerMinute?: number; spare?: boolean }): ModelGateway
  close(): Promise<void>
}

/** Opens a stage; undefined where there is no such database. */
export async function openStage(
  kind: 'pglite' | 'postgres',
  options: ModelLabOptions = {},
): Promise<Stage | undefined> {
  const { service, create } = (await databaseKinds()).find((one) => one.kind === kind)!
  if (service === undefined) return undefined
  const models = await startModelLab({ seed: 3, ...options })
  const data = await create()
  const database = await openDatabase(data.config)
  const { sql } = database
  await createSession(sql, { id: session, question: 'Why?', settings: {} })
  const limits = createLimits(sql)
  return {
    data,
    sql,
    limits,
    models,
    gateway: ({ tokensPerMinute, spare = false } = {}) =>
      createModelGateway({
        sql,
        limits,
        providers: providersOf(models, tokensPerMinute).slice(0, spare ? 2 : 1),
      }),
    async close() {
      await database.close()
      await data.remove()
      await models.close()
    },
  }
}

/** What gateways are configured with to ask the stand-ins of OpenAI and Anthropic. */
export function providersOf({ baseUrls }: ModelLab, tokensPerMinute?: number): ProviderConfig[] {
  const common = { apiKey: 'none', tokensPerMinute }
  return [
    { provider: 'openai', model: 'gpt-5.4-mini', baseUrl: baseUrls.openai, ...common },
    { provider: 'anthropic', model: 'claude-haiku-4-5', baseUrl: baseUrls.anthropic, ...common },
  ]
}

/** Does something with each item, so many at once, as the workers of a queue do. */
export async function together<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]()
  const workThrough = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, workThrough))
}

/** Seconds that something takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}
