import { spawn, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe } from 'vitest'
import { answersPostgres, answersRedis, freePort, unprivileged } from './servers.ts'

/** `describe` for tests of a service: skipped by name where there is none, failing where everything is asked for. */
export function describeService(service: string | undefined, name: string, tests: () => void): void {
  if (service !== undefined || process.env.SHEAF_REQUIRE_SERVICES === '1') describe(name, tests)
  else describe.skip(`${name} (needs the service)`, tests)
}

let postgres: Promise<string | undefined> | undefined
let redis: Promise<string | undefined> | undefined

/** URL of a PostgreSQL server whose user may create databases: DATABASE_URL, the local one, or one of our own. */
export function postgresUrl(): Promise<string | undefined> {
  postgres ??= findPostgres()
  return postgres
}

/** URL of a Redis server: REDIS_URL or one of our own, so that nobody's data is touched unasked. */
export function redisUrl(): Promise<string | undefined> {
  redis ??= findRedis()
  return redis
}

async function findPostgres(): Promise<string | undefined> {
  const given = process.env.DATABASE_URL
  if (given !== undefined) return given
  const local = 'postgres://postgres@localhost:5432/postgres'
  if (await answersPostgres(local)) return local
  const server = findProgram('postgres', ['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql*/bin'])
  return server === undefined ? undefined : startPostgres(dirname(server))
}

async function findRedis(): Promise<string | undefined> {
  const given = process.env.REDIS_URL
  if (given !== undefined) return given
  const server =
    findProgram('redis-server', ['/opt/homebrew/bin']) ?? findProgram('valkey-server', ['/opt/homebrew/bin'])
  if (server === undefined) return undefined
  const port = await freePort()
  start([server, '--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], tmpdir())
  return until(`redis://127.0.0.1:${port}`, answersRedis)
}

async function startPostgres(bin: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-postgres-'))
  const asUser = unprivileged(folder)
  if (asUser === undefined) return undefined
  const [program = '', ...before] = [...asUser, join(bin, 'initdb')]
  const made = spawnSync(program, [...before, '-D', folder, '-U', 'postgres', '-A', 'trust', '-N'])
  if (made.status !== 0) return undefined
  const port = await freePort()
  const options = ['-p', `${port}`, '-k', folder, '-h', '127.0.0.1', '-c', 'fsync=off']
  start([...asUser, join(bin, 'postgres'), '-D', folder, ...options], folder)
  return until(`postgres://postgres@127.0.0.1:${port}/postgres`, answersPostgres)
}

/** Runs a server that ends with us, however we end: its keeper waits for the end of a pipe that only we hold. */
function start(command: readonly string[], folder: string): void {
  const keeper = '"$@" >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -9 $server'
  const clean = folder === tmpdir() ? '' : '; wait; rm -rf "$FOLDER"'
  const child = spawn('sh', ['-c', keeper + clean, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { ...process.env, FOLDER: folder },
  })
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
}

/** Where a program lies: on the path, or in one of the folders it usually is in. */
export function findProgram(name: string, usualFolders: readonly string[] = []): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  const usual = globSync(usualFolders.map((folder) => join(folder, name)))
  // A wrapper on the path may not have initdb beside it.
  const candidates = name === 'postgres' ? [...usual, ...onPath] : [...onPath, ...usual]
  return candidates.find(
    (path) => existsSync(path) && (name !== 'postgres' || existsSync(join(dirname(path), 'initdb'))),
  )
}

async function until(url: string, answers: (url: string) => Promise<boolean>): Promise<string | undefined> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(url)) return url
    await setTimeout(100)
  }
  return undefined
}
