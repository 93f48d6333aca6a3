import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { appendEvent, eventsAfter } from '../store/events.ts'
import { changeSession, getSession } from '../store/sessions.ts'
import { beginTask, finishTask, putTaskBack } from '../store/tasks.ts'
import { beginInPhase } from './begin-in-phase.ts'

const kind = { phase: 'read' } as const

await describeEachStore('tasks that begin', (store) => {
  const begin = async (key: string) => {
    const { sql } = store.database
    return beginInPhase({ sql, session: await getSession(sql, 's1') }, kind, key)
  }
  const said = async () => (await eventsAfter(store.database.sql, 's1', 0, 100)).map(({ body }) => body)
  beforeEach(() => changeSession(store.database.sql, 's1', { status: 'running' }))

  test('at once say once that their phase has', async () => {
    const keys = Array.from({ length: 6 }, (_, index) => `fetch/${index}`)
    // Connections that are still being opened would have them come one after another.
    await Promise.all(keys.map(() => sql`select pg_sleep(0.05)`.execute(store.database.sql)))
    expect(await Promise.all(keys.map(begin))).toEqual(keys.map(() => true))
    expect(await said()).toEqual([{ type: 'phase.started', phase: 'read' }])
  })

  test('again, after they were put back, say nothing, and not at all once they are finished', async () => {
    const { sql } = store.database
    await begin('fetch/a')
    await putTaskBack(sql, 's1', 'fetch/a')
    expect(await begin('fetch/a')).toBe(true)
    await finishTask(sql, 's1', 'fetch/a', async () => undefined)
    expect(await begin('fetch/a')).toBe(false)
    expect(await said()).toHaveLength(1)
  })

  test('in two processes, of which one stood still since it looked, say it once', async () => {
    const { sql } = store.database
    const [begun, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = sql.transaction().execute(async (transaction) => {
      await beginTask(transaction, { session: 's1', key: 'fetch/a', phase: 'read' })
      await appendEvent(transaction, 's1', { type: 'phase.started', phase: 'read' })
      begun.resolve()
      await mayEnd.promise
    })
    await begun.promise
    // It has counted none and waits for the row that the first has not committed yet.
    const second = begin('fetch/a')
    await sleep(100)
    mayEnd.resolve()
    await first
    expect(await second).toBe(true)
    expect(await said()).toEqual([{ type: 'phase.started', phase: 'read' }])
  })
})
