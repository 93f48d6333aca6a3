import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SheafError } from '../../errors.ts'
import { lockFolder, noteServer, serverOf } from './lock.ts'

const server = { url: 'http://127.0.0.1:4320', secret: 's'.repeat(43) }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sheaf-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Another process that takes the lock and says 'held', or the code of the error, then stays. */
async function locker(path = folder) {
  const child = fork(join(import.meta.dirname, 'lock.process.ts'), [path], { execArgv: [] })
  const [answer] = (await once(child, 'message')) as [string]
  return { child, answer, kill: async () => child.kill('SIGKILL') && once(child, 'exit') }
}

function failureOf(work: () => unknown): SheafError {
  try {
    work()
  } catch (thrown) {
    if (SheafError.isInstance(thrown)) return thrown
    throw thrown
  }
  throw new Error('It did not fail.')
}

describe('the lock of a data folder', () => {
  test('is refused while another process holds it, naming that one', async () => {
    const other = await locker()
    expect(other.answer).toBe('held')
    const failure = failureOf(() => lockFolder(folder))
    expect(failure.code).toBe('locked')
    expect(failure.message).toContain(`process ${other.child.pid} since 20`)
    await other.kill()
  })

  test('is free as soon as its holder was killed, whatever that one left behind', async () => {
    const other = await locker()
    await other.kill()
    expect(existsSync(join(folder, 'holder.json'))).toBe(true)
    lockFolder(folder).release()
  })

  test('is taken although the number noted belongs to a process that runs', () => {
    writeFileSync(
      join(folder, 'holder.json'),
      JSON.stringify({ pid: process.pid, since: '2020-01-01T00:00:00Z' }),
    )
    lockFolder(folder).release()
  })

  test('is had by one of many that start at once, also after a kill', async () => {
    const first = await locker()
    await first.kill()
    const starters = await Promise.all(Array.from({ length: 4 }, () => locker()))
    expect(starters.map(({ answer }) => answer).sort()).toEqual(['held', ...Array(3).fill('locked')])
    await Promise.all(starters.map((starter) => starter.kill()))
  })

  test('is not had twice within a process', () => {
    const lock = lockFolder(folder)
    expect(failureOf(() => lockFolder(folder)).code).toBe('locked')
    lock.release()
    lock.release()
    lockFolder(folder).release()
    expect(readdirSync(folder)).toEqual(['sheaf.lock'])
  })

  test('does not trust what stands in the note', async () => {
    const other = await locker()
    writeFileSync(join(folder, 'holder.json'), '{"pid":"\u001b[31m"')
    const failure = failureOf(() => lockFolder(folder))
    expect(failure.message).toBe(`The data folder ${folder} is in use by another process.`)
    await other.kill()
  })

  test('says where its holder serves, until it does no more', () => {
    const lock = lockFolder(folder)
    expect(serverOf(folder)).toBeUndefined()
    noteServer(folder, server)
    expect(serverOf(folder)).toEqual({ pid: process.pid, ...server })
    expect(statSync(join(folder, 'holder.json')).mode & 0o777).toBe(0o600)
    noteServer(folder, undefined)
    expect(serverOf(folder)).toBeUndefined()
    noteServer(folder, server)
    lock.release()
    expect(serverOf(folder)).toBeUndefined()
  })

  test('what a killed server noted is gone as soon as somebody else holds the folder', () => {
    const note = { pid: 1, since: '2020-01-01T00:00:00Z', server }
    writeFileSync(join(folder, 'holder.json'), JSON.stringify(note), { mode: 0o600 })
    const lock = lockFolder(folder)
    expect(serverOf(folder)).toBeUndefined()
    lock.release()
  })

  test.each([
    'http://192.0.2.1:4320',
    'http://localhost.example:4320',
    'http://127.0.0.1.example:4320',
    'http://127.0.0.1:4320/elsewhere',
    'http://127.0.0.1:4320@192.0.2.1',
    'https://127.0.0.1:4320',
    'file:///etc/passwd',
    'http://[::ffff:192.0.2.1]:4320',
    'no address',
  ])('does not lead to %s, and still names its holder', (url) => {
    const lock = lockFolder(folder)
    const note = { pid: 7, since: '2020-01-01T00:00:00Z', server: { ...server, url } }
    writeFileSync(join(folder, 'holder.json'), JSON.stringify(note), { mode: 0o600 })
    expect(serverOf(folder)).toBeUndefined()
    expect(failureOf(() => lockFolder(folder)).message).toContain('process 7')
    lock.release()
  })

  test('a note that others could have written, or read, leads nowhere', () => {
    const lock = lockFolder(folder)
    noteServer(folder, server)
    chmodSync(join(folder, 'holder.json'), 0o640)
    expect(serverOf(folder)).toBeUndefined()
    lock.release()
  })

  test('a path that is no folder cannot be used', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(failureOf(() => lockFolder(join(folder, 'file'))).code).toBe('store_unavailable')
    expect(failureOf(() => lockFolder(join(folder, 'file', 'below'))).code).toBe('store_unavailable')
  })
})
