import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { questions } from '../../lab/corpus/questions.ts'
import { sessionEventBodySchema } from '../../src/contract/events.ts'
import { type DeploymentUnderTest, deploy, type Part } from '../support/deployment.ts'
import { type Laboratory, startLaboratory } from '../support/laboratory.ts'

/** What a fault is tried on. */
export interface Trial extends AsyncDisposable {
  readonly lab: Laboratory
  readonly sheaf: DeploymentUnderTest
  readonly database: pg.Pool
  readonly sessions: string[]
  /** Starts so many reviews, no two with the same question. */
  begin(count: number): Promise<void>
  /** Resolves when so large a share of the reviews have ended. */
  until(share: number): Promise<void>
  /** Kills a process without warning, notes the calls of models that were under way, and resolves with it gone. */
  kill(part: Part): Promise<void>
  /** Stops a process where it is, notes the same, and resolves with the function that lets it go on. */
  freeze(part: Part): Promise<() => void>
  /** Calls of models that were under way at a kill: their answers may have died with who asked. */
  underWay(): number
  /** Seconds from each kill until a task that was begun by then was begun again, by a process that lives. */
  recoveries(): readonly number[]
  /** What is wrong once all has ended, as sentences. */
  faults(options?: { mayFail?: boolean }): Promise<string[]>
}

/** Reviews of a trial: small, but with every phase, and asking a model. */
const settings = { sources: ['openalex'], maxRecords: 10, maxPapers: 4, analyst: 'model' }
/** Milliseconds that all reviews of a trial may take, and between looks. */
const patience = 600_000
const looksEvery = 250

/** Topics on which the simulated services find something with the words of their question. */
const found = questions.filter(({ question }) => !/microplastics|graph neural/i.test(question))

/** A question that no other review of a trial asks. */
export function questionNumber(index: number): string {
  return `${found[index % found.length]!.question} (${Math.floor(index / found.length) + 1})`
}

/** Starts a laboratory and a deployment on servers of one's own, without processes yet. */
export async function openTrial({
  databaseUrl,
  redisUrl,
  environment = {},
}: {
  databaseUrl: string
  redisUrl?: string | undefined
  environment?: NodeJS.ProcessEnv
}): Promise<Trial> {
  const lab = await startLaboratory({
    scholarly: { politeHosts: 30, hostTerms: { within: 300 } },
    // Without mistakes of their own, whose mending is paid a second time on purpose.
    models: { latency: { firstToken: 200, perToken: 1, spread: 0.3 }, faults: { wrong: 0 } },
  })
  const sheaf = deploy({
    ...lab.withModels('openai'),
    SHEAF_READER_THREADS: '1',
    SHEAF_DATABASE_CONNECTIONS: '12',
    OPENALEX_API_KEY: 'lab-key',
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...environment,
  })
  const database = new pg.Pool({ connectionString: databaseUrl, max: 3 })
  // A server that is stopped on purpose takes its idle connections along.
  database.on('error', () => undefined)
  const sessions: string[] = []
  const times: number[] = []
  let underWay = 0

  async function rows<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await database.query(statement, values)).rows
      } catch (thrown) {
        if (attempt === 120) throw thrown
        await sleep(500)
      }
    }
  }

  const begunTasks = () =>
    rows<{ name: string; started: number; over: boolean }>(
      `select session || ' ' || key as name, started, finished_at is not null as over from sheaf.tasks where started > 0`,
    )

  /** Looks, after a kill, when each task that was under way is begun again; those finished first were another's. */
  async function watchRecovery(): Promise<void> {
    const killedAt = performance.now()
    const before = new Map(
      (await begunTasks()).filter(({ over }) => !over).map(({ name, started }) => [name, started]),
    )
    while (before.size > 0 && performance.now() - killedAt < 60_000) {
      await sleep(looksEvery)
      for (const { name, started, over } of await begunTasks()) {
        const was = before.get(name)
        if (was === undefined || (started === was && !over)) continue
        before.delete(name)
        if (started > was) times.push((performance.now() - killedAt) / 1_000)
      }
    }
  }
  const watches: Promise<void>[] = []

  async function noteUnderWay(): Promise<void> {
    const [{ asking } = { asking: 0 }] = await rows<{ asking: number }>(
      `select count(*)::int as asking from sheaf.model_calls where outcome = 'asking'`,
    )
    underWay += asking
  }

  return {
    lab,
    sheaf,
    database,
    sessions,
    async begin(count) {
      const first = sessions.length
      for (let index = first; index < first + count; index += 1)
        sessions.push(await sheaf.review({ question: questionNumber(index), settings }))
    },
    async until(share) {
      const deadline = performance.now() + patience
      for (;;) {
        const [{ ended } = { ended: 0 }] = await rows<{ ended: number }>(
          `select count(*)::int as ended from sheaf.sessions where finished_at is not null`,
        )
        if (ended >= share * sessions.length) return
        if (performance.now() > deadline) return
        await sleep(looksEvery)
      }
    },
    async kill(part) {
      await sheaf.end(part, 'SIGKILL')
      await noteUnderWay()
      watches.push(watchRecovery())
    },
    async freeze({ child }) {
      child.kill('SIGSTOP')
      await noteUnderWay()
      return () => child.kill('SIGCONT')
    },
    underWay: () => underWay,
    recoveries: () => times,
    async faults({ mayFail = false } = {}) {
      await Promise.all(watches)
      const wrong: string[] = []
      const stored = await rows<{ id: string; question: string; status: string; error: unknown }>(
        'select id, question, status, error from sheaf.sessions',
      )
      const known = new Map(stored.map((session) => [session.id, session]))
      for (const id of sessions) {
        const session = known.get(id)
        if (session?.status === 'finished' || (mayFail && session?.status === 'failed' && session.error))
          continue
        wrong.push(
          `${id} (${session?.question}) was accepted and is ${session?.status ?? 'lost'}: ${JSON.stringify(session?.error)}`,
        )
      }
      wrong.push(...(await wrongEvents(rows)), ...(await unfinishedTasks(rows)), ...lab.offences())
      const { paidTwice, paidAgain } = lab.models.calls()
      if (paidTwice > underWay)
        wrong.push(
          `${paidTwice} calls were paid twice, ${underWay} under way at a kill: ${JSON.stringify(paidAgain)}`,
        )
      return wrong
    },
    async [Symbol.asyncDispose]() {
      await sheaf[Symbol.asyncDispose]()
      await database.end()
      await lab[Symbol.asyncDispose]()
    },
  }
}

