import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { BibliographicRecord } from '../contract/paper.ts'
import { rejectedQuotationsOf, spansOfPapers, storeRejectedQuotations, storeSpans } from './evidence.ts'
import { findPapers, recordsOf, storePapers, storeRecords } from './papers.ts'
import {
  labelsOf,
  papersInTier,
  removeLabel,
  replaceDecisions,
  storeDecisions,
  storeLabels,
} from './screening.ts'
import { beginTask, failTask, finishedTasks, finishTask, reopenTasks, taskFailures } from './tasks.ts'

const record = (reference: string, title = 'T'): BibliographicRecord => ({
  key: `library:${reference}`,
  source: 'library',
  reference,
  fields: { title, authors: [] },
  origins: {},
})
const documentId = (digit: string) => digit.repeat(64)
await describeEachStore('results', (store) => {
  describe('results', () => {
    test('are stored once by their key and read in one order', async () => {
      const first = [record('b.pdf'), record('a.pdf'), record('ä.pdf'), record('B.pdf')]
      expect(await storeRecords(store.database.sql, 's1', first)).toBe(4)
      expect(await storeRecords(store.database.sql, 's1', [record('a.pdf', 'Other'), record('c.pdf')])).toBe(
        1,
      )
      const stored = await recordsOf(store.database.sql, 's1')
      expect(stored.map(({ reference }) => reference)).toEqual(['B.pdf', 'a.pdf', 'b.pdf', 'c.pdf', 'ä.pdf'])
      expect(stored[1]).toEqual(record('a.pdf'))
    })

    test('of several writers at once are each stored by one of them', async () => {
      const all = Array.from({ length: 200 }, (_, index) => record(`${index}`))
      const counts = await Promise.all([1, 2, 3, 4].map(() => storeRecords(store.database.sql, 's1', all)))
      expect(counts.reduce((sum, count) => sum + count)).toBe(200)
    })

    test('come back as they were, whatever their texts hold', async () => {
      const wild = fc.string({ unit: 'binary', maxLength: 40 })
      await fc.assert(
        fc.asyncProperty(wild, wild, async (title, given) => {
          await store.database.sql.deleteFrom('papers').execute()
          const paper = {
            id: 'p',
            fields: { title, authors: [{ family: `${given}\ud800\u0000`, given }] },
            provenance: {},
            records: ['r'],
            mergedBecause: [],
          }
          await storePapers(store.database.sql, 's1', [paper])
          const [found] = await findPapers(store.database.sql, 's1', ['p', 'q'])
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
      await storeDecisions(store.database.sql, 's1', [
        decide('p2', 'core'),
        decide('p1', 'core'),
        decide('p3', 'exclude'),
      ])
      expect(await papersInTier(store.database.sql, 's1', 'core')).toEqual(['p1', 'p2'])
      await replaceDecisions(store.database.sql, 's1', [decide('p3', 'core')])
      expect(await papersInTier(store.database.sql, 's1', 'core')).toEqual(['p3'])
      await storeLabels(store.database.sql, 's1', [
        { paperId: 'p1', label: 'include' },
        { paperId: 'p1', label: 'exclude', reason: 'no' },
      ])
      await storeLabels(store.database.sql, 's1', [{ paperId: 'p0', label: 'maybe' }])
      expect(await labelsOf(store.database.sql, 's1')).toEqual([
        { paperId: 'p1', label: 'exclude', reason: 'no' },
        { paperId: 'p0', label: 'maybe' },
      ])
      await storeLabels(store.database.sql, 's1', [{ paperId: 'p1', label: 'include' }])
      expect((await labelsOf(store.database.sql, 's1')).map(({ paperId }) => paperId)).toEqual(['p0', 'p1'])
      expect(await removeLabel(store.database.sql, 's1', 'p1')).toBe(true)
      expect(await removeLabel(store.database.sql, 's1', 'p1')).toBe(false)
    })

    test('of extraction are found by paper; the same rejected words count once', async () => {
      const locator = { document: documentId('a'), ranges: [{ page: 1, start: 0, end: 3 }] }
      const span = (id: string, paperId: string) =>
        ({ id, paperId, field: 'result', quotation: 'abc', locator, confidence: 1 }) as const
      await storeSpans(store.database.sql, 's1', [span('s2', 'p1'), span('s1', 'p1'), span('s3', 'p2')])
      const found = await spansOfPapers(store.database.sql, 's1', ['p1'])
      expect(found.map(({ id }) => id)).toEqual(['s1', 's2'])
      const rejected = { paperId: 'p1', field: 'result', quotation: 'never said' } as const
      await storeRejectedQuotations(store.database.sql, 's1', [rejected, rejected])
      await storeRejectedQuotations(store.database.sql, 's1', [rejected, { ...rejected, field: 'method' }])
      expect(await rejectedQuotationsOf(store.database.sql, 's1')).toHaveLength(2)
    })
  })

  describe('tasks', () => {
    const task = { session: 's1', key: 'read/p1', phase: 'read' } as const

    test('are finished once, with their results, however many try', async () => {
      expect(await beginTask(store.database.sql, task)).toEqual({ state: 'run', started: 1, isNew: true })
      expect(await beginTask(store.database.sql, task)).toEqual({ state: 'run', started: 2, isNew: false })
      let writes = 0
      const finish = () =>
        finishTask(store.database.sql, 's1', task.key, async (trx) => {
          writes += 1
          await storeRecords(trx, 's1', [record(`${writes}`)])
        })
      const finished = await Promise.all([finish(), finish(), finish()])
      expect(finished.filter(Boolean)).toHaveLength(1)
      expect(writes).toBe(1)
      expect(await recordsOf(store.database.sql, 's1')).toHaveLength(1)
      expect(await beginTask(store.database.sql, task)).toEqual({
        state: 'finished',
        started: 2,
        isNew: false,
      })
      expect(await finishedTasks(store.database.sql, 's1', 'read')).toEqual(new Set([task.key]))
    })

    test('whose results cannot be stored are not finished', async () => {
      await beginTask(store.database.sql, task)
      const failing = finishTask(store.database.sql, 's1', task.key, async (trx) => {
        await storeRecords(trx, 's1', [record('a')])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await recordsOf(store.database.sql, 's1')).toEqual([])
      expect(await beginTask(store.database.sql, task)).toEqual({ state: 'run', started: 2, isNew: false })
    })

    test('that fail are over until they are reopened', async () => {
      await beginTask(store.database.sql, task)
      const failure = { item: 'a.pdf', message: 'It is cut short.' }
      expect(await failTask(store.database.sql, 's1', task.key, failure)).toBe(true)
      expect(await finishTask(store.database.sql, 's1', task.key, async () => undefined)).toBe(false)
      expect(await taskFailures(store.database.sql, 's1')).toEqual([{ phase: 'read', ...failure }])
      expect(await reopenTasks(store.database.sql, 's1')).toBe(1)
      expect(await beginTask(store.database.sql, task)).toMatchObject({ state: 'run' })
    })

    test('that were never begun cannot be finished', async () => {
      const finish = finishTask(store.database.sql, 's1', 'other', async () => undefined)
      await expect(finish).rejects.toMatchObject({ code: 'internal' })
    })
  })
})
