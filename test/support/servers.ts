import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'

/** A server of a test's own, that it may break. */
export interface OwnServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly folder: string
  /** Ends it, by default as a machine does that fails. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

interface Program {
  readonly folder: string
  readonly port: number
  readonly url: string
  command(): readonly string[]
  answers(): Promise<boolean>
  readonly stopSignal: NodeJS.Signals
}

/** A test that ends early must not leave them behind. */
const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

async function run({ folder, port, url, command, answers, stopSignal }: Program): Promise<OwnServer> {
  let child: ChildProcess | undefined
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    ending.kill(signal)
    await once(ending, 'exit')
  }
  const start = async () => {
    const [program = '', ...words] = command()
    child = spawn(program, words, { stdio: 'ignore' })
    started.add(child)
    for (let attempt = 0; attempt < 300; attempt += 1) {
      if (await answers()) return
      await sleep(50)
    }
    throw new Error(`${program} did not start on port ${port}.`)
  }
  await start()
  return {
    url,
    port,
    folder,
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop(stopSignal)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a Redis of one's own; what it is told is on disk at once when it is `durable`, and otherwise nowhere. */
export async function startRedis({
  durable = true,
  words = [],
  port: given,
}: {
  durable?: boolean
  words?: readonly string[]
  port?: number
} = {}): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-redis-'))
  const port = given ?? (await freePort())
  const kept = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
  const usual = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ]
  return run({
    folder,
    port,
    url: `redis://127.0.0.1:${port}`,
    command: () => ['redis-server', ...usual, ...kept, ...words],
    answers: () => answersRedis(`redis://127.0.0.1:${port}`),
    stopSignal: 'SIGKILL',
  })
}

/** Starts a sentinel that watches the server on a port under the name `main`. */
export async function startSentinel(watched: number, quorum: number): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-sentinel-'))
  const port = await freePort()
  const file = join(folder, 'sentinel.conf')
  writeFileSync(
    file,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor main 127.0.0.1 ${watched} ${quorum}`,
      'sentinel down-after-milliseconds main 1500',
      'sentinel failover-timeout main 6000',
      'sentinel parallel-syncs main 1',
    ].join('\n'),
  )
  chmodSync(file, 0o600)
  return run({
    folder,
    port,
    url: `redis://127.0.0.1:${port}`,
    command: () => ['redis-server', file, '--sentinel'],
    answers: () => answersRedis(`redis://127.0.0.1:${port}`),
    stopSignal: 'SIGKILL',
  })
}

/** Whether a Redis answers. */
export async function answersRedis(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null, connectTimeout: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

/** Starts a PostgreSQL of one's own, which writes to disk before it says so. `data` is a folder to keep its data in. */
export async function startPostgres({
  connections = 200,
  data,
}: {
  connections?: number
  data?: string
} = {}): Promise<OwnServer> {
  const [bin] = globSync('/usr/lib/postgresql/*/bin/postgres').sort().toReversed()
  if (bin === undefined) throw new Error('There is no PostgreSQL here.')
  const folder = mkdtempSync(join(data ?? tmpdir(), 'sheaf-postgres-'))
  const asUser = unprivileged(folder)
  if (asUser === undefined) throw new Error('There is no user that PostgreSQL could run as.')
  const [program = '', ...words] = [...asUser, join(dirname(bin), 'initdb')]
  const made = spawnSync(program, [...words, '-D', folder, '-U', 'postgres', '-A', 'trust', '-N'])
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const options = ['-p', `${port}`, '-k', folder, '-h', '127.0.0.1', '-c', `max_connections=${connections}`]
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  return run({
    folder,
    port,
    url,
    // It must be the program itself that is signalled.
    command: () => [...asUser, bin, '-D', folder, ...options],
    answers: () => answersPostgres(url),
    stopSignal: 'SIGINT',
  })
}

/**
 * What makes a program run as a user that owns nothing else, but for a folder: PostgreSQL refuses to run as root. Undefined where there
 * is no such user.
 */
export function unprivileged(folder: string): string[] | undefined {
  if (userInfo().uid !== 0) return []
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, user]).stdout))
    if (uid === undefined || gid === undefined || !(uid > 0) || Number.isNaN(gid)) continue
    chownSync(folder, uid, gid)
    return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  }
  return undefined
}

/** Whether a PostgreSQL answers. */
export async function answersPostgres(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
