import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { type ModelReply, type SeenCall, startModelServer } from '../../test/support/model-servers.ts'
import { describeService } from '../../test/support/services.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { costOf } from '../store/model-costs.ts'
import { createSession } from '../store/sessions.ts'
import type { GatewayTask } from './gateway.process.ts'

const { service, create } = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!

describeService(service, 'gateways in several processes', () => {
  let data: TestDatabase & { config: { kind: 'postgres'; url: string } }
  let database: Database
  let server: Awaited<ReturnType<typeof startModelServer>>
  let reply: (call: SeenCall) => ModelReply | Promise<ModelReply>
  const children: ChildProcess[] = []

  beforeEach(async () => {
    data = (await create()) as typeof data
    database = await openDatabase(data.config)
    await createSession(database.sql, { id: 's1', question: 'Why?', settings: {} })
    reply = ({ messages }) => ({ json: { said: messages[0] } })
    server = await startModelServer((call) => reply(call))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await server.close()
    await database.close()
    await data.remove()
  })

  function start(inputs: string[], options: Partial<GatewayTask> = {}) {
    const child = fork(join(import.meta.dirname, 'gateway.process.ts'), { execArgv: [] })
    children.push(child)
    const providers = [
      { provider: 'openai' as const, model: 'm', apiKey: 'k', baseUrl: server.baseUrls.openai },
    ]
    const task: GatewayTask = {
      databaseUrl: data.config.url,
      providers,
      inputs,
      claimLasts: 30_000,
      ...options,
    }
    child.send(task)
    const ends = once(child, 'message').then(([message]) => message as { said?: string; code?: string }[])
    return { child, ends }
  }

  test('ask each question once', async () => {
    const inputs = Array.from({ length: 8 }, (_, index) => `question ${index}`)
    const ends = await Promise.all([start(inputs).ends, start(inputs.toReversed()).ends])
    expect(ends[0]!.map(({ said }) => said)).toEqual(inputs)
    expect(ends[1]!.map(({ said }) => said)).toEqual(inputs.toReversed())
    expect(server.calls.map(({ messages }) => messages[0]).sort()).toEqual(inputs)
    expect((await costOf(database.sql, 's1')).total).toMatchObject({ calls: 8, kept: 8 })
  })

  test('repeat only what was in flight when one was killed, and count that as spent', async () => {
    const inFlight = Promise.withResolvers<void>()
    reply = ({ messages }) => {
      if (messages[0] !== 'slow') return { json: { said: messages[0] } }
      inFlight.resolve()
      return new Promise(() => undefined)
    }
    const killed = start(['quick', 'slow'], { claimLasts: 300 })
    await inFlight.promise
    const isKept = () => database.sql.selectFrom('model_answers').select('key').execute()
    await expect.poll(isKept).toHaveLength(1)
    // The ledger is written after the answer: killed in between, the call would count as in flight.
    await expect.poll(async () => (await costOf(database.sql, 's1')).total.asking).toBe(1)
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')

    reply = ({ messages }) => ({ json: { said: messages[0] } })
    const ends = await start(['quick', 'slow'], { claimLasts: 300 }).ends
    expect(ends).toEqual([
      { said: 'quick', kept: true },
      { said: 'slow', kept: false },
    ])
    expect(server.calls.map(({ messages }) => messages[0]).sort()).toEqual(['quick', 'slow', 'slow'])
    const { total } = await costOf(database.sql, 's1')
    expect(total).toMatchObject({ calls: 3, asking: 1, kept: 1 })
    expect(total.tokens).toBeGreaterThan(total.inputTokens + total.outputTokens)
  })

  test('pass no budget together', async () => {
    const held: (() => void)[] = []
    reply = async () => {
      await new Promise<void>((resolve) => held.push(resolve))
      return { json: { said: 'x' }, inputTokens: 50, outputTokens: 100 }
    }
    const inputs = (name: string) => Array.from({ length: 10 }, (_, index) => `${name} ${index}`)
    const both = [start(inputs('a'), { sessionTokens: 1500 }), start(inputs('b'), { sessionTokens: 1500 })]
    const release = setInterval(() => held.shift()?.(), 20)
    const ends = (await Promise.all(both.map(({ ends }) => ends))).flat()
    clearInterval(release)
    const spent = (await costOf(database.sql, 's1')).total.tokens
    expect(spent).toBeLessThanOrEqual(1500)
    const answered = ends.filter(({ said }) => said !== undefined)
    expect(answered.length * 150).toBe(spent)
    expect(answered.length).toBeGreaterThan(0)
    // Who asks while calls under way may still free some waits; who asks when none are left needs a person's word.
    const others = ends.filter(({ said }) => said === undefined).map(({ code }) => code)
    expect(new Set(['waiting', ...others])).toEqual(new Set(['waiting', 'approval_required']))
    expect(others.length).toBe(20 - answered.length)
  })
})
