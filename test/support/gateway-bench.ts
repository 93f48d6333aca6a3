import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'
import { createLimits } from '../../src/limits/database-limits.ts'
import { createModelGateway, type ModelGatewayOptions } from '../../src/models/create-gateway.ts'
import type { ModelGateway, Question } from '../../src/models/gateway.ts'
import type { ProviderConfig } from '../../src/models/providers.ts'
import type { Sql } from '../../src/store/database.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { createSession } from '../../src/store/sessions.ts'
import { createPglite, type TestDatabase } from './databases.ts'
import { empty } from './empty.ts'
import { type ModelReply, type SeenCall, startModelServer } from './model-servers.ts'

type Server = Awaited<ReturnType<typeof startModelServer>>
type Reply = (call: SeenCall, count: number) => ModelReply | Promise<ModelReply>

/** What an answer is in these tests. */
export interface Said {
  said: string
}

/** The gateway over an embedded database, with two servers of models that say what a test wants. */
export interface GatewayBench {
  readonly sql: Sql
  /** Answers for OpenAI; the other for Anthropic and Google. */
  readonly first: Server
  readonly second: Server
  /** What they reply: `one` and `two`, until a test says otherwise. */
  readonly replies: Record<'first' | 'second', Reply>
  openai(): ProviderConfig
  anthropic(): ProviderConfig
  google(): ProviderConfig
  /** A new gateway, by default to OpenAI and then Anthropic. */
  gateway(options?: Partial<ModelGatewayOptions>): ModelGateway
  /** A question of session `s1`. */
  question(changes?: Partial<Question<Said>>): Question<Said>
}

/** Has the tests of this file run on such a gateway, each with nothing kept. Several processes are tried in processes.test.ts. */
export function useGateway(): GatewayBench {
  let data: TestDatabase
  let database: Database
  let first: Server
  let second: Server
  const replies: GatewayBench['replies'] = { first: () => ({}), second: () => ({}) }
  beforeAll(async () => {
    data = await createPglite()
    database = await openDatabase(data.config)
  })
  afterAll(async () => {
    await database.close()
    await data.remove()
  })
  beforeEach(async () => {
    const limits = ['limit_pauses', 'named_limits', 'turns']
    const tables = ['sessions', 'model_answers', 'leases', 'model_spending', ...limits]
    await empty(database.sql, ...tables)
    await createSession(database.sql, { id: 's1', question: 'Why?', settings: {} })
    replies.first = () => ({ json: { said: 'one' } })
    replies.second = () => ({ json: { said: 'two' } })
    first = await startModelServer((...seen) => replies.first(...seen))
    second = await startModelServer((...seen) => replies.second(...seen))
  })
  afterEach(async () => {
    await Promise.all([first.close(), second.close()])
  })
  const bench: GatewayBench = {
    get sql() {
      return database.sql
    },
    get first() {
      return first
    },
    get second() {
      return second
    },
    replies,
    openai: () => ({ provider: 'openai', model: 'm', apiKey: 'k', baseUrl: first.baseUrls.openai }),
    anthropic: () => ({ provider: 'anthropic', model: 'n', apiKey: 'k', baseUrl: second.baseUrls.anthropic }),
    google: () => ({ provider: 'google', model: 'g', apiKey: 'k', baseUrl: second.baseUrls.google }),
    gateway: (options = {}) =>
      createModelGateway({
        sql: database.sql,
        limits: createLimits(database.sql),
        providers: [bench.openai(), bench.anthropic()],
        ...options,
      }),
    question: (changes = {}) => ({
      prompt: { task: 'screen', version: 1, instructions: 'Judge.' },
      input: 'paper',
      answer: z.object({ said: z.string() }),
      maxOutputTokens: 100,
      session: 's1',
      ...changes,
    }),
  }
  return bench
}
