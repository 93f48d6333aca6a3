import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyPglite, databaseKinds } from '../../test/support/databases.ts'
import { notesFolder } from '../../test/support/sheaf.ts'
import type { Busy } from './api-latency.process.ts'
import type { Figure, ScenarioOptions } from './figure.ts'

/** For how long requests are sent, and how often one, of each kind in turn. Milliseconds. */
const lasts = 20_000
const every = 40
const question = 'How are quotations matched, and what does matching miss?'

/**
 * How long requests take while reviews without a model run in the same process: none, one, four at a time, each followed by
 * another as it ends; also reviews of a larger folder, where one is given.
 */
export async function apiLatency({ folder: larger }: ScenarioOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  const folders = [notesFolder, ...(larger === undefined ? [] : [resolve(larger)])]
  for (const { kind, service, create } of await databaseKinds()) {
    if (service === undefined) continue
    for (const library of folders) {
      const folder = mkdtempSync(join(tmpdir(), 'sheaf-latency-'))
      const database = kind === 'postgres' ? await create() : undefined
      if (!database) await copyPglite(join(folder, 'home', 'database'))
      const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
      const server = fork(join(import.meta.dirname, 'api-latency.process.ts'), {
        execArgv: [],
        env: {
          ...inherited,
          SHEAF_HOME: join(folder, 'home'),
          SHEAF_REVIEWS: join(folder, 'reviews'),
          ...(database?.config.kind === 'postgres' && { DATABASE_URL: database.config.url }),
        },
      })
      const [url] = (await once(server, 'message')) as [string]
      for (const reviews of library === notesFolder ? [0, 1, 4] : [1, 4])
        figures.push(...(await measure(server, `${url}/api/v1`, { kind, library, reviews })))
      server.kill('SIGKILL')
      await once(server, 'exit')
      await database?.remove()
      rmSync(folder, { recursive: true })
    }
  }
  return figures
}

async function measure(
  server: ChildProcess,
  url: string,
  { kind, library, reviews }: { kind: string; library: string; reviews: number },
): Promise<Figure[]> {
  const settings = { analyst: 'extractive', libraryFolders: [library] }
  const send = (path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'Content-Type': 'application/json' },
    })
  const start = async (more: object = {}) => {
    const { session_id } = (await (
      await send('/sessions', { question, settings: { ...settings, ...more } })
    ).json()) as { session_id: string }
    return session_id
  }
  const waiting = await start({ reviewPlan: true })
  await busyOf(server)
  let isOver = false
  let finished = 0
  const running = Array.from({ length: reviews }, async () => {
    while (!isOver) {
      await (await fetch(`${url}/sessions/${await start()}/events`)).text()
      finished += 1
    }
  })
  const kinds = {
    'GET /sessions': () => send('/sessions'),
    'GET /sessions/{id}': () => send(`/sessions/${waiting}`),
    // It stops when its plan is made, so that it adds nearly no work.
    'POST /sessions': () => send('/sessions', { question, settings: { ...settings, reviewPlan: true } }),
  }
  const times = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]))
  const sent: Promise<void>[] = []
  const turns = Object.entries(kinds)
  for (const end = performance.now() + lasts; performance.now() < end; await sleep(every)) {
    const [name, ask] = turns[sent.length % turns.length]!
    const begun = performance.now()
    sent.push(
      ask().then(async (answer) => {
        await answer.arrayBuffer()
        if (answer.ok) times.get(name)!.push(performance.now() - begun)
      }),
    )
  }
  await Promise.all(sent)
  const { longestDelay, longestJudgement, judgement } = await busyOf(server)
  isOver = true
  await Promise.all(running)
  const title = `${kind}, ${reviews} reviews of ${basename(library) === 'pdf' ? 'the notes' : basename(library)}`
  return [
    ...[...times].flatMap(([name, taken]) => {
      const sorted = taken.toSorted((one, other) => one - other)
      return [50, 95, 99].map((share) => ({
        name: `${title}: ${name}, ${share} %`,
        value: sorted[Math.floor((sorted.length * share) / 100)] ?? Number.NaN,
        unit: 'ms',
      }))
    }),
    {
      name: `${title}: answered`,
      value: times.values().reduce((sum, one) => sum + one.length, 0),
      unit: 'requests',
    },
    { name: `${title}: reviews ended meanwhile`, value: finished, unit: '' },
    { name: `${title}: the thread was kept busy for, longest`, value: longestDelay, unit: 'ms' },
    { name: `${title}: longest judgement (${judgement})`, value: longestJudgement, unit: 'ms' },
  ]
}

async function busyOf(server: ChildProcess): Promise<Busy> {
  server.send('how busy')
  const [busy] = (await once(server, 'message')) as [Busy]
  return busy
}
