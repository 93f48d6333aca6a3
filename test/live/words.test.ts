import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace, notesFolder } from '../support/sheaf.ts'

test.each([
  [['reserach'], 64, /unknown command/],
  [['research', '--since', 'long ago', 'Q?'], 64, /four digits/],
  [['research', 'Q?', '--library', '/no/such/folder'], 64, /no folder/],
  [['research', '--library', notesFolder], 64, /question is needed/],
  [['research', 'Q?', '--source', 'library'], 64, /no folders of papers/],
  [['research', 'Q?', '--source', 'library,moon'], 64, /no source named “moon”/],
  [['research', 'Q?', '-l', notesFolder, '--since', '2020', '--until', '2010'], 64, /No year lies between/],
  [['research', 'Q?', '-l', notesFolder, '--analyst', 'model'], 64, /No language model is configured/],
  [['sessions', 'show', 'nothing'], 66, /no session nothing/],
  [['library', 'remove', '/no/such/folder'], 66, /not in the library/],
  [['verify', '/tmp'], 66, /no report.json/],
  [['config', 'set', 'colour', 'blue'], 64, /no setting colour/],
])('sheaf %j ends with %i and says why', async (words, code, message) => {
  using place = await createPlace()
  const ended = await place.sheaf(...words)
  expect(ended.code).toBe(code)
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr).not.toContain('    at ')
})

test('a library is kept, and reviewed when no folder is named', async () => {
  using place = await createPlace()
  expect((await place.sheaf('library', 'add', notesFolder)).code).toBe(0)
  expect((await place.sheaf('library')).stdout).toBe(`${notesFolder}   (10 PDFs)\n`)
  expect((await place.sheaf('research', 'How are duplicates found?', '--dry-run')).code).toBe(0)
})

test('settings are kept in the data folder, and shown with where they come from', async () => {
  using place = await createPlace()
  expect((await place.sheaf('config', 'set', 'readerThreads', '3')).code).toBe(0)
  const rows = JSON.parse((await place.sheaf('config', '--json')).stdout)
  expect(rows).toContainEqual(
    expect.objectContaining({ name: 'readerThreads', value: 3, from: 'config.json' }),
  )
})

test('the doctor finds a fresh machine in order, and says what a broken one lacks', async () => {
  using place = await createPlace({ fresh: true })
  const well = await place.sheaf('doctor')
  expect(well).toMatchObject({ code: 0, stderr: '' })
  expect(well.stdout).toContain('Reviews can run.')

  const file = join(place.folder, 'a-file')
  writeFileSync(file, '')
  const ill = await place.start(['doctor'], { SHEAF_HOME: join(file, 'home') }).ended
  expect(ill.code).toBe(74)
  expect(ill.stdout).toContain('SHEAF_HOME')
})

test('the doctor names each key that a model lacks, in one line', async () => {
  using place = await createPlace()
  const keyless = {
    SHEAF_MODELS: 'openai/m,anthropic/n,compatible/o@http://127.0.0.1:9',
    ANTHROPIC_API_KEY: 'k',
  }
  const { stdout } = await place.start(['doctor'], keyless).ended
  expect(stdout.match(/– Language model’s key.*/g)).toEqual([
    '– Language model’s key: OPENAI_API_KEY is not set; its provider will refuse',
  ])
})

test('file names that would move the cursor are shown harmless', async () => {
  using place = await createPlace()
  const folder = join(place.folder, 'papers')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a\u001b[2Jb.pdf'), 'no pdf')
  chmodSync(folder, 0o755)
  const { stdout } = await place.sheaf('research', 'What is here?', '-l', folder, '--dry-run')
  expect(stdout).toContain('a\uFFFD[2Jb.pdf')
  expect(stdout).not.toContain('\u001b[2J')
})
