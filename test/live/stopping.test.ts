import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { differences, disturbed, randomFrom, undisturbed } from '../faults/kills.ts'
import { copyPglite } from '../support/databases.ts'
import { createPlace, eventsIn, notesFolder } from '../support/sheaf.ts'

const question = 'How are quotations matched, and what does matching miss?'

test('Ctrl-C stops cleanly, says how to resume, and the review then ends as if nothing had been', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const running = place.start(['research', question, '-l', notesFolder, '--out', out, '--json'])
  await running.until(/"phase.progress","phase":"collect"|"phase":"collect".*"phase.progress"/)
  running.process.kill('SIGINT')
  const stopped = await running.ended
  expect(stopped.code).toBe(130)
  const session = eventsIn(stopped.stdout)[0]!.session
  expect(stopped.stderr).toContain(`sheaf research --resume ${session}`)

  const resumed = await place.sheaf('research', '--resume', session, '--json')
  expect(resumed.code).toBe(0)
  const sequences = [...eventsIn(stopped.stdout), ...eventsIn(resumed.stdout)].map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.map((_, index) => index + 1))
  expect((await place.sheaf('verify', out)).code).toBe(0)
})

test('settings that do not fit any more end a review that is resumed, and it goes on when they do', async () => {
  using place = await createPlace()
  const model = {
    SHEAF_MODELS: 'openai/any',
    OPENAI_API_KEY: 'key',
    SHEAF_ENDPOINTS: 'openai=http://127.0.0.1:9',
  }
  const words = ['research', question, '-l', notesFolder, '--analyst', 'model', '--json']
  const running = place.start(words, model)
  await running.until(/item\.waiting/)
  running.process.kill('SIGINT')
  const session = eventsIn((await running.ended).stdout)[0]!.session
  const resume = ['research', '--resume', session, '--json']
  const without = await place.sheaf(...resume)
  expect(without).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No language model is configured.'),
  })
  expect(without.stderr).toContain('SHEAF_MODELS=openai/MODEL')
  const again = place.start(resume, model)
  await again.until(/item\.waiting/)
  again.process.kill('SIGINT')
  expect((await again.ended).code).toBe(130)
}, 120_000)

test('killed with SIGKILL and resumed, a review ends byte for byte as an undisturbed one', async () => {
  using place = await createPlace()
  const words = [question, '--library', notesFolder]
  const calm = { home: join(place.folder, 'calm'), out: join(place.folder, 'calm-report') }
  const tried = { home: join(place.folder, 'tried'), out: join(place.folder, 'tried-report') }
  for (const { home } of [calm, tried]) await copyPglite(join(home, 'database'))
  const span = await undisturbed(calm, words)
  const { killed, faults } = await disturbed(tried, words, {
    kills: 3,
    random: randomFrom(7),
    span: span / 2,
  })
  expect(faults).toEqual([])
  expect(killed).toBeGreaterThan(0)
  expect(await differences(calm, tried)).toEqual([])
}, 120_000)

test('a second process on the same data folder says who has it, and harms nothing', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const first = place.start(['research', question, '-l', notesFolder, '--out', out, '--json'])
  await first.until(/session.created/)
  const second = await place.sheaf('sessions')
  expect(second.code).toBe(75)
  expect(second.stderr).toContain(String(first.process.pid))
  expect((await first.ended).code).toBe(0)
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain(question)
})

test('a session is listed, cannot be deleted while it waits to be cancelled, and is gone when deleted', async () => {
  using place = await createPlace()
  const waiting = await place.sheaf('research', question, '-l', notesFolder, '--review', 'plan', '--json')
  const session = eventsIn(waiting.stdout)[0]!.session
  expect((await place.sheaf('sessions')).stdout).toContain(`${session}  waiting`)
  expect((await place.sheaf('sessions', 'cancel', session)).code).toBe(0)
  expect((await place.sheaf('sessions', 'cancel', session)).code).toBe(76)
  expect((await place.sheaf('sessions', 'resume', session)).code).toBe(76)
  expect((await place.sheaf('sessions', 'delete', session)).code).toBe(0)
  expect((await place.sheaf('sessions', 'show', session)).code).toBe(66)
})

test('a report that cannot be written fails with the reason, and is written when the review is resumed', async () => {
  using place = await createPlace()
  const inTheWay = join(place.folder, 'reports')
  writeFileSync(inTheWay, 'a file')
  const out = join(inTheWay, 'review')
  const failed = await place.sheaf('research', question, '-l', notesFolder, '--out', out, '--json')
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('a file stands where a folder should be')
  rmSync(inTheWay)
  const session = eventsIn(failed.stdout)[0]!.session
  expect((await place.sheaf('research', '--resume', session, '--json')).code).toBe(0)
  expect((await place.sheaf('verify', out)).code).toBe(0)
})
