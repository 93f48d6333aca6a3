import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databaseFolder } from '../../src/config.ts'
import { lockFolder, noteServer, serverOf } from '../../src/store/pglite/lock.ts'
import { createPlace, type Ended, eventsIn, notesFolder, type Place, type Running } from '../support/sheaf.ts'

const question = 'How are quotations matched, and what does matching miss?'

/** Starts a server on a place's data folder; resolves when commands can reach it. It ends with its test. */
async function serve(place: Place): Promise<Running> {
  const server = place.start(['serve', '--port', '0'])
  onTestFinished(() => void server.process.kill('SIGKILL'))
  await server.until(/Sheaf serves on/)
  return server
}

async function stop(server: Running, signal: NodeJS.Signals): Promise<void> {
  server.process.kill(signal)
  await server.ended
}

/** What a command says, without what differs between two runs: places, sessions' names, times. */
function masked({ code, stdout, stderr }: Ended, { folder }: Place) {
  const mask = (text: string) =>
    text
      .replaceAll(folder, 'FOLDER')
      .replace(/\b[0-9a-hj-km-np-tv-z]{7}-[0-9a-hj-km-np-tv-z]{4}\b/g, 'SESSION')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z)?/g, 'TIME')
  return { code, stdout: mask(stdout), stderr: mask(stderr) }
}

test('commands say the same through a server as without one, and leave the same files', async () => {
  using alone = await createPlace()
  using served = await createPlace()
  const server = await serve(served)
  const places = [alone, served] as const
  /** Gives the same command in both places; returns what it said, after it was seen to be the same. */
  const both = async (words: (place: Place) => readonly string[], input = '') => {
    const ends = await Promise.all(places.map((place) => place.start(words(place), {}, input).ended))
    const [without, through] = ends.map((end, index) => masked(end, places[index]!))
    expect(through, words(served).join(' ')).toEqual(without)
    return ends
  }
  const same = async (code: number, ...words: string[]) => {
    const ends = await both(() => words)
    expect([words, ends[1]!.code]).toEqual([words, code])
    return ends[1]!
  }

  for (const { folder } of places) {
    mkdirSync(join(folder, 'papers'))
    for (const note of readdirSync(notesFolder).slice(0, 3))
      copyFileSync(join(notesFolder, note), join(folder, 'papers', note))
  }
  await same(0, 'library', 'add', 'papers')
  await same(0, 'research', question, '--dry-run')
  const asked = await same(10, 'research', question, '-o', 'review', '--review', 'plan', '--quiet')
  expect(asked.stderr).toContain('The plan waits for you')

  const sessions = new Map<Place, string>()
  const lists = await both(() => ['sessions', 'list', '--json'])
  for (const [index, place] of places.entries()) {
    const [{ id, plan }] = JSON.parse(lists[index]!.stdout)
    sessions.set(place, id)
    writeFileSync(join(place.folder, 'plan.json'), JSON.stringify({ ...plan, researchQuestions: ['Mine?'] }))
  }
  const about = async (code: number, words: string[], options: string[] = [], input = '') => {
    const ends = await both((place) => [...words, sessions.get(place)!, ...options], input)
    expect([words, ends[1]!.code]).toEqual([words, code])
    return ends[1]!
  }
  await about(0, ['sessions', 'approve'], ['--plan', 'plan.json', '--quiet'])
  await about(0, ['sessions', 'show'])
  await about(0, ['cost'], ['--json'])
  const keys = ['i', 'u', 'i', 'r', 'not on this', 'e', 'q'].join('\n')
  const taught = await about(0, ['screen'], ['--quiet'], keys)
  expect(taught.stderr).toContain('probably')
  for (const file of readdirSync(join(alone.folder, 'review')).filter((name) => name !== 'manifest.json')) {
    const [without, through] = places.map((place) => readFileSync(join(place.folder, 'review', file), 'utf8'))
    expect(through, file).toBe(without)
  }
  await about(0, ['sessions', 'delete'])
  await about(66, ['sessions', 'show'])

  const doctor = await served.sheaf('doctor', '--json')
  const { url, secret } = serverOf(databaseFolder(served.home))!
  expect(doctor.stdout).toContain(`in use by the Sheaf server at ${url} (process ${server.process.pid})`)
  const statusWith = async (token: string) =>
    (await fetch(`${url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } })).status
  expect([await statusWith(secret), await statusWith(`${secret.slice(1)}x`)]).toEqual([200, 401])

  await stop(server, 'SIGTERM')
  expect(serverOf(databaseFolder(served.home))).toBeUndefined()
  expect(await same(0, 'sessions', 'list', '--json')).toMatchObject({ stdout: '[]\n' })
}, 120_000)

test('a review that was begun through a server is left to it, followed again, also over its death, and goes on without it', async () => {
  using place = await createPlace()
  const first = await serve(place)
  const begun = place.start(['demo', '-o', 'review', '--json'])
  await begun.until(/phase.progress/)
  begun.process.kill('SIGINT')
  const left = await begun.ended
  expect(left.code).toBe(130)
  const { session } = eventsIn(left.stdout)[0]!
  expect(left.stderr).toContain(`sheaf sessions follow ${session}`)

  const following = place.start(['sessions', 'follow', session, '--json'])
  await following.until(/phase.progress/)
  await stop(first, 'SIGKILL')
  const second = await serve(place)
  const followed = await following.ended
  expect(followed).toMatchObject({ code: 0, stderr: '' })
  const sequences = eventsIn(followed.stdout).map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.map((_, index) => index + 1))
  expect((await place.sheaf('verify', 'review')).code).toBe(0)

  await stop(second, 'SIGKILL')
  expect(serverOf(databaseFolder(place.home))).toBeDefined()
  expect((await place.sheaf('sessions')).stdout).toContain(`${session}  finished`)
}, 120_000)

test('a server that does not answer is named, and nothing is done', async () => {
  using place = await createPlace()
  const lock = lockFolder(databaseFolder(place.home))
  noteServer(databaseFolder(place.home), { url: 'http://127.0.0.1:9', secret: 's'.repeat(43) })
  const listed = await place.sheaf('sessions')
  expect(listed).toMatchObject({ code: 74, stdout: '' })
  expect(listed.stderr).toContain(`http://127.0.0.1:9 (process ${process.pid}), which does not answer`)
  expect(listed.stderr).not.toContain('    at ')
  expect((await place.sheaf('doctor')).stdout).toMatch(/✗ Database: .*does not answer/)
  lock.release()
})
