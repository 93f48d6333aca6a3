import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Report, reportSchema } from '../../src/contract/report.ts'
import { createPlace, eventsIn, notesFolder } from '../support/sheaf.ts'

const question = 'Which methods read and rank scientific papers?'
const reportIn = (folder: string): Report =>
  reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))

test('labels given one key each decide, teach the rest, and the review goes on from its screening', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const research = await place.sheaf('research', question, '-l', notesFolder, '-o', out, '--json')
  const session = eventsIn(research.stdout)[0]!.session
  expect(reportIn(out).decisions.some(({ decidedBy }) => decidedBy === 'person')).toBe(false)

  const keys = ['i', 'r', 'not on this', 'e', 'm', 'u', 'x', 'i', 'q'].join('\n')
  const taught = await place.start(['screen', session, '--json'], {}, keys).ended
  expect(taught.code).toBe(0)
  expect(taught.stderr).toContain('probably')

  const { decisions, prisma } = reportIn(out)
  const byPerson = decisions.filter(({ decidedBy }) => decidedBy === 'person')
  expect(byPerson.map(({ tier }) => tier).sort()).toEqual(['core', 'core', 'exclude'])
  expect(byPerson.find(({ tier }) => tier === 'exclude')!.rationale).toContain('not on this')
  expect(decisions.some(({ decidedBy }) => decidedBy === 'classifier')).toBe(true)
  expect(prisma.excluded).toEqual([{ reason: 'labelled_exclude', papers: 1 }])
  expect((await place.sheaf('verify', out)).code).toBe(0)

  const again = eventsIn(taught.stdout).flatMap(({ body }) => ('phase' in body ? [body.phase] : []))
  expect(again).toContain('screen')
  expect(again).not.toContain('collect')
})

test('leaving without a label leaves the review as it is', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const research = await place.sheaf('research', question, '-l', notesFolder, '-o', out, '--json')
  const session = eventsIn(research.stdout)[0]!.session
  const before = readFileSync(join(out, 'manifest.json'), 'utf8')
  const left = await place.start(['screen', session], {}, 'q\n').ended
  expect(left).toMatchObject({ code: 0, stdout: '' })
  expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(before)
})
