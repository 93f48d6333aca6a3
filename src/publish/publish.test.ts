import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { samplePageSource, sampleProvenance, sampleReport } from '../../test/support/report.ts'
import { manifestSchema, reportSchema } from '../contract/report.ts'
import { sha256 } from './folder.ts'
import { outputFiles } from './outputs.ts'
import { publish } from './publish.ts'

let parent: string
let folder: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sheaf-publish-'))
  folder = join(parent, 'review')
})
afterEach(() => rm(parent, { recursive: true }))

const publishSample = (title?: string) => {
  const report = sampleReport()
  if (title !== undefined) report.title = title
  return publish(report, folder, { ...samplePageSource(), provenance: sampleProvenance() })
}

test('writes every file, tells its hash and leaves nothing else behind', async () => {
  const files = await publishSample()
  expect(files.map(({ file }) => file)).toEqual([...outputFiles, 'manifest.json'])
  for (const { file, sha256: hash, bytes } of files) {
    const content = await readFile(join(folder, file))
    expect(sha256(content)).toBe(hash)
    expect(content.length).toBe(bytes)
  }
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  expect(manifest.outputs).toEqual(files.slice(0, -1))
  expect((await readdir(folder)).sort()).toEqual([...outputFiles, 'manifest.json'].sort())
  expect(await readdir(parent)).toEqual(['review'])
})

test('gives the same bytes for the same report', async () => {
  const once = await publishSample()
  await rm(folder, { recursive: true })
  expect(await publishSample()).toEqual(once)
})

test('keeps the report as it is in report.json, keys in the schema’s order', async () => {
  await publishSample()
  const text = await readFile(join(folder, 'report.json'), 'utf8')
  expect(reportSchema.parse(JSON.parse(text))).toEqual(sampleReport())
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
  const shuffled = Object.fromEntries(Object.entries(sampleReport()).reverse())
  await rm(folder, { recursive: true })
  await publish(reportSchema.parse(shuffled), folder, {
    ...samplePageSource(),
    provenance: sampleProvenance(),
  })
  expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe(text)
})

test('replaces a report of its own and keeps a stranger’s file beside it', async () => {
  await publishSample()
  await writeFile(join(folder, 'notes.txt'), 'mine')
  await publishSample('A second title')
  expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain('# A second title')
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine')
  expect(await readdir(parent)).toEqual(['review'])
})

test('goes on after it was stopped in the middle of replacing a report', async () => {
  await publishSample()
  const old = await readFile(join(folder, 'manifest.json'))
  await publishSample('A second title')
  await writeFile(join(folder, 'manifest.json'), old)
  await publishSample('A second title')
  expect(await readFile(join(folder, 'report.json'), 'utf8')).toContain('A second title')
})

test('never replaces a file that somebody changed', async () => {
  await publishSample()
  await writeFile(join(folder, 'report.md'), 'my own words')
  await expect(publishSample('A second title')).rejects.toMatchObject({ code: 'conflict' })
  expect(await readFile(join(folder, 'report.md'), 'utf8')).toBe('my own words')
  expect(await readFile(join(folder, 'report.json'), 'utf8')).not.toContain('A second title')
})

test('never replaces a file that was there before, nor follows a link', async () => {
  await publishSample()
  const stranger = join(parent, 'stranger.txt')
  await writeFile(stranger, 'untouched')
  await rm(folder, { recursive: true })
  await writeFile(folder, 'a file where the folder should be')
  await expect(publishSample()).rejects.toMatchObject({ code: 'conflict' })
  await rm(folder)
  folder = await mkdtemp(join(parent, 'given-'))
  await symlink(stranger, join(folder, 'report.md'))
  await expect(publishSample()).rejects.toMatchObject({ code: 'conflict' })
  expect(await readFile(stranger, 'utf8')).toBe('untouched')
  expect(await readdir(folder)).toEqual(['report.md'])
})
