import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { MessageValue } from '../contract/api/conversation.ts'
import type { JobDefinition } from '../queue/jobs.ts'
import type { Queues } from '../queue/queues.ts'
import { createConversation, deleteConversation, storeMessage } from '../store/conversations.ts'
import { changeSession, deleteSession, getSession, createSession as store } from '../store/sessions.ts'
import { admitSessions, keepAtWork, refuseBacklog, waitingPlace } from './admit-sessions.ts'

await describeEachStore('taking reviews on', (opened) => {
  let added: { id: string; rank: number }[] = []
  const there = new Set<string>()
  const queues = {
    async add(_job: JobDefinition<unknown>, { rank }: { rank: number }, id: string) {
      added.push({ id, rank })
    },
    async ensure(_job: JobDefinition<unknown>, { rank }: { rank: number }, id: string) {
      if (there.has(id)) return false
      added.push({ id, rank })
      return true
    },
  } as unknown as Queues
  const deployment = (running: number) => ({
    sql: opened.database.sql,
    queues,
    admission: { running, waiting: 100 },
  })
  const wait = async (...names: string[]) => {
    added = []
    there.clear()
    await deleteSession(opened.database.sql, 's1')
    for (const name of names) {
      const [owner = '', number] = name.split('')
      await store(opened.database.sql, { id: `${number}${owner}`, question: 'q', settings: {}, owner })
    }
  }
  const names = () => added.map(({ id }) => id.replace('-1', '')).sort()

  test('no more at once than may be at work, each user’s first before anybody’s second', async () => {
    await wait('a1', 'a2', 'a3', 'a4', 'b5', 'c6')
    await admitSessions(deployment(3))
    expect(names()).toEqual(['1a', '5b', '6c'])
    await admitSessions(deployment(3))
    expect(added).toHaveLength(3)
    await changeSession(opened.database.sql, '5b', { status: 'finished' })
    await admitSessions(deployment(3))
    expect(added.at(-1)).toEqual({ id: '2a-1', rank: 1 })
  })

  test('of many that do so at once, none takes one on twice or goes beyond', async () => {
    await wait(...Array.from({ length: 9 }, (_, index) => `a${index + 1}`))
    const sixTimes = (work: () => Promise<unknown>) => Promise.all(Array.from({ length: 6 }, work))
    // Connections that are still being opened would have them come one after another.
    await sixTimes(() => sql`select pg_sleep(0.05)`.execute(opened.database.sql))
    await sixTimes(() => admitSessions(deployment(4)))
    expect(names()).toEqual(['1a', '2a', '3a', '4a'])
  })

  test('what waits knows its place, and when it may begin once others have finished', async () => {
    const { sql: db } = opened.database
    await wait('a1', 'a2', 'b3')
    await admitSessions(deployment(1))
    const placeOf = async (id: string) => waitingPlace(deployment(1), await getSession(db, id))
    expect(await placeOf('1a')).toBeUndefined()
    expect(await placeOf('3b')).toEqual({ position: 1 })
    expect(await placeOf('2a')).toEqual({ position: 2 })
    await changeSession(db, '1a', { status: 'finished' })
    await sql`update sheaf.sessions set finished_at = started_at + interval '60 seconds' where id = '1a'`.execute(
      db,
    )
    const { position, expectedStart } = (await placeOf('2a'))!
    expect(position).toBe(1)
    const seconds = (expectedStart!.getTime() - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(50)
    expect(seconds).toBeLessThan(61)
  })

  test('refuses more than may wait, and says when to come again', async () => {
    await wait('a1', 'a2', 'a3')
    const full = refuseBacklog(opened.database.sql, { running: 1, waiting: 3 })
    await expect(full).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 180 })
  })

  test('gives a job to every review at work that the queue does not know', async () => {
    await wait('a1', 'a2', 'b3')
    await admitSessions(deployment(2))
    added = []
    there.add('1a-1')
    await keepAtWork(deployment(3))
    expect(names()).toEqual(['2a', '3b'])
  })

  test('gives a job to every question without an answer that the queue does not know', async () => {
    const { sql: db } = opened.database
    await wait('a1')
    await changeSession(db, '1a', { status: 'finished' })
    await createConversation(db, { id: 'c', owner: 'a', title: '' })
    const answer = { role: 'sheaf', text: '' } as const
    const values: MessageValue[] = [
      { role: 'person', kind: 'follow_up', text: 'Why?', job: 'j1' },
      { ...answer, sentences: [], answers: 1, state: 'pending' },
      { role: 'person', kind: 'follow_up', text: 'How?', job: 'j2' },
      { ...answer, sentences: [], answers: 3, state: 'failed' },
    ]
    for (const [index, value] of values.entries())
      await storeMessage(db, 'c', { number: index + 1, session: '1a', value })
    await keepAtWork(deployment(3))
    expect(added.map(({ id }) => id)).toEqual(['answer-c-2'])
    await deleteConversation(db, 'c')
  })
})
