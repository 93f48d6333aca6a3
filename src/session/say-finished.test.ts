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
    // Several, since connections that are still being opened keep processes from coming at the same moment.
    for (const id of Array.from({ length: 10 }, (_, number) => `together ${number}`)) {
      await createSession(sql, { id, question: 'Why?', settings: {} })
      await changeSession(sql, id, { status: 'running' })
      // What each of three processes knew before either said anything.
      const context = { sql, session: await getSession(sql, id) } as TaskContext
      const saysMerged = () => sayFinished(stepNamed('merge'), context)
      const said = await Promise.all([saysMerged(), saysMerged(), saysMerged()])
      expect(said.toSorted((one, other) => one.length - other.length)).toEqual([[], [], ['merge']])
      expect(await sayFinished(stepNamed('collect'), context)).toEqual([])
      const events = await eventsAfter(sql, id, 0, 100)
      expect(events.map(({ body }) => body)).toMatchObject([{ type: 'phase.finished', phase: 'merge' }])
      expect(await getSession(sql, id)).toMatchObject({ phase: 'merge' })
    }
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
