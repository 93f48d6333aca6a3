import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createPglite } from '../../test/support/databases.ts'
import { empty } from '../../test/support/empty.ts'
import { type ModelReply, startModelServer } from '../../test/support/model-servers.ts'
import { ElsewhereError } from '../errors.ts'
import { createLimits } from '../limits/database-limits.ts'
import { onJourney } from '../regions/journey.ts'
import { regionOf } from '../regions/regions.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createSession } from '../store/sessions.ts'
import { createModelGateway } from './create-gateway.ts'

const bindings = { 'openai/m': 'eu', 'anthropic/n': 'us' }
let data: Awaited<ReturnType<typeof createPglite>>
let database: Database
let first: Awaited<ReturnType<typeof startModelServer>>
let second: Awaited<ReturnType<typeof startModelServer>>
let firstSays: ModelReply
let secondSays: ModelReply

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
  firstSays = { json: { said: 'one' } }
  secondSays = { json: { said: 'two' } }
  first = await startModelServer(() => firstSays)
  second = await startModelServer(() => secondSays)
})
afterEach(async () => {
  await Promise.all([first.close(), second.close()])
})

/** Asks as a job does that is in a region, of which all are at work; says where it has to go on, or what it was told. */
async function ask(here: string, passed: ElsewhereError['passed'] = {}) {
  const gateway = createModelGateway({
    sql: database.sql,
    limits: createLimits(database.sql),
    providers: [
      { provider: 'openai', model: 'm', apiKey: 'k', baseUrl: first.baseUrls.openai },
      { provider: 'anthropic', model: 'n', apiKey: 'k', baseUrl: second.baseUrls.anthropic },
    ],
    regions: {
      placeOf(asked) {
        const region = regionOf(bindings, asked)
        return region === undefined ? undefined : { region, isHere: region === here }
      },
    },
  })
  const question = {
    prompt: { task: 'screen', version: 1, instructions: 'Judge.' },
    input: 'paper',
    answer: z.object({ said: z.string() }),
    maxOutputTokens: 100,
    session: 's1',
  }
  try {
    const { value } = await onJourney({ job: 'j', queue: 'analysis', passed }, () => gateway.ask(question))
    return value.said
  } catch (thrown) {
    if (ElsewhereError.isInstance(thrown)) return thrown
    throw thrown
  }
}

test('a model is asked in its region, and its answer is known everywhere', async () => {
  expect(await ask('us')).toMatchObject({ region: 'eu', passed: {} })
  expect(first.calls).toHaveLength(0)
  expect(await ask('eu')).toBe('one')
  expect(await ask('us')).toBe('one')
  expect(first.calls).toHaveLength(1)
  expect(second.calls).toHaveLength(0)
})

test('one that fails there is followed by the next in its own, and not gone back to', async () => {
  firstSays = { status: 401, body: { error: { message: 'Bad key.' } } }
  const sent = await ask('eu')
  expect(sent).toMatchObject({ region: 'us', passed: { 'openai/m': { kind: 'misconfigured' } } })
  expect(await ask('us', (sent as ElsewhereError).passed)).toBe('two')
  expect(first.calls).toHaveLength(1)
})

test('it is gone back to when that has been long ago', async () => {
  expect(await ask('us', { 'openai/m': { until: Date.now() - 1, kind: 'passing' } })).toMatchObject({
    region: 'eu',
  })
})

test('where none gives an answer, it is said as if all had been asked in one place', async () => {
  firstSays = { status: 401, body: { error: { message: 'Bad key.' } } }
  secondSays = { status: 401, body: { error: { message: 'Bad key too.' } } }
  const { passed } = (await ask('eu')) as ElsewhereError
  await expect(ask('us', passed)).rejects.toMatchObject({ code: 'invalid_input' })
})
