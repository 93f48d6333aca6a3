import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { ApprovalError } from '../errors.ts'
import type { TaskContext } from '../pipeline/task.ts'
import type { Queues } from '../queue/queues.ts'
import { eventsAfter } from '../store/events.ts'
import { gatesOf } from '../store/gates.ts'
import { changeSession, getSession } from '../store/sessions.ts'
import { beginTask, taskStates } from '../store/tasks.ts'
import { answerGate, pendingGate } from './answer-gate.ts'
import type { Deployment } from './deployment.ts'
import { waitForPerson } from './task-waits.ts'

await describeEachStore('a session that waits for a person', (store) => {
  const added: string[] = []
  const deployment = () => {
    added.length = 0
    const queues = { add: async (_job: unknown, _payload: unknown, id: string) => void added.push(id) }
    return {
      sql: store.database.sql,
      queues: queues as unknown as Queues,
      admission: { running: 10, waiting: 10 },
      announce: async () => undefined,
    } as unknown as Deployment
  }
  const question = new ApprovalError('downloads', 'Forty full texts would be downloaded.', { papers: 40 })
  const ask = async (key: string) => {
    const { sql } = store.database
    await beginTask(sql, { session: 's1', key, phase: 'read' })
    const context = { sql, session: await getSession(sql, 's1') } as TaskContext
    await waitForPerson(deployment(), context, key, question)
  }
  const types = async () => (await eventsAfter(store.database.sql, 's1', 0, 99)).map(({ body }) => body.type)

  test('says so once, however many tasks ask, and none of them has failed', async () => {
    await changeSession(store.database.sql, 's1', { status: 'running' })
    await Promise.all(['read/a', 'read/b', 'read/c'].map(ask))
    expect((await getSession(store.database.sql, 's1')).status).toBe('waiting')
    expect(await types()).toEqual(['approval.required'])
    expect(await pendingGate(deployment(), 's1')).toMatchObject({
      gate: 'downloads',
      state: 'pending',
      message: 'Forty full texts would be downloaded.',
      details: { papers: 40 },
    })
    const states = [...(await taskStates(store.database.sql, 's1')).values()]
    expect(states).toEqual(states.map(() => ({ started: 0, ended: false })))
  })

  test.each(['approved', 'rejected'] as const)(
    'goes on when it is %s, and keeps the answer',
    async (state) => {
      await ask('read/a')
      const app = deployment()
      expect(await answerGate(app, 's1', state, { downloads: 7 })).toBe(1)
      expect(added).toEqual(['s1-2'])
      expect(await getSession(store.database.sql, 's1')).toMatchObject({ status: 'running', run: 2 })
      expect((await gatesOf(store.database.sql, 's1')).get('downloads')).toMatchObject({
        state,
        answer: { downloads: 7 },
      })
      expect(await types()).toEqual(['approval.required', 'session.resumed'])
    },
  )

  test('can be asked again after an answer', async () => {
    await ask('read/a')
    await answerGate(deployment(), 's1', 'approved')
    await ask('read/a')
    const gate = await pendingGate(deployment(), 's1')
    expect(gate).toEqual({
      gate: 'downloads',
      state: 'pending',
      message: question.message,
      details: question.details,
    })
  })

  test('takes no answer when it waits for none, and none twice', async () => {
    await expect(answerGate(deployment(), 's1', 'approved')).rejects.toMatchObject({ code: 'conflict' })
    await ask('read/a')
    const both = await Promise.allSettled([1, 2].map(() => answerGate(deployment(), 's1', 'approved')))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(answerGate(deployment(), 'nobody', 'approved')).rejects.toMatchObject({ code: 'not_found' })
  })
})
