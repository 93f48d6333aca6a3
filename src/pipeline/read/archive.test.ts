import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import { empty } from '../../../test/support/empty.ts'
import { minimalPdf, textAt } from '../../../test/support/minimal-pdf.ts'
import { keepDocuments } from '../../blobs/documents.ts'
import { createFolderStore } from '../../blobs/folder-store.ts'
import { keepPictures } from '../../blobs/pictures.ts'
import { createCache } from '../../cache/create-cache.ts'
import { addressMemory } from '../../compose/address-memory.ts'
import { documentIdOf } from '../../documents/hash.ts'
import { createReader, type Reader } from '../../documents/reader.ts'
import type { Download } from '../../sources/full-texts.ts'
import { createArchive } from './archive.ts'

const bytes = minimalPdf([{ content: textAt(40, 700, 'Shade slows the growth of beeches.') }])
const pdf: Download = { ok: true, bytes }
const refused = (code: 'refused_by_host' | 'not_approved'): Download => ({
  ok: false,
  failure: { code, message: `${code}.` },
})
const hour = 3_600_000

await describeEachStore('full texts by their addresses', (store) => {
  let folder: string
  let reader: Reader
  let read = 0
  let unique = 0
  let url: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sheaf-archive-'))
    const real = createReader({ threads: 1 })
    reader = {
      ...real,
      read(source, signal) {
        read += 1
        return real.read(source, signal)
      },
    }
  })
  afterAll(async () => {
    await reader.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    read = 0
    url = `https://papers.example/${unique++}.pdf?key=secret`
  })

  /** An archive as a process of its own has it, with nothing in memory. */
  function open() {
    const cache = createCache({ sql: store.database.sql })
    const blobs = createFolderStore(folder)
    const archive = createArchive({
      sql: store.database.sql,
      reader,
      files: blobs,
      documents: keepDocuments(blobs),
      pictures: keepPictures(blobs, 'engine'),
      addresses: addressMemory(cache),
      largestFile: 1_000_000,
    })
    return { archive, counts: () => cache.stats().pdf_pages_cache }
  }
  /** How long an address is remembered, in milliseconds. */
  async function lifetime(): Promise<number | undefined> {
    const { rows } = await sql<{ key: string; left: number }>`
      select key, extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as left from sheaf.cache
      where key like ${`%pdf_pages_cache:${url.replace(/[?].*/, '')}:%`}`.execute(store.database.sql)
    expect(rows.map(({ key }) => key).join()).not.toContain('secret')
    return rows[0]?.left
  }

  test('are asked for once by all who want them at once, here and elsewhere, and for a week not again', async () => {
    const [one, other] = [open(), open()]
    let downloads = 0
    const download = async () => {
      downloads += 1
      await setTimeout(50)
      return pdf
    }
    const all = [one, one, other, other].map(({ archive }) => archive.readAddress(url, download))
    const expected = { ok: true, document: { id: documentIdOf(bytes), pageCount: 1 } }
    for (const outcome of await Promise.all(all)) expect(outcome).toMatchObject(expected)
    expect(await open().archive.readAddress(url, download)).toMatchObject(expected)
    expect([downloads, read]).toEqual([1, 1])
    expect(one.counts().lookups + other.counts().lookups).toBe(4)
    expect(one.counts().hits + other.counts().hits).toBe(3)
    expect(await lifetime()).toBeGreaterThan(6.9 * 24 * hour)
    expect(await lifetime()).toBeLessThanOrEqual(7 * 24 * hour)
  })

  test('are read once wherever they are, for good', async () => {
    const { archive } = open()
    await archive.readAddress(url, async () => pdf)
    await archive.readAddress(`${url}&mirror`, async () => pdf)
    expect(read).toBe(1)
  })

  test('are asked for again in an hour when a host refused, and at once where another review may go', async () => {
    const { archive } = open()
    let downloads = 0
    const giving = (download: Download) => async () => {
      downloads += 1
      return download
    }
    for (let count = 0; count < 2; count += 1)
      expect(await archive.readAddress(url, giving(refused('not_approved')))).toMatchObject({
        failure: { code: 'not_approved' },
      })
    expect([downloads, await lifetime()]).toEqual([2, undefined])
    await archive.readAddress(url, giving(refused('refused_by_host')))
    expect(await open().archive.readAddress(url, giving(pdf))).toMatchObject({
      failure: { code: 'refused_by_host' },
    })
    expect(downloads).toBe(3)
    expect(await lifetime()).toBeLessThanOrEqual(hour)
  })

  test('are downloaded again when the store has lost what was read', async () => {
    const { archive } = open()
    await archive.readAddress(url, async () => pdf)
    await empty(store.database.sql, 'documents')
    let downloads = 0
    const again = await archive.readAddress(url, async () => {
      downloads += 1
      return pdf
    })
    expect(again).toMatchObject({ ok: true })
    expect([downloads, read]).toEqual([1, 2])
  })
})
