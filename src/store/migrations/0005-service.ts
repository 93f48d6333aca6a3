import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/**
 * Whose a session is, who else may see it, what a person has decided against its screening, and the conversations in which
 * reviews are started, steered and asked about.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')
  await schema
    .alterTable('sessions')
    .addColumn('owner', key, (column) => column.notNull().defaultTo('local'))
    .execute()
  await schema.createIndex('sessions_owner_index').on('sessions').columns(['owner', 'id']).execute()

  await schema
    .createTable('shares')
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('shares_pkey', ['session', 'user_id'])
    .execute()
  await schema.createIndex('shares_user_index').on('shares').columns(['user_id', 'session']).execute()

  await schema
    .createTable('overrules')
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('paper', key, (column) => column.notNull())
    .addColumn('value', 'jsonb', (column) => column.notNull())
    .addPrimaryKeyConstraint('overrules_pkey', ['session', 'paper'])
    .execute()

  await schema
    .createTable('conversations')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('owner', key, (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('last_message', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .execute()
  await schema.createIndex('conversations_owner_index').on('conversations').columns(['owner', 'id']).execute()

  await schema
    .createTable('messages')
    .addColumn('conversation', key, (column) =>
      column.notNull().references('sheaf.conversations.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addColumn('session', key)
    .addColumn('value', 'jsonb', (column) => column.notNull())
    .addPrimaryKeyConstraint('messages_pkey', ['conversation', 'number'])
    .execute()
  await schema.createIndex('messages_session_index').on('messages').columns(['session']).execute()
}
