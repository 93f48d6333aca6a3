import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodePng } from '../documents/png.ts'
import { createFolderStore } from './folder-store.ts'
import { keepPictures, type PagePicture } from './pictures.ts'

const id = 'ab'.repeat(32)
const fresh = () => mkdtempSync(join(tmpdir(), 'sheaf-pictures-'))
const picture: PagePicture = {
  png: encodePng({
    width: 3,
    height: 2,
    indexes: new Uint8Array(6),
    palette: Uint8Array.from([255, 255, 255]),
  }),
  width: 3,
  height: 2,
}
const never = async () => {
  throw new Error('drawn again')
}

test('a page is drawn once, and is given with its size afterwards', async () => {
  const folder = fresh()
  expect(
    await keepPictures(createFolderStore(folder), 'engine').findOrDraw(id, 2, async () => picture),
  ).toEqual(picture)
  const kept = await keepPictures(createFolderStore(folder), 'engine').findOrDraw(id, 2, never)
  expect(kept).toMatchObject({ width: 3, height: 2 })
  expect(Buffer.from(kept!.png)).toEqual(Buffer.from(picture.png))
  await expect(keepPictures(createFolderStore(folder), 'engine').findOrDraw(id, 1, never)).rejects.toThrow(
    'drawn again',
  )
})

test('a page that cannot be drawn is not kept', async () => {
  const pictures = keepPictures(createFolderStore(fresh()), 'engine')
  expect(await pictures.findOrDraw(id, 1, async () => undefined)).toBeUndefined()
  expect(await pictures.findOrDraw(id, 1, async () => picture)).toEqual(picture)
})

test.each([
  ['cut short', (png: Buffer) => png.subarray(0, -1)],
  ['no picture', () => Buffer.from('<svg onload="alert(1)"/>')],
  ['empty', () => Buffer.alloc(0)],
  ['beginning and end alone', (png: Buffer) => Buffer.concat([png.subarray(0, 16), png.subarray(-12)])],
])('a file that is %s is drawn anew', async (_, spoil) => {
  const folder = fresh()
  const pictures = keepPictures(createFolderStore(folder), 'engine')
  await pictures.findOrDraw(id, 1, async () => picture)
  const path = join(folder, 'pictures', 'engine', 'ab', `${id}-1.png`)
  writeFileSync(path, spoil(readFileSync(path)))
  expect(await pictures.findOrDraw(id, 1, async () => picture)).toBe(picture)
  expect(readFileSync(path)).toEqual(Buffer.from(picture.png))
})
