import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepDocuments } from './documents.ts'
import { createFolderStore } from './folder-store.ts'

const id = 'ab'.repeat(32)
const bytes = Buffer.from('%PDF-1.7')
const fresh = () => mkdtempSync(join(tmpdir(), 'sheaf-blobs-'))

test('bytes are kept once under their hash, whole, by whoever comes first', async () => {
  const folder = fresh()
  const blobs = keepDocuments(createFolderStore(folder))
  const paths = await Promise.all(Array.from({ length: 5 }, () => blobs.keep(id, bytes)))
  expect(new Set(paths)).toEqual(new Set([join(folder, 'documents', 'ab', `${id}.pdf`)]))
  expect(readFileSync(paths[0]!)).toEqual(bytes)
  expect(readdirSync(join(folder, 'documents', 'ab'))).toEqual([`${id}.pdf`])
})

test('a file that was cut short is written again', async () => {
  const blobs = keepDocuments(createFolderStore(fresh()))
  const path = await blobs.keep(id, bytes)
  writeFileSync(path, bytes.subarray(0, 3))
  expect(readFileSync(await blobs.keep(id, bytes))).toEqual(bytes)
})

test('a folder that cannot be written is said, with what to do', async () => {
  const file = join(fresh(), 'a-file')
  writeFileSync(file, '')
  await expect(keepDocuments(createFolderStore(file)).keep(id, bytes)).rejects.toMatchObject({
    code: 'store_unavailable',
    advice: expect.stringContaining(file),
  })
})
