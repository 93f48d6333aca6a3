import type { TaskContext, TaskKind } from '../pipeline/task.ts'
import type { Sql } from '../store/database.ts'
import { appendWhileAtWork } from '../store/events.ts'
import { lockSession } from '../store/sessions.ts'
import { beginTask, countTasks } from '../store/tasks.ts'

/** Enters the start of a task in the ledger, and says so of its phase where it is the first. Resolves with whether it is still to be done. */
export async function beginInPhase(
  { sql, session }: Pick<TaskContext, 'sql' | 'session'>,
  kind: Pick<TaskKind, 'phase'>,
  key: string,
): Promise<boolean> {
  return sql.transaction().execute(async (transaction) => {
    const { begun } = await countTasks(transaction, session.id, kind.phase)
    const { state, isNew } = await beginTask(transaction, { session: session.id, key, phase: kind.phase })
    if (state === 'finished') return false
    // A process that stood still since it counted may come to a task that another has begun, and said so.
    if (begun === 0 && isNew && (await isFirst(transaction, session.id, kind)))
      await appendWhileAtWork(transaction, session.id, { type: 'phase.started', phase: kind.phase })
    return true
  })
}

/** Of tasks that begin at once, each of which sees no other, one is the first: the others wait here until it has said so. */
async function isFirst(
  transaction: Sql,
  session: string,
  { phase }: Pick<TaskKind, 'phase'>,
): Promise<boolean> {
  await lockSession(transaction, session)
  return (await countTasks(transaction, session, phase)).begun === 1
}
