import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { BibliographicRecord } from '../contract/paper.ts'
import { findDocument, storeFailure } from './documents.ts'
import { appendEvent, appendWhileAtWork, eventsAfter, eventTimes } from './events.ts'
import { recordsOf, storeRecords } from './papers.ts'
import {
  beginRun,
  changeSession,
  createSession,
  deleteSession,
  findSession,
  getSession,
  sessionId,
  sessionsAtWork,
  storePlan,
} from './sessions.ts'
import { beginTask } from './tasks.ts'

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
await describeEachStore('sessions', (store) => {
  describe('sessions', () => {
    test('go from state to state once', async () => {
      const move = () =>
        changeSession(store.database.sql, 's1', { status: 'running', phase: 'plan' }, ['queued'])
      expect((await Promise.all([move(), move(), move()])).filter(Boolean)).toHaveLength(1)
      await changeSession(store.database.sql, 's1', { status: 'failed', error: { message: 'm' } })
      const failed = await getSession(store.database.sql, 's1')
      expect(failed).toMatchObject({ status: 'failed', error: { message: 'm' }, phase: 'plan', run: 1 })
      expect(failed.finishedAt).toBeInstanceOf(Date)
      await changeSession(store.database.sql, 's1', { status: 'queued', error: null })
      const again = await getSession(store.database.sql, 's1')
      expect([again.error, again.finishedAt]).toEqual([undefined, undefined])
      expect(await beginRun(store.database.sql, 's1')).toBe(2)
    })

    test('at work are counted, with how long the oldest has been since it was started or resumed', async () => {
      const { sql: db } = store.database
      await appendEvent(db, 's1', { type: 'session.created', question: 'Why?' })
      await createSession(db, { id: 's2', question: 'How?', settings: {} })
      await appendEvent(db, 's2', { type: 'session.created', question: 'How?' })
      await sql`update sheaf.events set at = at - interval '1 hour'`.execute(db)
      expect(await sessionsAtWork(db)).toEqual({ count: 2, oldest: expect.closeTo(3600, -2) })
      await appendEvent(db, 's1', { type: 'session.resumed' })
      await changeSession(db, 's2', { status: 'waiting' })
      const { count, oldest } = await sessionsAtWork(db)
      expect(count).toBe(1)
      expect(oldest).toBeLessThan(1800)
      await changeSession(db, 's1', { status: 'finished' })
      expect(await sessionsAtWork(db)).toEqual({ count: 0, oldest: 0 })
    })

    test('when events were stored is told in seconds, in their order', async () => {
      const { sql: db } = store.database
      await appendEvent(db, 's1', { type: 'session.created', question: 'Why?' })
      await appendEvent(db, 's1', { type: 'session.resumed' })
      await appendEvent(db, 's1', { type: 'phase.started', phase: 'read' })
      const times = await eventTimes(db, 's1', ['session.created', 'phase.started'])
      expect(times).toEqual([
        { type: 'session.created', phase: null, at: expect.any(Number) },
        { type: 'phase.started', phase: 'read', at: expect.any(Number) },
      ])
      expect(times[1]!.at).toBeGreaterThanOrEqual(times[0]!.at)
    })

    test('keep an approved plan', async () => {
      expect(await storePlan(store.database.sql, 's1', plan, false)).toBe(true)
      expect(await storePlan(store.database.sql, 's1', { ...plan, question: 'r' }, true)).toBe(true)
      expect(await storePlan(store.database.sql, 's1', plan, false)).toBe(false)
      expect(await getSession(store.database.sql, 's1')).toMatchObject({
        plan: { question: 'r' },
        planApproved: true,
      })
    })

    test('are refused twice and unknown', async () => {
      const again = createSession(store.database.sql, { id: 's1', question: 'q', settings: {} })
      await expect(again).rejects.toMatchObject({ code: 'conflict' })
      await expect(getSession(store.database.sql, 'none')).rejects.toMatchObject({ code: 'not_found' })
      expect(await findSession(store.database.sql, 'none')).toBeUndefined()
    })

    test('are deleted with all that is theirs, but not the documents', async () => {
      await storeRecords(store.database.sql, 's1', [record('a.pdf')])
      await appendEvent(store.database.sql, 's1', { type: 'session.resumed' })
      await beginTask(store.database.sql, { session: 's1', key: 'k', phase: 'read' })
      await storeFailure(
        store.database.sql,
        { id: documentId('a'), byteLength: 3 },
        { code: 'truncated', message: 'm' },
      )
      expect(await deleteSession(store.database.sql, 's1')).toBe(true)
      expect(await deleteSession(store.database.sql, 's1')).toBe(false)
      expect(await recordsOf(store.database.sql, 's1')).toEqual([])
      expect(await findDocument(store.database.sql, documentId('a'))).toBeDefined()
    })
  })

  describe('events', () => {
    test('are numbered without gaps by whoever appends them', async () => {
      const append = (done: number) =>
        appendEvent(store.database.sql, 's1', { type: 'phase.progress', phase: 'read', done })
      const failing = store.database.sql.transaction().execute(async (trx) => {
        await appendEvent(trx, 's1', { type: 'session.cancelled' })
        throw new Error('no')
      })
      await Promise.all([
        ...Array.from({ length: 20 }, (_, index) => append(index)),
        failing.catch(() => undefined),
      ])
      const all = await eventsAfter(store.database.sql, 's1', 0, 100)
      expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      expect(all.some(({ body }) => body.type === 'session.cancelled')).toBe(false)
      expect((await eventsAfter(store.database.sql, 's1', 17, 2)).map(({ sequence }) => sequence)).toEqual([
        18, 19,
      ])
    })

    test('of tasks come before the end of their session or not at all, until it is resumed', async () => {
      const db = store.database.sql
      const says = (done: number) =>
        appendWhileAtWork(db, 's1', { type: 'phase.progress', phase: 'read', done })
      await changeSession(db, 's1', { status: 'running' })
      await says(1)
      await changeSession(db, 's1', { status: 'failed', error: { message: 'no' } })
      await appendEvent(db, 's1', { type: 'session.failed', message: 'no' })
      await says(2)
      await changeSession(db, 's1', { status: 'queued' })
      await says(3)
      const events = await eventsAfter(db, 's1', 0, 10)
      expect(events.map(({ sequence, body }) => [sequence, 'done' in body ? body.done : body.type])).toEqual([
        [1, 1],
        [2, 'session.failed'],
        [3, 3],
      ])
    })

    test('of an unknown session are refused', async () => {
      const append = appendEvent(store.database.sql, 'none', { type: 'session.resumed' })
      await expect(append).rejects.toMatchObject({ code: 'not_found' })
    })
  })
})

test('session ids sort by time', () => {
  const at = (text: string) => sessionId(new Date(text), Uint8Array.of(0, 255, 31, 32))
  const ids = [at('2026-11-23T10:00:00Z'), at('2026-11-23T10:00:01Z'), at('2027-01-01T00:00:00Z')]
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(3)
  expect(ids[0]).toMatch(/^[0-9a-z]{7}-0zz0$/)
})
