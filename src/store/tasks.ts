import { sql } from 'kysely'
import { z } from 'zod'
import type { Phase } from '../contract/events.ts'
import type { TaskFailure } from '../contract/report.ts'
import { SheafError } from '../errors.ts'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/** A unit of work of a session, done once however often it is started: `key` names it, as `extract/p0123456789ab`. */
export interface Task {
  readonly session: string
  readonly key: string
  readonly phase: Phase
}

/** Whether a task is still to be done, how often it has been started, this start included, and whether it never was before. */
export interface TaskStart {
  readonly state: 'run' | 'finished'
  readonly started: number
  readonly isNew: boolean
}

/** Enters the start of a task in the ledger. A finished task is not started again. */
export async function beginTask(db: Sql, task: Task): Promise<TaskStart> {
  const { session, key, phase } = task
  const entered = await sql`
    insert into sheaf.tasks (session, key, phase, started) values (${session}, ${key}, ${phase}, 1)
    on conflict (session, key) do nothing returning key`.execute(db)
  if (entered.rows.length > 0) return { state: 'run', started: 1, isNew: true }
  const { rows } = await sql<{ started: number; finished: boolean }>`
    update sheaf.tasks set started = started + case when finished_at is null then 1 else 0 end
    where session = ${session} and key = ${key}
    returning started, finished_at is not null as finished`.execute(db)
  const [row] = rows
  // A person who overrules a decision takes tasks out of the ledger, perhaps between the two statements.
  if (row === undefined) return beginTask(db, task)
  return { state: row.finished ? 'finished' : 'run', started: row.started, isNew: false }
}

/** Takes a start back: the task was not done for a reason that is not its own, and will be started again. */
export async function putTaskBack(db: Sql, session: string, key: string): Promise<void> {
  await db
    .updateTable('tasks')
    .set((task) => ({ started: task('started', '-', 1) }))
    .where('session', '=', session)
    .where('key', '=', key)
    .where('finished_at', 'is', null)
    .where('started', '>', 0)
    .execute()
}

/**
 * Stores a task's results and marks it finished, in one transaction: both are there or neither. When another worker has
 * finished it meanwhile, `write` is not called. Returns whether this call finished it. Throws `internal` for a task
 * that was never begun, and whatever `write` throws, with nothing stored.
 */
export function finishTask(
  db: Sql,
  session: string,
  key: string,
  write: (trx: Sql) => Promise<void>,
): Promise<boolean> {
  return closeTask(db, session, key, null, write)
}

/**
 * Marks a task as finally failed, with what stands in the report. It counts as finished. `write` may store what
 * belongs to the failure, in the same transaction.
 */
export function failTask(
  db: Sql,
  session: string,
  key: string,
  failure: { item: string; message: string },
  write: (trx: Sql) => Promise<void> = async () => undefined,
): Promise<boolean> {
  return closeTask(db, session, key, storableJson(failure), write)
}

function closeTask(
  db: Sql,
  session: string,
  key: string,
  error: string | null,
  write: (trx: Sql) => Promise<void>,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    // The row stays locked until the transaction ends: a second finisher waits here and then finds it finished.
    const closed = await trx
      .updateTable('tasks')
      .set({ finished_at: sql<Date>`clock_timestamp()`, error })
      .where('session', '=', session)
      .where('key', '=', key)
      .where('finished_at', 'is', null)
      .executeTakeFirst()
    if (closed.numUpdatedRows === 0n) {
      if (await taskExists(trx, session, key)) return false
      throw new SheafError('internal', `Task ${key} of session ${session} was never begun.`)
    }
    await write(trx)
    return true
  })
}

async function taskExists(db: Sql, session: string, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('tasks')
    .select('key')
    .where('session', '=', session)
    .where('key', '=', key)
    .executeTakeFirst()
  return row !== undefined
}

/** Keys of a phase's tasks that are finished, failed ones among them. */
export async function finishedTasks(db: Sql, session: string, phase: Phase): Promise<Set<string>> {
  const rows = await db
    .selectFrom('tasks')
    .select('key')
    .where('session', '=', session)
    .where('phase', '=', phase)
    .where('finished_at', 'is not', null)
    .execute()
  return new Set(rows.map(({ key }) => key))
}

/** How many tasks of a phase were begun and how many of them are finished. */
export async function countTasks(
  db: Sql,
  session: string,
  phase: Phase,
): Promise<{ begun: number; finished: number; failed: number }> {
  const { rows } = await sql<{ begun: number; finished: number; failed: number }>`
    select count(*)::int as begun, count(finished_at)::int as finished, count(error)::int as failed
    from sheaf.tasks where session = ${session} and phase = ${phase}`.execute(db)
  return rows[0]!
}

const failureSchema = z.object({ item: z.string(), message: z.string() })

/** The tasks that finally failed, by key. */
export async function taskFailures(db: Sql, session: string): Promise<TaskFailure[]> {
  return (await failedTasks(db, session)).map(({ key: _, ...failure }) => failure)
}

/** The same with their keys: those after one, at most `limit`. */
export async function failedTasks(
  db: Sql,
  session: string,
  { after, limit }: { after?: string | undefined; limit?: number } = {},
): Promise<(TaskFailure & { key: string })[]> {
  let query = db
    .selectFrom('tasks')
    .select(['key', 'phase', 'error'])
    .where('session', '=', session)
    .where('error', 'is not', null)
    .orderBy('key')
  if (after !== undefined) query = query.where('key', '>', after)
  if (limit !== undefined) query = query.limit(limit)
  return (await query.execute()).map(({ key, phase, error }) => ({
    key,
    phase,
    ...failureSchema.parse(error),
  }))
}

/**
 * Lets tasks that finally failed, or were begun and never ended, start afresh when a person resumes the review. Returns
 * how many there are.
 */
export async function reopenTasks(db: Sql, session: string): Promise<number> {
  const reopened = await db
    .updateTable('tasks')
    .set({ finished_at: null, error: null, started: 0 })
    .where('session', '=', session)
    .where((task) => task.or([task('error', 'is not', null), task('finished_at', 'is', null)]))
    .executeTakeFirst()
  return Number(reopened.numUpdatedRows)
}

/** How a task stands: how often it was started, whether it has ended, and why it failed if it did. */
export interface TaskState {
  readonly started: number
  readonly ended: boolean
  readonly failure?: { readonly item: string; readonly message: string }
}

/** Every task of a session that was ever begun, by key. */
export async function taskStates(db: Sql, session: string): Promise<Map<string, TaskState>> {
  const rows = await db
    .selectFrom('tasks')
    .select(['key', 'started', 'finished_at', 'error'])
    .where('session', '=', session)
    .execute()
  return new Map(
    rows.map(({ key, started, finished_at, error }) => [
      key,
      {
        started,
        ended: finished_at !== null,
        ...(error === null ? {} : { failure: failureSchema.parse(error) }),
      },
    ]),
  )
}
