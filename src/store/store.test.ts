import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService } from '../../test/support/services.ts'
import type { Page } from '../contract/document.ts'
import type { BibliographicRecord } from '../contract/paper.ts'
import { type Database, openDatabase } from './database.ts'
import { findDocument, pagesOf, pageTexts, storeDocument, storeFailure } from './documents.ts'
import { appendEvent, eventsAfter } from './events.ts'
import { rejectedQuotationsOf, spansOfPapers, storeRejectedQuotations, storeSpans } from './evidence.ts'
import {
  addLibraryFolder,
  forgetFiles,
  knownFiles,
  libraryFolders,
  rememberFiles,
  removeLibraryFolder,
} from './library.ts'
import { findPapers, recordsOf, storePapers, storeRecords } from './papers.ts'
import { labelsOf, papersInTier, replaceDecisions, storeDecisions, storeLabels } from './screening.ts'
import {
  beginRun,
  changeSession,
  createSession,
  deleteSession,
  findSession,
  getSession,
  listSessions,
  sessionId,
  storePlan,
} from './sessions.ts'
import { beginTask, failTask, finishedTasks, finishTask, reopenFailedTasks, taskFailures } from './tasks.ts'

const plan = {
  question: 'q',
  researchQuestions: ['q'],
  inclusion: [],
  exclusion: [],
  concepts: [{ term: 'c', synonyms: [] }],
  sources: [],
}
const record = (reference: string, title = 'T'): BibliographicRecord => ({
  key: `library:${reference}`,
  source: 'library',
  reference,
  fields: { title, authors: [] },
  origins: {},
})
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

