import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { phases } from '../../src/contract/events.ts'
import { reportSchema } from '../../src/contract/report.ts'
import { describeWith, papersFolder } from '../support/corpora.ts'
import { createPlace, eventsIn, notesFolder } from '../support/sheaf.ts'

const question = 'How are quotations matched in papers, and what are the limits of matching?'

test('a review of the bundled notes: every phase, every file, every quotation verified, no network, nothing left running', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const research = await place.sheaf('research', question, '--library', notesFolder, '--out', out, '--json')
  expect(research).toMatchObject({ code: 0, stderr: '' })

  const events = eventsIn(research.stdout)
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  const finished = events.flatMap(({ body }) => (body.type === 'phase.finished' ? [body.phase] : []))
  expect(finished).toEqual(phases.filter((phase) => phase !== 'chase'))
  expect(JSON.parse(research.stdout.trim().split('\n').at(-1)!)).toMatchObject({
    type: 'result',
    outcome: 'session.finished',
    report: out,
  })

  expect(readdirSync(out).sort()).toEqual([
    'evidence.csv',
    'manifest.json',
    'prisma.svg',
    'references.bib',
    'references.json',
    'references.ris',
    'report.html',
    'report.json',
    'report.md',
  ])
  const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
  expect(report.prisma.included).toBeGreaterThan(0)
  expect(report.citations.length).toBeGreaterThan(0)
  for (const section of report.synthesis)
    for (const sentence of section.paragraphs.flat())
      if (sentence.kind === 'finding') expect(sentence.citations).not.toEqual([])

  const verified = await place.sheaf('verify', out)
  expect(verified.code).toBe(0)
  expect(verified.stdout).toContain(`${report.spans.length} quotations`)
})

test('the same question over the same files gives the same bytes, and reads no file again', async () => {
  using place = await createPlace()
  const ends = []
  for (const name of ['first', 'second']) {
    const words = ['research', question, '-l', notesFolder, '--out', join(place.folder, name), '--quiet']
    ends.push(await place.sheaf(...words))
  }
  expect(ends.map(({ code }) => code)).toEqual([0, 0])
  for (const file of readdirSync(join(place.folder, 'first')).filter((name) => name !== 'manifest.json')) {
    const [first, second] = ['first', 'second'].map((name) => readFileSync(join(place.folder, name, file)))
    expect(first!.equals(second!), file).toBe(true)
  }
})

test('a dry run shows the plan and the files, and starts nothing', async () => {
  using place = await createPlace()
  const { code, stdout } = await place.sheaf('research', question, '-l', notesFolder, '--dry-run')
  expect(code).toBe(0)
  for (const file of readdirSync(notesFolder)) expect(stdout).toContain(file)
  expect((await place.sheaf('sessions', 'list', '--json')).stdout).toBe('[]\n')
  expect(existsSync(join(place.folder, 'sheaf-reviews'))).toBe(false)
})

test('a plan under review waits, also over restarts, and goes on as edited', async () => {
  using place = await createPlace()
  const out = join(place.folder, 'review')
  const waiting = await place.sheaf(
    'research',
    question,
    '-l',
    notesFolder,
    '--out',
    out,
    '--review',
    'plan',
    '--json',
  )
  expect(waiting.code).toBe(10)
  const session = eventsIn(waiting.stdout)[0]!.session
  expect((await place.sheaf('research', '--resume', session)).code).toBe(76)

  const shown = JSON.parse((await place.sheaf('sessions', 'show', session, '--json')).stdout)
  expect(shown.status).toBe('waiting')
  const planFile = join(place.folder, 'plan.json')
  writeFileSync(planFile, JSON.stringify({ ...shown.plan, researchQuestions: ['Edited by hand?'] }))
  expect((await place.sheaf('sessions', 'approve', session, '--plan', planFile, '--quiet')).code).toBe(0)
  const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
  expect(report.plan.researchQuestions).toEqual(['Edited by hand?'])
})

describeWith(join(papersFolder, 'nasty'), 'a folder of broken and hostile PDFs', () => {
  test('ends in a report that says of each file what is wrong with it', async () => {
    using place = await createPlace()
    const out = join(place.folder, 'review')
    const nasty = join(papersFolder, 'nasty')
    const run = await place.sheaf(
      'research',
      'How are documents processed?',
      '-l',
      nasty,
      '-o',
      out,
      '--quiet',
    )
    expect(run.code).toBe(0)
    const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
    const listed = report.documents.flatMap(({ files }) => files)
    expect(listed.toSorted()).toEqual(readdirSync(nasty).sort())
    for (const { failure, pages = 0 } of report.documents)
      if (!failure) expect(pages).toBeGreaterThan(0)
      else expect(failure.message).toMatch(/\w+ \w+.*[.;]/)
    expect(report.failures).toEqual([])
    expect((await place.sheaf('verify', out)).code).toBe(0)
  }, 120_000)
})
