import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/** What the deployment has asked of other people's services, what it may not ask, and what it need not ask again. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')

  await sql`create sequence sheaf.turn_numbers`.execute(db)
  await schema
    .createTable('turns')
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('service', key, (column) => column.notNull())
    .addColumn('limit_name', key, (column) => column.notNull())
    .addColumn('units', 'double precision', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addColumn('counts_until', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('turns_pkey', ['number', 'limit_name'])
    .execute()
  await schema
    .createIndex('turns_by_limit')
    .on('turns')
    .columns(['service', 'limit_name', 'counts_until desc', 'number desc'])
    .execute()
  await schema.createIndex('turns_by_end').on('turns').column('counts_until').execute()

  await schema
    .createTable('limit_pauses')
    .addColumn('service', key, (column) => column.notNull())
    .addColumn('limit_name', key, (column) => column.notNull())
    .addColumn('until', 'timestamptz', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('limit_pauses_pkey', ['service', 'limit_name'])
    .execute()

  await schema
    .createTable('connections')
    .addColumn('ticket', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('service', key, (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await schema.createIndex('connections_by_service').on('connections').column('service').execute()

  await schema
    .createTable('cache')
    .addColumn('key', key, (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz')
    .execute()
  await schema.createIndex('cache_by_end').on('cache').column('expires_at').execute()
}
