// Does what the Dockerfile does in a folder, for machines without a builder of images: copies what it copies, runs its npm ci, and
// starts its command as a user that can write the data folder alone. npm run test:image
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseKinds } from '../support/databases.ts'
import { freePort, unprivileged } from '../support/servers.ts'
import { root, textOf } from './manifests.ts'

const dockerfile = textOf('Dockerfile').replaceAll('\\\n', ' ')
const leftOut = textOf('.dockerignore')
  .split('\n')
  .flatMap((line) => (line.startsWith('**/*') ? [line.slice('**/*'.length)] : []))
const scratch = mkdtempSync(join(tmpdir(), 'sheaf-image-'))
const program = join(scratch, 'program')
const data = join(scratch, 'data')
const [, postgres] = await databaseKinds()
assert(postgres?.service, 'A Postgres is needed: set DATABASE_URL.')
const database = await postgres.create()
let server: ChildProcess | undefined
assert(database.config.kind === 'postgres')
try {
  for (const [, sources = '', target = ''] of dockerfile.matchAll(/^COPY (?!--)(.+) (\S+)$/gm))
    for (const source of sources.split(' ')) {
      const into = target.endsWith('/') ? join(program, target, source) : join(program, target)
      mkdirSync(dirname(into), { recursive: true })
      cpSync(join(root, source), into, {
        recursive: true,
        filter: (path) => !leftOut.some((ending) => path.endsWith(ending)),
      })
    }
  const [, install = ''] = /^RUN (npm ci .+)$/m.exec(dockerfile) ?? []
  const installed = spawnSync('sh', ['-c', install], { cwd: program, encoding: 'utf8' })
  assert.equal(installed.status, 0, installed.stderr)
  spawnSync('chmod', ['-R', 'a-w,a+rX', program])
  chmodSync(scratch, 0o755)
  mkdirSync(data)
  const asUser = unprivileged(data) ?? []

  const [api, metrics] = [await freePort(), await freePort()]
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.config.url,
    SHEAF_HOME: data,
    SHEAF_REVIEWS: join(data, 'reviews'),
    SHEAF_METRICS: `127.0.0.1:${metrics}`,
    NODE_ENV: 'production',
    SHEAF_REQUIRE_LOGIN: 'true',
  }
  const words = (instruction: string): string[] =>
    JSON.parse(new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile)?.[1] ?? '[]')
  const here = (word: string) =>
    word
      .replace('/opt/sheaf', program)
      .replace(/^4320$/, String(api))
      .replace(/^node$/, process.execPath)
  const command = [...asUser, ...words('ENTRYPOINT').map(here), ...words('CMD').map(here)]
  server = spawn(command[0]!, command.slice(1), {
    cwd: program,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(server, 'exit')

  const [probe = ''] = /deploy\/\S+\.mjs/.exec(words('HEALTHCHECK .* CMD').join(' ')) ?? []
  const check = () => spawnSync(process.execPath, [join(program, probe)], { env }).status
  for (let attempt = 0; check() !== 0; attempt += 1) {
    assert(attempt < 60 && server.exitCode === null, 'It did not come to life.')
    await sleep(500)
  }
  for (const path of ['livez', 'readyz', 'metrics'])
    assert.equal((await fetch(`http://127.0.0.1:${metrics}/${path}`)).status, 200, path)
  assert.equal((await fetch(`http://127.0.0.1:${api}/readyz`)).status, 200)
  assert.equal((await fetch(`http://127.0.0.1:${api}/api/v1/sessions`)).status, 401)
  const touch = [...asUser, 'touch', join(program, 'src', 'written')]
  if (asUser.length > 0) assert.notEqual(spawnSync(touch[0]!, touch.slice(1)).status, 0)
  server.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  assert.equal(check(), 1)
  console.log(
    'The image’s steps give a program that runs, is healthy, needs no rights, and ends when told to.',
  )
} finally {
  server?.kill('SIGKILL')
  spawnSync('chmod', ['-R', 'u+w', scratch])
  rmSync(scratch, { recursive: true, force: true })
  await database.remove()
}
