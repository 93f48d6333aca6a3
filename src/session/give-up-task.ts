import { taskKinds } from '../pipeline/steps.ts'
import { ParkedError } from '../queue/deaths.ts'
import type { TaskPayload } from '../queue/jobs.ts'
import { findSession } from '../store/sessions.ts'
import { beginTask } from '../store/tasks.ts'
import type { Deployment } from './deployment.ts'
import { isCurrent, taskKey } from './review-state.ts'
import { giveUp } from './task-jobs.ts'

/**
 * Gives up a task for a reason that it could not note itself: it becomes a line of the report, and the review goes on without it. Does
 * nothing to one that has ended, or that nobody waits for any more.
 */
export async function giveUpTask(
  { sql, announce }: Pick<Deployment, 'sql' | 'announce'>,
  payload: TaskPayload,
  message: string,
): Promise<void> {
  const kind = taskKinds.get(payload.kind)
  if (!kind || !isCurrent(await findSession(sql, payload.session), payload.run)) return
  const key = taskKey(kind, payload.item)
  // Whatever ended it may have done so before the ledger knew of it.
  await beginTask(sql, { session: payload.session, key, phase: kind.phase })
  await giveUp(sql, payload.session, kind, { key, label: payload.label, message })
  await announce(payload.session)
}

/** Gives up a task that cost several processes their life, or went in circles. Other failures of a job the task has noted itself. */
export async function parkTask(
  deployment: Pick<Deployment, 'sql' | 'announce'>,
  payload: TaskPayload,
  thrown: unknown,
): Promise<void> {
  if (ParkedError.isInstance(thrown)) await giveUpTask(deployment, payload, thrown.message)
}
