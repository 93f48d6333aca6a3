import type { TaskItem, TaskKind } from '../pipeline/task.ts'
import { type TaskPayload, taskJobs } from '../queue/jobs.ts'
import type { Child } from '../queue/queues.ts'
import type { Sql } from '../store/database.ts'
import { appendWhileAtWork } from '../store/events.ts'
import { countTasks, failTask } from '../store/tasks.ts'

/** The longest label that a job carries; it is for people only. */
const labelLength = 200

/**
 * So many items of its owner's earlier review go before a review's first: with more reviews than workers, the first is
 * finished soon instead of all of them late, and who starts forty does not hold back who starts one.
 */
const rankWeight = 10

/**
 * The job that does a task. `starts` is how often the task was started before: a task that was started and left
 * unfinished gets a job of its own again, while adding one that waits already changes nothing.
 */
export function childFor(
  { session, run, rank }: Pick<TaskPayload, 'session' | 'run' | 'rank'>,
  kind: TaskKind,
  item: TaskItem,
  { starts, position }: { starts: number; position: number },
): Child {
  const payload: TaskPayload = {
    session,
    run,
    kind: kind.name,
    item: item.key,
    label: item.label.slice(0, labelLength),
    position,
    rank,
  }
  return {
    job: taskJobs[kind.queue],
    payload,
    key: `${kind.name}/${item.key}#${starts}`,
    position: position + rank * rankWeight,
  }
}

/** Notes that a task has finally failed, in the ledger and for who follows the session. */
export async function giveUp(
  sql: Sql,
  session: string,
  kind: TaskKind,
  { key, label, message }: { key: string; label: string; message: string },
): Promise<void> {
  await failTask(sql, session, key, { item: label, message }, async (transaction) => {
    await appendWhileAtWork(transaction, session, {
      type: 'item.failed',
      phase: kind.phase,
      item: label,
      message,
    })
  })
}

/** Says how many items of a phase there are, for kinds that work on more than one. */
export async function announceTotal(sql: Sql, session: string, kind: TaskKind, total: number): Promise<void> {
  if (total < 2) return
  const { finished } = await countTasks(sql, session, kind.phase)
  await appendWhileAtWork(sql, session, { type: 'phase.progress', phase: kind.phase, done: finished, total })
}
