/**
 * A process for `kill.test.ts`, to be killed at any moment: works through one session of many small tasks and says how
 * far it has come. Its argument is JSON: where the database is, and where the queue.
 */
import { type DatabaseConfig, openDatabase } from '../store/database.ts'
import { appendEvent } from '../store/events.ts'
import { storeRecords } from '../store/papers.ts'
import { changeSession, createSession, findSession } from '../store/sessions.ts'
import { beginTask, finishedTasks, finishTask } from '../store/tasks.ts'
import { createQueues } from './create-queues.ts'
import { reviewJob, taskJobs } from './jobs.ts'
import { child, handle, handleSpine } from './queues.ts'

const { config, redis, tasks } = JSON.parse(process.argv[2]!) as {
  config: DatabaseConfig
  redis?: { url: string; prefix: string }
  tasks: number
}
const session = 's'
const run = 1
const items = Array.from({ length: tasks }, (_, index) => `item-${index}`)

const { sql, kind, pool } = await openDatabase(config)
const backend = redis ? { kind: 'redis' as const, ...redis } : { kind, pool }
const queues = await createQueues({ backend, onError: (error) => console.error(error) })

const spine = handleSpine(reviewJob, async (_payload, context) => {
  const finished = await finishedTasks(sql, session, 'read')
  const open = items.filter((item) => !finished.has(item))
  await context.addChildren(
    open.map((item, index) =>
      child(
        taskJobs.analysis,
        { session, run, kind: 'k', item, label: item, position: index + 1, rank: 0 },
        { key: item, position: index + 1 },
      ),
    ),
  )
  await context.waitForChildren()
  await changeSession(sql, session, { status: 'finished' })
  process.send!('finished')
})

const work = handle(taskJobs.analysis, async ({ item }) => {
  const { state } = await beginTask(sql, { session, key: item, phase: 'read' })
  if (state === 'finished') return
  await finishTask(sql, session, item, async (trx) => {
    const fields = { title: item, authors: [] }
    await storeRecords(trx, session, [{ key: item, source: 's', reference: item, fields, origins: {} }])
    const { sequence } = await appendEvent(trx, session, { type: 'phase.progress', phase: 'read', done: 1 })
    process.send!(sequence)
  })
})

if (!(await findSession(sql, session))) {
  await createSession(sql, { id: session, question: 'q', settings: {} })
}
await queues.createWorker('sessions', [spine], { concurrency: 1 })
await queues.createWorker('analysis', [work], { concurrency: 4 })
await queues.add(reviewJob, { session, run, rank: 0 }, 'review-s-1')
process.on('disconnect', () => process.exit())
