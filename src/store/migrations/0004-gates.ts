import { type Kysely, sql } from 'kysely'

/** What sessions wait for a person to agree to, and what that person said. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .withSchema('sheaf')
    .createTable('gates')
    .addColumn('session', sql`text collate "C"`, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('details', 'jsonb', (column) => column.notNull())
    .addColumn('answer', 'jsonb')
    .addColumn('opened_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addColumn('resolved_at', 'timestamptz')
    .addPrimaryKeyConstraint('gates_pkey', ['session', 'gate'])
    .execute()
}
