import type { Phase } from '../contract/events.ts'
import type { Sql } from './database.ts'
import type { ValueTableName } from './tables.ts'

/**
 * Forgets results of a session and the tasks of some phases, so that they are done again. Call it within a transaction
 * that also changes the session, so that nothing is half forgotten.
 */
export async function forgetResults(
  db: Sql,
  session: string,
  { tables, phases }: { tables: readonly ValueTableName[]; phases: readonly Phase[] },
): Promise<void> {
  for (const table of tables) await db.deleteFrom(table).where('session', '=', session).execute()
  await db
    .deleteFrom('tasks')
    .where('session', '=', session)
    .where('phase', 'in', [...phases])
    .execute()
}
