import { taskKinds } from '../pipeline/steps.ts'
import { ParkedError } from '../queue/deaths.ts'
import type { TaskPayload } from '../queue/jobs.ts'
import { findSession } from '../store/sessions.ts'
import { beginTask } from '../store/tasks.ts'
import type { Deployment } from './deployment.ts'
import { isCurrent, taskKey } from './review-state.ts'
import { giveUp } from './task-jobs.ts'

/**
 * Gives up a task that cost several processes their life: it becomes a line of the report, and the review goes on without it.
 * Other failures of a job have been noted by the task itself.
 */
export async function parkTask(
  { sql, announce }: Pick<Deployment, 'sql' | 'announce'>,
  payload: TaskPayload,
  thrown: unknown,
): Promise<void> {
  if (!ParkedError.isInstance(thrown)) return
  const kind = taskKinds.get(payload.kind)
  if (!kind || !isCurrent(await findSession(sql, payload.session), payload.run)) return
  const key = taskKey(kind, payload.item)
  // Whatever kills a process may do so before the ledger knows of the task.
  await beginTask(sql, { session: payload.session, key, phase: kind.phase })
  await giveUp(sql, payload.session, kind, { key, label: payload.label, message: thrown.message })
  await announce(payload.session)
}
