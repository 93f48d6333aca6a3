import { expect, test } from 'vitest'
import { openTestApi } from '../../test/support/api.ts'
import { databaseKinds } from '../../test/support/databases.ts'
import { startRedis } from '../../test/support/servers.ts'
import { describeService } from '../../test/support/services.ts'
import { notesFolder } from '../../test/support/sheaf.ts'
import { keepAtWork } from '../session/admit-sessions.ts'
import { createConversation, storeMessage, takeNumbers } from '../store/conversations.ts'
import { changeSession, createSession } from '../store/sessions.ts'

const postgres = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!

describeService(postgres.service, 'while the queue is away', () => {
  test('reviews and questions are taken on all the same, and begin when it is back, whatever it has forgotten', async () => {
    await using redis = await startRedis({ durable: false })
    const data = await postgres.create()
    const url = data.config.kind === 'postgres' ? data.config.url : ''
    // Lost connections are none of what this test is about.
    const environment = { DATABASE_URL: url, REDIS_URL: redis.url, SHEAF_LOG: 'error' }
    {
      await using api = await openTestApi({ environment })
      const { sql, queues } = api.app.deployment
      await createSession(sql, { id: 'done', question: 'Why?', settings: {}, owner: 'local' })
      await changeSession(sql, 'done', { status: 'finished' })
      await createConversation(sql, { id: 'c1', owner: 'local', title: '' })
      const number = await takeNumbers(sql, 'c1', 1)
      await storeMessage(sql, 'c1', {
        number,
        session: 'done',
        value: { role: 'person', kind: 'question', text: 'Why?', job: 'j' },
      })
      await redis.stop()

      const settings = { analyst: 'extractive', libraryFolders: [notesFolder] }
      const started = await api.send('POST', '/sessions', { json: { question: 'Why?', settings } })
      expect(started.status).toBe(202)
      const other = (await (
        await api.send('POST', '/sessions', { json: { question: 'How?', settings } })
      ).json()) as { session_id: string }
      expect((await api.send('POST', `/sessions/${other.session_id}/cancel`)).status).toBeLessThan(300)
      const asked = await api.send('POST', '/conversations/c1/messages', {
        json: { kind: 'follow_up', text: 'And how?', session: 'done' },
      })
      expect(asked.status).toBe(202)

      await redis.start()
      await keepAtWork(api.app.deployment)
      expect((await queues.counts('sessions')).waiting).toBeGreaterThan(0)
      expect((await queues.counts('synthesis')).waiting).toBe(1)
      expect(api.faults).toEqual([])
    }
    await data.remove()
  })
})
