import { describe, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { Page } from '../contract/document.ts'
import { findDocument, pageSizes, pagesOf, pageTexts, storeDocument, storeFailure } from './documents.ts'
import {
  addLibraryFolder,
  forgetFiles,
  knownFiles,
  libraryFolders,
  rememberFiles,
  removeLibraryFolder,
} from './library.ts'

const documentId = (digit: string) => digit.repeat(64)
const page = (number: number, text: string): Page => ({
  number,
  width: 595.28,
  height: 841.89,
  text,
  lines: [
    {
      start: 0,
      end: text.length,
      box: { left: 1.5, bottom: 2, right: 3, top: 4 },
      fontSize: 10,
      font: 'F',
      bold: false,
      italic: true,
    },
  ],
  boxes: Uint8Array.from({ length: text.length * 8 }, (_, index) => index % 256),
})

await describeEachStore('documents and the library', (store) => {
  describe('documents', () => {
    const document = {
      id: documentId('d'),
      byteLength: 12_345,
      pages: [page(1, 'One\nzwei “drei” 𝒜'), { ...page(2, ''), label: 'iv' }],
      metadata: { title: 'T' },
      pageFailures: [{ page: 3, message: 'm' }],
    }

    test('come back to the bit, and a second reading changes nothing', async () => {
      const stored = await Promise.all([1, 2, 3].map(() => storeDocument(store.database.sql, document)))
      expect(stored.filter(Boolean)).toHaveLength(1)
      const pages = await pagesOf(store.database.sql, document.id)
      expect(pages.map((one) => ({ ...one, boxes: [...one.boxes] }))).toEqual(
        document.pages.map((one) => ({ ...one, boxes: [...one.boxes] })),
      )
      expect([...(await pageTexts(store.database.sql, document.id))]).toEqual([
        [1, 'One\nzwei “drei” 𝒜'],
        [2, ''],
      ])
      const size = { width: 595.28, height: 841.89 }
      expect([...(await pageSizes(store.database.sql, document.id))].sort()).toEqual([
        [1, size],
        [2, size],
      ])
      const { pages: _, ...rest } = document
      expect(await findDocument(store.database.sql, document.id)).toEqual({ ...rest, pageCount: 2 })
    })

    test('that failed once may be read later, and then stay', async () => {
      const failure = { code: 'timed_out', message: 'm' } as const
      expect(await storeFailure(store.database.sql, document, failure)).toBe(true)
      expect(await findDocument(store.database.sql, document.id)).toMatchObject({ failure, pageCount: 0 })
      expect(await storeDocument(store.database.sql, document)).toBe(true)
      expect(await storeFailure(store.database.sql, document, failure)).toBe(false)
      expect((await findDocument(store.database.sql, document.id))?.failure).toBeUndefined()
    })

    test('without a page, and unknown ones', async () => {
      expect(await storeDocument(store.database.sql, { ...document, pages: [] })).toBe(true)
      expect(await pagesOf(store.database.sql, document.id)).toEqual([])
      expect(await findDocument(store.database.sql, documentId('e'))).toBeUndefined()
    })
  })

  test('the library knows its folders and what their files hash to', async () => {
    expect(await addLibraryFolder(store.database.sql, '/papers')).toBe(true)
    expect(await addLibraryFolder(store.database.sql, '/papers')).toBe(false)
    const file = { path: 'a/b.pdf', size: 2 ** 40, modified: 1795478089792.1235, sha256: documentId('a') }
    await rememberFiles(store.database.sql, '/papers', [
      file,
      { ...file, path: 'c' },
      { ...file, path: 'c', size: 1 },
    ])
    await rememberFiles(store.database.sql, '/papers', [{ ...file, sha256: documentId('b') }])
    await forgetFiles(store.database.sql, '/papers', ['c', 'never'])
    expect([...(await knownFiles(store.database.sql, '/papers')).values()]).toEqual([
      { ...file, sha256: documentId('b') },
    ])
    expect(await removeLibraryFolder(store.database.sql, '/papers')).toBe(true)
    expect(await knownFiles(store.database.sql, '/papers')).toEqual(new Map())
    expect(await libraryFolders(store.database.sql)).toEqual([])
  })
})
