import { ApprovalError, ElsewhereError, messageOf, SheafError, WaitingError } from '../errors.ts'
import { taskKinds } from '../pipeline/steps.ts'
import type { TaskContext, TaskKind } from '../pipeline/task.ts'
import type { TaskPayload } from '../queue/jobs.ts'
import type { JobContext } from '../queue/queues.ts'
import { appendWhileAtWork } from '../store/events.ts'
import { asStoreFailure } from '../store/failures.ts'
import { findSession } from '../store/sessions.ts'
import { countTasks, finishTask, putTaskBack } from '../store/tasks.ts'
import { beginInPhase } from './begin-in-phase.ts'
import type { Deployment } from './deployment.ts'
import { isCurrent, taskContext, taskKey } from './review-state.ts'
import { announceTotal, childFor, giveUp } from './task-jobs.ts'
import { waitForLimit, waitForPerson } from './task-waits.ts'

/**
 * Does one task: begins it in the ledger, works, and stores the result and the mark "finished" in one transaction. A
 * task that is finished already, or whose session no longer wants it, is left alone.
 */
export async function runTask(deployment: Deployment, payload: TaskPayload, job: JobContext): Promise<void> {
  const { sql } = deployment
  const session = await findSession(sql, payload.session)
  if (!isCurrent(session, payload.run)) return
  const kind = taskKinds.get(payload.kind)
  if (!kind) throw new SheafError('internal', `No task is named ${payload.kind}.`)
  const context = taskContext(deployment, session, job.signal)
  const key = taskKey(kind, payload.item)

  if (!(await beginInPhase(context, kind, key))) return
  await deployment.announce(session.id)
  try {
    const store = await kind.run(context, payload.item)
    await finishTask(sql, session.id, key, async (transaction) => {
      await store(transaction)
      const { finished: done } = await countTasks(transaction, session.id, kind.phase)
      await appendWhileAtWork(transaction, session.id, { type: 'phase.progress', phase: kind.phase, done })
    })
  } catch (cause) {
    const thrown = asStoreFailure(cause)
    if (job.signal.aborted) throw thrown
    if (ApprovalError.isInstance(thrown)) return waitForPerson(deployment, context, key, thrown)
    if (WaitingError.isInstance(thrown)) {
      await waitForLimit(context, kind, { key, label: payload.label }, thrown)
      await deployment.announce(session.id)
      throw thrown
    }
    const goesOn = ElsewhereError.isInstance(thrown)
    const tryAgain = goesOn || (SheafError.isInstance(thrown) && thrown.retryable && !job.lastAttempt)
    if (tryAgain) await putTaskBack(sql, session.id, key)
    if (tryAgain || isStoreFailure(thrown)) throw thrown
    await giveUp(sql, session.id, kind, { key, label: payload.label, message: messageOf(thrown) })
    await deployment.announce(session.id)
    return
  }
  await startFollowers(context, kind, payload, job)
  await deployment.announce(session.id)
}

/** When the store itself is away nothing can be noted there: the queue keeps the job. */
function isStoreFailure(thrown: unknown): boolean {
  return SheafError.isInstance(thrown) && thrown.code === 'store_unavailable'
}

/** Sends what this task has finished on to the next kind of its step, without waiting for the others. */
async function startFollowers(
  context: TaskContext,
  kind: TaskKind,
  payload: TaskPayload,
  job: JobContext,
): Promise<void> {
  const next = kind.next === undefined ? undefined : taskKinds.get(kind.next)
  if (!next) return
  const items = kind.followers
    ? await kind.followers(context, payload.item)
    : [{ key: payload.item, label: payload.label }]
  // What goes on by itself to further kinds is as much for each of them.
  for (let kind: TaskKind | undefined = next; kind; kind = kind.next ? taskKinds.get(kind.next) : undefined)
    await announceTotal(context.sql, payload.session, kind, items.length)
  await job.addSiblings(
    items.map((item, index) =>
      childFor(payload, next, item, {
        starts: 0,
        position: (payload.position - 1) * items.length + index + 1,
      }),
    ),
  )
}
