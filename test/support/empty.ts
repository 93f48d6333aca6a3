import { sql } from 'kysely'
import type { Sql } from '../../src/store/database.ts'

/**
 * Deletes all rows of tables, in their order, and what belongs to these rows. To truncate the many partitions that rows are spread over
 * takes a hundred times as long as the few rows of a test.
 */
export async function empty(db: Sql, ...tables: readonly string[]): Promise<void> {
  for (const table of tables) await sql`delete from ${sql.table(`sheaf.${table}`)}`.execute(db)
}
