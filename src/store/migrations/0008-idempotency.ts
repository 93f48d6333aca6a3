import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/** Requests that must not be done twice, and what they were answered. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')
  await schema
    .createTable('idempotency_keys')
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('key', key, (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('held_until', 'timestamptz', (column) => column.notNull())
    .addColumn('answer', 'jsonb')
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['user_id', 'key'])
    .execute()
  await schema.createIndex('idempotency_keys_by_end').on('idempotency_keys').column('expires_at').execute()
}
