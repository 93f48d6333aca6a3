import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { steps } from '../pipeline/steps.ts'
import type { TaskContext } from '../pipeline/task.ts'
import { eventsAfter } from '../store/events.ts'
import { changeSession, createSession, getSession } from '../store/sessions.ts'
import { sayFinished } from './say-finished.ts'

const stepNamed = (name: string) => steps.find((step) => step.name === name)!

await describeEachStore('what a step has brought', (store) => {
  test('is said once, by whichever process comes first, and never after a later step', async () => {
    const { sql } = store.database
    await createSession(sql, { id: 'two', question: 'Why?', settings: {} })
    await changeSession(sql, 'two', { status: 'running' })
    // What each of two processes knew before either said anything.
    const context = { sql, session: await getSession(sql, 'two') } as TaskContext
    const said = await Promise.all([
      sayFinished(stepNamed('merge'), context),
      sayFinished(stepNamed('merge'), context),
      sayFinished(stepNamed('merge'), context),
    ])
    expect(said.toSorted((one, other) => one.length - other.length)).toEqual([[], [], ['merge']])
    expect(await sayFinished(stepNamed('collect'), context)).toEqual([])
    const events = await eventsAfter(sql, 'two', 0, 100)
    expect(events.map(({ body }) => body)).toMatchObject([{ type: 'phase.finished', phase: 'merge' }])
    expect(await getSession(sql, 'two')).toMatchObject({ phase: 'merge' })
  })

  test('is not said of a session that was started anew since', async () => {
    const { sql } = store.database
    await createSession(sql, { id: 'anew', question: 'Why?', settings: {} })
    const session = await getSession(sql, 'anew')
    const context = { sql, session: { ...session, run: session.run - 1 } } as TaskContext
    expect(await sayFinished(stepNamed('merge'), context)).toEqual([])
    expect(await eventsAfter(sql, 'anew', 0, 100)).toEqual([])
  })
})
