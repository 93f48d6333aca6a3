import { type Kysely, sql } from 'kysely'

/** When a review was taken on, those that wait for it, and the oldest program that still gets on with the tables. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')
  await schema.alterTable('sessions').addColumn('started_at', 'timestamptz').execute()
  await sql`update sheaf.sessions set started_at = created_at where status <> 'queued'`.execute(db)
  await schema
    .createIndex('sessions_at_work_index')
    .on('sessions')
    .columns(['status', 'id'])
    .where(sql.ref('status'), 'in', sql`('queued', 'running')`)
    .execute()
  await schema
    .createIndex('sessions_finished_index')
    .on('sessions')
    .column('finished_at desc')
    .where(sql.ref('status'), '=', sql.lit('finished'))
    .execute()

  // The last migration that a program must know to work on these tables: one that breaks older programs moves it.
  await schema
    .createTable('compatible')
    .addColumn('oldest', 'text', (column) => column.notNull())
    .execute()
  await sql`insert into sheaf.compatible (oldest) values ('0011-admission')`.execute(db)
}
