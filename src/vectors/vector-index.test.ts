import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { randomOf } from '../../lab/corpus/random.ts'
import { startQdrantLab } from '../../lab/qdrant/qdrant.ts'
import { copyPglite, databaseKinds } from '../../test/support/databases.ts'
import { empty } from '../../test/support/empty.ts'
import { documentNamed, storeTexts } from '../../test/support/search.ts'
import { openDatabase, type Sql } from '../store/database.ts'
import { keepEmbeddings } from '../store/embeddings.ts'
import { storePassages } from '../store/passages.ts'
import { clusterFolder } from '../store/pglite/folder.ts'
import { createPglitePool } from '../store/pglite/pool.ts'
import { createSql } from '../store/sql.ts'
import { createExactIndex } from './exact/exact-index.ts'
import { preparePgvector } from './pgvector/extension.ts'
import { createPgvectorIndex } from './pgvector/pgvector-index.ts'
import { createQdrantIndex } from './qdrant/qdrant-index.ts'
import type { VectorIndex } from './vector-index.ts'

const model = 'lab/vectors'
const length = 20

/** A database, and how an index over it is opened: once more is what another process does, or a later one. */
interface Bench {
  readonly sql: Sql
  open(): VectorIndex
  close(): Promise<void>
}

/** PGlite with the extension, which Sheaf itself opens without. */
async function openEmbedded() {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-vectors-'))
  await copyPglite(folder)
  const pglite = await PGlite.create(clusterFolder(folder), { extensions: { vector } })
  const pool = createPglitePool({ pglite, stopped: () => undefined })
  return {
    sql: createSql(pool),
    async close() {
      await pool.end()
      await pglite.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openPostgres() {
  const data = await postgres.create()
  const database = await openDatabase(data.config)
  return {
    sql: database.sql,
    async close() {
      await database.close()
      await data.remove()
    },
  }
}

const postgres = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!
const embedded = await openEmbedded()
const qdrant = await startQdrantLab('secret')
afterAll(() => Promise.all([embedded.close(), qdrant.close()]))

const onEmbedded = (open: (sql: Sql) => VectorIndex) => async (): Promise<Bench> => ({
  sql: embedded.sql,
  open: () => open(embedded.sql),
  close: async () => undefined,
})
const adapters: Record<string, () => Promise<Bench | undefined>> = {
  'comparing every vector': onEmbedded(createExactIndex),
  'a Qdrant server (stand-in)': onEmbedded((sql) =>
    createQdrantIndex(sql, { address: qdrant.address, key: 'secret' }),
  ),
  async 'pgvector on pglite'() {
    const schema = await preparePgvector(embedded.sql)
    return onEmbedded((sql) => createPgvectorIndex(sql, schema!))()
  },
  async 'pgvector on postgres'() {
    if (postgres.service === undefined) return undefined
    const database = await openPostgres()
    const schema = await preparePgvector(database.sql)
    if (schema !== undefined) return { ...database, open: () => createPgvectorIndex(database.sql, schema) }
    await database.close()
    return undefined
  },
}

/** A vector about as near to the first axis as asked; the rest of it is noise of its own. */
function vectorAt(cosine: number, name: string): Int8Array {
  const random = randomOf(7, [...name].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 100_000)
  const noise = Array.from({ length: length - 1 }, () => random.next() - 0.5)
  const norm = Math.hypot(...noise)
  const rest = Math.sqrt(1 - cosine * cosine)
  return Int8Array.from([cosine * 120, ...noise.map((value) => (value / norm) * rest * 120)])
}
const question = Int8Array.from([127, ...Array.from({ length: length - 1 }, () => 0)])

const sha256Of = (name: string) => documentNamed(`words of ${name}`)

for (const [name, make] of Object.entries(adapters)) {
  const bench = await make()
  describe.skipIf(bench === undefined)(
    `a vector index: ${name}${bench ? '' : ' (needs pgvector in the server)'}`,
    () => {
      const sql = bench?.sql ?? embedded.sql
      let index: VectorIndex
      const indexes: VectorIndex[] = []
      const open = () => {
        const opened = bench!.open()
        indexes.push(opened)
        return opened
      }
      afterAll(async () => {
        await Promise.all(indexes.map((one) => one.close()))
        await bench?.close()
      })
      let asked = model
      let round = 0
      beforeEach(async () => {
        await empty(sql, 'sessions', 'documents', 'embeddings')
        asked = `${model}-${++round}`
        index = open()
      })
      const embed = (named: Record<string, number>) =>
        keepEmbeddings(
          sql,
          asked,
          Object.entries(named).map(([name, cosine]) => ({
            sha256: sha256Of(name),
            vector: vectorAt(cosine, name),
          })),
        )
      /** A document with a page for each passage; several may have the same words. */
      const read = async (document: string, words: readonly string[]) => {
        const id = await storeTexts(sql, document, words)
        await storePassages(
          sql,
          id,
          words.map((name, page) => ({ page: page + 1, start: 3, end: 9, sha256: sha256Of(name) })),
        )
        return id
      }
      const nearest = (more: object = {}, of = index) =>
        of.nearest({ model: asked, question, documents: undefined, limit: 10, ...more })

      test('gives the best passage of each document, with its place, nearest first', async () => {
        expect(await nearest()).toEqual([])
        await embed({ near: 0.9, middle: 0.7, far: 0.3, opposite: -0.5 })
        const a = await read('a', ['far', 'near', 'opposite'])
        const b = await read('b', ['middle'])
        await read('c', ['opposite'])
        const found = await nearest()
        expect(found).toEqual([
          { document: a, page: 2, start: 3, end: 9, score: expect.closeTo(0.9, 1), pages: 2 },
          { document: b, page: 1, start: 3, end: 9, score: expect.closeTo(0.7, 1), pages: 1 },
        ])
        expect(await nearest({ model: 'lab/other' })).toEqual([])
        expect(await nearest({ question: question.subarray(1) })).toEqual([])
      })

      test('keeps to the documents it is given', async () => {
        await embed({ near: 0.9, middle: 0.7 })
        await read('a', ['near'])
        const b = await read('b', ['middle'])
        expect((await nearest({ documents: new Set([b]) })).map(({ document }) => document)).toEqual([b])
        expect(await nearest({ documents: new Set() })).toEqual([])
        expect(await nearest({ documents: new Set([documentNamed('unknown')]) })).toEqual([])
      })

      test('takes in what comes later, and passages whose words had a vector long before', async () => {
        await embed({ first: 0.9 })
        const a = await read('a', ['first'])
        expect(await nearest()).toHaveLength(1)
        // More than are looked at again, so that the first vector counts as old.
        await embed(Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`more ${number}`, 0.2])))
        const b = await read(
          'b',
          Array.from({ length: 300 }, (_, number) => `more ${number}`),
        )
        expect((await nearest()).map(({ document }) => document)).toEqual([a, b])
        const c = await read('c', ['first'])
        expect((await nearest()).map(({ document }) => document).toSorted()).toEqual([a, b, c].toSorted())
        expect(await nearest({}, open())).toEqual(await nearest())
      })

      test('goes on behind a place without gap or repeat, also among equals', async () => {
        await embed({ same: 0.8, other: 0.6 })
        const documents = []
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
          documents.push(await read(name, name < 'd' ? ['same'] : ['other', 'other']))
        const whole = await nearest()
        expect(whole).toHaveLength(6)
        expect(whole.slice(0, 3).map(({ document }) => document)).toEqual(documents.slice(0, 3).toSorted())
        const paged = []
        for (let after: { score: number; document: string } | undefined; ; ) {
          const some = await nearest({ limit: 2, after })
          paged.push(...some)
          after = some.at(-1)
          if (some.length < 2) break
        }
        expect(paged).toEqual(whole)
      })

      test('many may ask at once, while more comes in', async () => {
        await embed({ near: 0.9 })
        await read('a', ['near'])
        const answers = await Promise.all([
          ...Array.from({ length: 8 }, () => nearest()),
          embed({ later: 0.95 }).then(() => read('b', ['later'])),
          ...Array.from({ length: 8 }, () => nearest({}, open())),
        ])
        expect(answers.every((answer) => answer.length > 0)).toBe(true)
        expect(await nearest()).toHaveLength(2)
      })
    },
  )
}
