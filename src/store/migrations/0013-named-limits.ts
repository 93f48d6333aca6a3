import type { Kysely } from 'kysely'

/** Limits as services have named them, for processes that have not asked any yet. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .withSchema('sheaf')
    .createTable('named_limits')
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('limit_name', 'text', (column) => column.notNull())
    .addColumn('max', 'double precision', (column) => column.notNull())
    .addColumn('window_milliseconds', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('named_limits_pkey', ['service', 'limit_name'])
    .execute()
}
