import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { questions } from '../../lab/corpus/questions.ts'
import { type DeploymentUnderTest, deploy } from '../../test/support/deployment.ts'
import { type OwnServer, startPostgres, startRedis } from '../../test/support/servers.ts'
import { type LabProcess, startLabProcess } from './lab.ts'

/** Sizes of a deployment, as docs/architecture.md has them. */
export type Size = 'laptop' | 'cluster'

/** A deployment that is measured. */
export interface Stage extends AsyncDisposable {
  readonly sheaf: DeploymentUnderTest
  readonly lab: LabProcess
  /** Starts the processes: one for a laptop, else an API and so many workers. */
  start(workers: number, ...words: string[]): Promise<void>
  /** Starts so many reviews of so many papers, each with a question of its own. */
  begin(reviews: number, papers: number): Promise<string[]>
  /** Resolves when all have ended, with how; calls back in between. */
  ended(ids: readonly string[], look?: () => Promise<void>): Promise<Record<string, number>>
  /** Where its Postgres is; undefined on a laptop. */
  readonly databaseUrl: string | undefined
  /** Resident memory of every process of Sheaf now, in MiB. */
  memory(): number[]
  /** Processor time that every process of Sheaf has used since it started, in seconds. */
  processorTime(): number
}

/** Topics on which the simulated services find something with the words of their question. */
const topics = questions.filter(({ question }) => !/microplastics|graph neural/i.test(question))
/** Milliseconds between looks at reviews under way. */
const looksEvery = 500

let asked = 0
/** A question that no review of this run has asked, so that no answer of a model is used twice. */
export function nextQuestion(): string {
  const number = asked
  asked += 1
  return `${topics[number % topics.length]!.question} (${Math.floor(number / topics.length) + 1})`
}

/** Opens servers, laboratory and deployment. */
export async function openStage(
  size: Size,
  { hosts = 40, papers = 40_000, environment = {} } = {},
): Promise<Stage> {
  const parts = new AsyncDisposableStack()
  const lab = parts.use(await startLabProcess({ hosts, papers }))
  const own: Record<string, string> = {}
  let postgres: OwnServer | undefined
  if (size === 'cluster') {
    postgres = parts.use(await startPostgres({ connections: 400 }))
    const redis = parts.use(await startRedis({ durable: false }))
    Object.assign(own, { DATABASE_URL: postgres.url, REDIS_URL: redis.url, SHEAF_DATABASE_CONNECTIONS: '20' })
  }
  const sheaf = parts.use(
    deploy({
      ...lab.environment,
      ...own,
      SHEAF_READER_THREADS: '1',
      SHEAF_RUNNING_SESSIONS: '1000',
      SHEAF_USER_REQUESTS: '1000000',
      ...environment,
    }),
  )
  return {
    sheaf,
    lab,
    async start(workers, ...words) {
      if (size === 'laptop') await sheaf.serve()
      else {
        await sheaf.serve('--workers', '0')
        for (let count = 0; count < workers; count += 1) await sheaf.worker(...words)
      }
    },
    async begin(reviews, most) {
      const ids: string[] = []
      const settings = { sources: ['openalex'], maxRecords: most * 2, maxPapers: most, analyst: 'model' }
      for (let count = 0; count < reviews; count += 1)
        ids.push(await sheaf.review({ question: nextQuestion(), settings }))
      return ids
    },
    async ended(ids, look) {
      const left = new Set(ids)
      const outcomes: Record<string, number> = {}
      while (left.size > 0) {
        await sleep(looksEvery)
        await look?.()
        for (const status of ['finished', 'failed', 'cancelled', 'waiting'])
          for (const id of await listed(sheaf, status))
            if (left.delete(id)) outcomes[status] = (outcomes[status] ?? 0) + 1
      }
      return outcomes
    },
    databaseUrl: postgres?.url,
    memory: () => [...sheaf.parts].map(({ child }) => residentOf(child.pid!)),
    processorTime: () => [...sheaf.parts].reduce((sum, { child }) => sum + processorTimeOf(child.pid!), 0),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function listed(sheaf: DeploymentUnderTest, status: string): Promise<string[]> {
  const ids: string[] = []
  for (let after = ''; ; ) {
    const page = (await sheaf.request(
      `/sessions?status=${status}&limit=200${after && `&after=${after}`}`,
    )) as {
      items: { id: string }[]
      next?: string
    }
    ids.push(...page.items.map(({ id }) => id))
    if (page.next === undefined) return ids
    after = page.next
  }
}

/** Linux: the line VmRSS of /proc/PID/status, in kB. */
function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Linux: user and system time are fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms; the name before them may hold spaces. */
function processorTimeOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** Linux: seconds that all cores together were not idle since the machine started, by the first line of /proc/stat. */
export function busyTime(): number {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/)
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = ticks.map(Number)
  return (user + nice + system + interrupts + softInterrupts) / 100
}

/** Seconds that each phase took of a session, by its events; phases that overlap each count whole. */
export async function phaseSeconds(
  sheaf: DeploymentUnderTest,
  session: string,
): Promise<Map<string, number>> {
  const started = new Map<string, number>()
  const seconds = new Map<string, number>()
  for (let after = '0'; ; ) {
    const page = (await sheaf.request(`/sessions/${session}/events?after=${after}&limit=200`, {
      headers: { accept: 'application/json' },
    })) as { items: { at: string; body: { type: string; phase?: string } }[]; next?: string }
    for (const { at, body } of page.items) {
      const time = Date.parse(at) / 1_000
      if (body.type === 'session.created') started.set('total', time)
      if (body.type === 'session.finished') seconds.set('total', time - started.get('total')!)
      if (body.type === 'phase.started') started.set(body.phase!, time)
      if (body.type === 'phase.finished') seconds.set(body.phase!, time - (started.get(body.phase!) ?? time))
    }
    if (page.next === undefined) return seconds
    after = page.next
  }
}

/** Rows of the deployment's Postgres. */
export async function rowsOf<Row>(url: string, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement, values)).rows
  } finally {
    await client.end()
  }
}