type Rows = <Row>(statement: string, values?: unknown[]) => Promise<Row[]>

/** Events of each session are numbered from 1 without a gap, tell each phase's end once, and end with one end. */
async function wrongEvents(rows: Rows): Promise<string[]> {
  const wrong: string[] = []
  const events = await rows<{ session: string; sequence: number; body: unknown }>(
    'select session, sequence, body from sheaf.events order by session, sequence',
  )
  for (const [session, own] of Map.groupBy(events, (event) => event.session)) {
    const gap = own.findIndex(({ sequence }, index) => sequence !== index + 1)
    if (gap >= 0) wrong.push(`${session} has no event ${gap + 1}`)
    const said = own.map(({ body }) => sessionEventBodySchema.parse(body))
    const names = said.map((body) => ('phase' in body ? `${body.type} ${body.phase}` : body.type))
    const once = names.filter((name) => /^(phase\.(started|finished)|session\.)/.test(name))
    const twice = once.filter((name, index) => once.indexOf(name) !== index)
    if (twice.length > 0) wrong.push(`${session} says twice: ${twice.join(', ')}`)
    if (!/^session\.(finished|failed)$/.test(names.at(-1) ?? ''))
      wrong.push(`${session} ends with ${names.at(-1)}`)
  }
  return wrong
}

async function unfinishedTasks(rows: Rows): Promise<string[]> {
  const left = await rows<{ session: string; key: string }>(
    `select session, key from sheaf.tasks join sheaf.sessions on id = session
     where status = 'finished' and tasks.finished_at is null`,
  )
  return left.map(({ session, key }) => `${session} is finished, its task ${key} is not`)
}

/** The middle one; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]
}

/** What went wrong, on standard output, and the last words of each process. */
export function tell(trial: Trial, wrong: readonly string[]): void {
  for (const fault of wrong.slice(0, 20)) process.stdout.write(`  ${fault}\n`)
  if (wrong.length === 0) return
  for (const { words, output } of trial.sheaf.parts)
    process.stdout.write(`  -- ${words.join(' ')}\n${output().slice(-1_500)}\n`)
}
