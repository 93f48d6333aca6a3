import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../../src/api/serve.ts'
import { type App, openApp } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import { appendEvent } from '../../src/store/events.ts'
import { changeSession, createSession } from '../../src/store/sessions.ts'
import { copyPglite, databaseKinds } from '../../test/support/databases.ts'
import type { Figure } from './figure.ts'
import type { Committed, Received, Watch } from './streams.process.ts'

const streamCount = 5_000
const seconds = 20
/** Milliseconds between appends that are due. */
const tick = 10

interface Case {
  readonly name: string
  readonly sessions: number
  /** Events a second in all sessions together. */
  readonly rate: number
}

const cases: readonly Case[] = [
  { name: '500 sessions', sessions: 500, rate: 100 },
  { name: 'one session', sessions: 1, rate: 2 },
]

/**
 * From the commit of an event to its receipt by each of 5,000 clients of one API process, which also appends the events;
 * the clients are a process of their own. Both clocks are the machine's monotonic one.
 */
export async function streams(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { kind, service, create } of await databaseKinds()) {
    if (service === undefined) continue
    for (const one of cases) {
      const folder = mkdtempSync(join(tmpdir(), 'sheaf-streams-'))
      const home = join(folder, 'home')
      const database = kind === 'postgres' ? await create() : undefined
      if (!database) await copyPglite(join(home, 'database'))
      const url = database?.config.kind === 'postgres' ? { DATABASE_URL: database.config.url } : {}
      const app = await openApp(loadConfig({ SHEAF_HOME: home, ...url }, folder))
      figures.push(...(await measure(app, `${kind}, ${one.name}`, one, figures.length === 0)))
      await app.close()
      await database?.remove()
      rmSync(folder, { recursive: true })
    }
  }
  return figures
}

async function measure(
  app: App,
  title: string,
  { sessions: count, rate }: Case,
  isFirst: boolean,
): Promise<Figure[]> {
  const { sql } = app.deployment
  const sessions = Array.from({ length: count }, (_, index) => `s${index}`)
  for (const id of sessions) {
    await createSession(sql, { id, question: 'Why?', settings: {} })
    await changeSession(sql, id, { status: 'running' })
  }
  const server = await serve(
    {
      deployment: app.deployment,
      access: app.access,
      isStopping: () => false,
      report: console.error,
    },
    { host: '127.0.0.1', port: 0 },
  )
  const client = fork(join(import.meta.dirname, 'streams.process.ts'), { execArgv: [] })
  const before = process.memoryUsage().rss
  client.send({ port: Number(new URL(server.url).port), sessions, streams: streamCount } satisfies Watch)
  await once(client, 'message')
  const memory = (process.memoryUsage().rss - before) / streamCount / 1000
  const committed = await append(app, sessions, rate)
  await sleep(3_000)
  client.send(committed)
  const [received] = (await once(client, 'message')) as [Received]
  client.kill()
  await server.close(1_000)
  const { median, p99, max, lost, repeated } = received
  return [
    { name: `${title}: events a second`, value: committed.length / seconds, unit: '' },
    { name: `${title}: receipts a second`, value: received.count / seconds, unit: '' },
    { name: `${title}: commit to receipt, median`, value: median, unit: 'ms', atMost: 100 },
    { name: `${title}: commit to receipt, 99th percentile`, value: p99, unit: 'ms', atMost: 500 },
    { name: `${title}: commit to receipt, longest`, value: max, unit: 'ms' },
    { name: `${title}: lost`, value: lost, unit: '', atMost: 0 },
    { name: `${title}: repeated`, value: repeated, unit: '', atMost: 0 },
    // Later cases use again what the first has left.
    ...(isFirst ? [{ name: 'memory of the server for each stream', value: memory, unit: 'kB' }] : []),
  ]
}

/** Appends events to the sessions in turn, at their rate, and notes when each was committed. */
async function append(app: App, sessions: readonly string[], rate: number): Promise<Committed> {
  const committed: Committed = []
  const under: Promise<void>[] = []
  const begun = performance.now()
  for (let sent = 0; sent < rate * seconds; ) {
    for (; sent < ((performance.now() - begun) / 1000) * rate; sent++) {
      const index = sent % sessions.length
      const body = { type: 'phase.progress', phase: 'read', done: sent } as const
      under.push(
        appendEvent(app.deployment.sql, sessions[index]!, body).then(({ sequence }) => {
          committed.push([index, sequence, Number(process.hrtime.bigint() / 1000n) / 1000])
        }),
      )
    }
    await sleep(tick)
  }
  await Promise.all(under)
  return committed
}