for (const { kind, service, create } of await databaseKinds()) {
  describeService(service, `the store on ${kind}`, () => {
    let data: TestDatabase
    let database: Database
    beforeAll(async () => {
      data = await create()
      database = await openDatabase(data.config)
    })
    afterAll(async () => {
      await database.close()
      await data.remove()
    })
    beforeEach(async () => {
      await sql`truncate sheaf.sessions, sheaf.documents, sheaf.library_folders, sheaf.library_files cascade`.execute(
        database.sql,
      )
      await createSession(database.sql, { id: 's1', question: 'Why?', settings: { depth: 1 } })
    })

    describe('transactions', () => {
      test('of several clients at once do not mix', async () => {
        const insert = (id: string, fails: boolean) =>
          database.sql
            .transaction()
            .execute(async (trx) => {
              for (const part of ['a', 'b', 'c']) {
                await createSession(trx, { id: `${id}${part}`, question: 'q', settings: {} })
                await setTimeout(1)
              }
              if (fails) throw new Error('no')
            })
            .catch(() => undefined)
        await Promise.all([
          ...Array.from({ length: 10 }, (_, index) => insert(`t${index}`, index % 2 === 1)),
          ...Array.from({ length: 10 }, (_, index) =>
            createSession(database.sql, { id: `u${index}`, question: 'q', settings: {} }),
          ),
        ])
        const ids = (await listSessions(database.sql, { limit: 100 })).map(({ id }) => id)
        const kept = [0, 2, 4, 6, 8].flatMap((index) => ['a', 'b', 'c'].map((part) => `t${index}${part}`))
        const alone = Array.from({ length: 10 }, (_, index) => `u${index}`)
        expect(ids.sort()).toEqual(['s1', ...kept, ...alone].sort())
      })

      test('left open by a client are rolled back when it is given back', async () => {
        const client = await database.pool.connect()
        await client.query('begin')
        await client.query(`insert into sheaf.library_folders (path) values ('/lost')`)
        client.release(kind === 'postgres')
        expect(await libraryFolders(database.sql)).toEqual([])
      })

      test('that fail give errors with code and constraint', async () => {
        const twice = sql`insert into sheaf.library_folders (path) values ('/a'), ('/a')`
        await expect(twice.execute(database.sql)).rejects.toMatchObject({
          code: '23505',
          constraint: 'library_folders_pkey',
        })
      })
    })

    test('opening a database again changes nothing, and several at once do not collide', async () => {
      const opened =
        kind === 'postgres' ? await Promise.all([1, 2, 3].map(() => openDatabase(data.config))) : []
      expect(await getSession(database.sql, 's1')).toMatchObject({ id: 's1' })
      await Promise.all(opened.map((other) => other.close()))
    })

    describe('sessions', () => {
      test('go from state to state once', async () => {
        const move = () => changeSession(database.sql, 's1', { status: 'running', phase: 'plan' }, ['queued'])
        expect((await Promise.all([move(), move(), move()])).filter(Boolean)).toHaveLength(1)
        await changeSession(database.sql, 's1', { status: 'failed', error: { message: 'm' } })
        const failed = await getSession(database.sql, 's1')
        expect(failed).toMatchObject({ status: 'failed', error: { message: 'm' }, phase: 'plan', run: 1 })
        expect(failed.finishedAt).toBeInstanceOf(Date)
        await changeSession(database.sql, 's1', { status: 'queued', error: null })
        const again = await getSession(database.sql, 's1')
        expect([again.error, again.finishedAt]).toEqual([undefined, undefined])
        expect(await beginRun(database.sql, 's1')).toBe(2)
      })

      test('keep an approved plan', async () => {
        expect(await storePlan(database.sql, 's1', plan, false)).toBe(true)
        expect(await storePlan(database.sql, 's1', { ...plan, question: 'r' }, true)).toBe(true)
        expect(await storePlan(database.sql, 's1', plan, false)).toBe(false)
        expect(await getSession(database.sql, 's1')).toMatchObject({
          plan: { question: 'r' },
          planApproved: true,
        })
      })

      test('are refused twice and unknown', async () => {
        const again = createSession(database.sql, { id: 's1', question: 'q', settings: {} })
        await expect(again).rejects.toMatchObject({ code: 'conflict' })
        await expect(getSession(database.sql, 'none')).rejects.toMatchObject({ code: 'not_found' })
        expect(await findSession(database.sql, 'none')).toBeUndefined()
      })

      test('are deleted with all that is theirs, but not the documents', async () => {
        await storeRecords(database.sql, 's1', [record('a.pdf')])
        await appendEvent(database.sql, 's1', { type: 'session.resumed' })
        await beginTask(database.sql, { session: 's1', key: 'k', phase: 'read' })
        await storeFailure(
          database.sql,
          { id: documentId('a'), byteLength: 3 },
          { code: 'truncated', message: 'm' },
        )
        expect(await deleteSession(database.sql, 's1')).toBe(true)
        expect(await deleteSession(database.sql, 's1')).toBe(false)
        expect(await recordsOf(database.sql, 's1')).toEqual([])
        expect(await findDocument(database.sql, documentId('a'))).toBeDefined()
      })
    })

    describe('results', () => {
      test('are stored once by their key and read in one order', async () => {
        const first = [record('b.pdf'), record('a.pdf'), record('ä.pdf'), record('B.pdf')]
        expect(await storeRecords(database.sql, 's1', first)).toBe(4)
        expect(await storeRecords(database.sql, 's1', [record('a.pdf', 'Other'), record('c.pdf')])).toBe(1)
        const stored = await recordsOf(database.sql, 's1')
        expect(stored.map(({ reference }) => reference)).toEqual([
          'B.pdf',
          'a.pdf',
          'b.pdf',
          'c.pdf',
          'ä.pdf',
        ])
        expect(stored[1]).toEqual(record('a.pdf'))
      })

      test('of several writers at once are each stored by one of them', async () => {
        const all = Array.from({ length: 200 }, (_, index) => record(`${index}`))
        const counts = await Promise.all([1, 2, 3, 4].map(() => storeRecords(database.sql, 's1', all)))
        expect(counts.reduce((sum, count) => sum + count)).toBe(200)
      })

      test('come back as they were, whatever their texts hold', async () => {
        const wild = fc.string({ unit: 'binary', maxLength: 40 })
        await fc.assert(
          fc.asyncProperty(wild, wild, async (title, given) => {
            await database.sql.deleteFrom('papers').execute()
            const paper = {
              id: 'p',
              fields: { title, authors: [{ family: `${given}\ud800\u0000`, given }] },
              provenance: {},
              records: ['r'],
              mergedBecause: [],
            }
            await storePapers(database.sql, 's1', [paper])
            const [found] = await findPapers(database.sql, 's1', ['p', 'q'])
            const storable = (text: string) => text.toWellFormed().replaceAll('\u0000', '\ufffd')
            expect(found?.fields.title).toBe(storable(title))
            expect(found?.fields.authors[0]?.family).toBe(storable(`${given}\ud800\u0000`))
          }),
          { numRuns: 40 },
        )
      })

      test('of screening are looked up by tier and give way to a person', async () => {
        const decide = (paperId: string, tier: 'core' | 'exclude') =>
          ({ paperId, tier, reason: 'relevant', score: 0.5, rationale: 'r', decidedBy: 'rule' }) as const
        await storeDecisions(database.sql, 's1', [
          decide('p2', 'core'),
          decide('p1', 'core'),
          decide('p3', 'exclude'),
        ])
        expect(await papersInTier(database.sql, 's1', 'core')).toEqual(['p1', 'p2'])
        await replaceDecisions(database.sql, 's1', [decide('p3', 'core')])
        expect(await papersInTier(database.sql, 's1', 'core')).toEqual(['p3'])
        await storeLabels(database.sql, 's1', [
          { paperId: 'p1', label: 'include' },
          { paperId: 'p1', label: 'exclude', reason: 'no' },
        ])
        await storeLabels(database.sql, 's1', [{ paperId: 'p0', label: 'maybe' }])
        expect(await labelsOf(database.sql, 's1')).toEqual([
          { paperId: 'p0', label: 'maybe' },
          { paperId: 'p1', label: 'exclude', reason: 'no' },
        ])
      })

      test('of extraction are found by paper; the same rejected words count once', async () => {
        const locator = { document: documentId('a'), ranges: [{ page: 1, start: 0, end: 3 }] }
        const span = (id: string, paperId: string) =>
          ({ id, paperId, field: 'result', quotation: 'abc', locator, confidence: 1 }) as const
        await storeSpans(database.sql, 's1', [span('s2', 'p1'), span('s1', 'p1'), span('s3', 'p2')])
        const found = await spansOfPapers(database.sql, 's1', ['p1'])
        expect(found.map(({ id }) => id)).toEqual(['s1', 's2'])
        const rejected = { paperId: 'p1', field: 'result', quotation: 'never said' } as const
        await storeRejectedQuotations(database.sql, 's1', [rejected, rejected])
        await storeRejectedQuotations(database.sql, 's1', [rejected, { ...rejected, field: 'method' }])
        expect(await rejectedQuotationsOf(database.sql, 's1')).toHaveLength(2)
      })
    })

    describe('documents', () => {
      const document = {
        id: documentId('d'),
        byteLength: 12_345,
        pages: [page(1, 'One\nzwei “drei” 𝒜'), { ...page(2, ''), label: 'iv' }],
        metadata: { title: 'T' },
        pageFailures: [{ page: 3, message: 'm' }],
      }

      test('come back to the bit, and a second reading changes nothing', async () => {
        const stored = await Promise.all([1, 2, 3].map(() => storeDocument(database.sql, document)))
        expect(stored.filter(Boolean)).toHaveLength(1)
        const pages = await pagesOf(database.sql, document.id)
        expect(pages.map((one) => ({ ...one, boxes: [...one.boxes] }))).toEqual(
          document.pages.map((one) => ({ ...one, boxes: [...one.boxes] })),
        )
        expect([...(await pageTexts(database.sql, document.id))]).toEqual([
          [1, 'One\nzwei “drei” 𝒜'],
          [2, ''],
        ])
        const { pages: _, ...rest } = document
        expect(await findDocument(database.sql, document.id)).toEqual({ ...rest, pageCount: 2 })
      })

      test('that failed once may be read later, and then stay', async () => {
        const failure = { code: 'timed_out', message: 'm' } as const
        expect(await storeFailure(database.sql, document, failure)).toBe(true)
        expect(await findDocument(database.sql, document.id)).toMatchObject({ failure, pageCount: 0 })
        expect(await storeDocument(database.sql, document)).toBe(true)
        expect(await storeFailure(database.sql, document, failure)).toBe(false)
        expect((await findDocument(database.sql, document.id))?.failure).toBeUndefined()
      })

      test('without a page, and unknown ones', async () => {
        expect(await storeDocument(database.sql, { ...document, pages: [] })).toBe(true)
        expect(await pagesOf(database.sql, document.id)).toEqual([])
        expect(await findDocument(database.sql, documentId('e'))).toBeUndefined()
      })
    })

    test('the library knows its folders and what their files hash to', async () => {
      expect(await addLibraryFolder(database.sql, '/papers')).toBe(true)
      expect(await addLibraryFolder(database.sql, '/papers')).toBe(false)
      const file = { path: 'a/b.pdf', size: 2 ** 40, modified: 1795478089792.1235, sha256: documentId('a') }
      await rememberFiles(database.sql, '/papers', [
        file,
        { ...file, path: 'c' },
        { ...file, path: 'c', size: 1 },
      ])
      await rememberFiles(database.sql, '/papers', [{ ...file, sha256: documentId('b') }])
      await forgetFiles(database.sql, '/papers', ['c', 'never'])
      expect([...(await knownFiles(database.sql, '/papers')).values()]).toEqual([
        { ...file, sha256: documentId('b') },
      ])
      expect(await removeLibraryFolder(database.sql, '/papers')).toBe(true)
      expect(await knownFiles(database.sql, '/papers')).toEqual(new Map())
      expect(await libraryFolders(database.sql)).toEqual([])
    })

    describe('events', () => {
      test('are numbered without gaps by whoever appends them', async () => {
        const append = (done: number) =>
          appendEvent(database.sql, 's1', { type: 'phase.progress', phase: 'read', done })
        const failing = database.sql.transaction().execute(async (trx) => {
          await appendEvent(trx, 's1', { type: 'session.cancelled' })
          throw new Error('no')
        })
        await Promise.all([
          ...Array.from({ length: 20 }, (_, index) => append(index)),
          failing.catch(() => undefined),
        ])
        const all = await eventsAfter(database.sql, 's1', 0, 100)
        expect(all.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: 20 }, (_, index) => index + 1),
        )
        expect(all.some(({ body }) => body.type === 'session.cancelled')).toBe(false)
        expect((await eventsAfter(database.sql, 's1', 17, 2)).map(({ sequence }) => sequence)).toEqual([
          18, 19,
        ])
      })

      test('of an unknown session are refused', async () => {
        const append = appendEvent(database.sql, 'none', { type: 'session.resumed' })
        await expect(append).rejects.toMatchObject({ code: 'not_found' })
      })
    })

    describe('tasks', () => {
      const task = { session: 's1', key: 'read/p1', phase: 'read' } as const

      test('are finished once, with their results, however many try', async () => {
        expect(await beginTask(database.sql, task)).toEqual({ state: 'run', started: 1 })
        expect(await beginTask(database.sql, task)).toEqual({ state: 'run', started: 2 })
        let writes = 0
        const finish = () =>
          finishTask(database.sql, 's1', task.key, async (trx) => {
            writes += 1
            await storeRecords(trx, 's1', [record(`${writes}`)])
          })
        const finished = await Promise.all([finish(), finish(), finish()])
        expect(finished.filter(Boolean)).toHaveLength(1)
        expect(writes).toBe(1)
        expect(await recordsOf(database.sql, 's1')).toHaveLength(1)
        expect(await beginTask(database.sql, task)).toEqual({ state: 'finished', started: 2 })
        expect(await finishedTasks(database.sql, 's1', 'read')).toEqual(new Set([task.key]))
      })

      test('whose results cannot be stored are not finished', async () => {
        await beginTask(database.sql, task)
        const failing = finishTask(database.sql, 's1', task.key, async (trx) => {
          await storeRecords(trx, 's1', [record('a')])
          throw new Error('no')
        })
        await expect(failing).rejects.toThrow('no')
        expect(await recordsOf(database.sql, 's1')).toEqual([])
        expect(await beginTask(database.sql, task)).toEqual({ state: 'run', started: 2 })
      })

      test('that fail are over until they are reopened', async () => {
        await beginTask(database.sql, task)
        const failure = { item: 'a.pdf', message: 'It is cut short.' }
        expect(await failTask(database.sql, 's1', task.key, failure)).toBe(true)
        expect(await finishTask(database.sql, 's1', task.key, async () => undefined)).toBe(false)
        expect(await taskFailures(database.sql, 's1')).toEqual([{ phase: 'read', ...failure }])
        expect(await reopenFailedTasks(database.sql, 's1')).toBe(1)
        expect(await beginTask(database.sql, task)).toMatchObject({ state: 'run' })
      })

      test('that were never begun cannot be finished', async () => {
        const finish = finishTask(database.sql, 's1', 'other', async () => undefined)
        await expect(finish).rejects.toMatchObject({ code: 'internal' })
      })
    })
  })
}

test('session ids sort by time', () => {
  const at = (text: string) => sessionId(new Date(text), Uint8Array.of(0, 255, 31, 32))
  const ids = [at('2026-11-23T10:00:00Z'), at('2026-11-23T10:00:01Z'), at('2027-01-01T00:00:00Z')]
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(3)
  expect(ids[0]).toMatch(/^[0-9a-z]{7}-0zz0$/)
})
