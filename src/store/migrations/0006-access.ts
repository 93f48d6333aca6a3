import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/** Who may use the service, by what they are known, what was done, and how often each has asked. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')
  const now = sql`clock_timestamp()`

  await schema
    .createTable('users')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', key)
    .addColumn('issuer', key)
    .addColumn('subject', key)
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('logged_in_at', 'timestamptz')
    .addUniqueConstraint('users_subject_key', ['issuer', 'subject'])
    .execute()
  await schema.createIndex('users_email_index').on('users').column('email').execute()
  await sql`insert into sheaf.users (id, name) values ('local', 'Whoever sits at the server')`.execute(db)

  await schema
    .createTable('tokens')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('user_id', key, (column) => column.notNull().references('sheaf.users.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'bytea', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('expires_at', 'timestamptz')
    .addColumn('used_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .execute()
  await schema.createIndex('tokens_user_index').on('tokens').columns(['user_id', 'id']).execute()

  await schema
    .createTable('logins')
    .addColumn('secret_hash', 'bytea', (column) => column.primaryKey())
    .addColumn('user_id', key, (column) => column.notNull().references('sheaf.users.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('seen_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()

  await schema
    .createTable('login_attempts')
    .addColumn('secret_hash', 'bytea', (column) => column.primaryKey())
    .addColumn('value', 'jsonb', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()

  await schema
    .createTable('audit')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('user_id', key)
    .addColumn('token', key)
    .addColumn('address', key, (column) => column.notNull())
    .addColumn('action', key, (column) => column.notNull())
    .addColumn('target', key, (column) => column.notNull())
    .addColumn('outcome', key, (column) => column.notNull())
    .execute()
  await schema.createIndex('audit_user_index').on('audit').columns(['user_id', 'id']).execute()
  await schema.createIndex('audit_action_index').on('audit').columns(['action', 'id']).execute()
  await schema.createIndex('audit_time_index').on('audit').column('at').execute()

  // Its columns are what rate-limiter-flexible reads and writes.
  await schema
    .createTable('rate_limits')
    .addColumn('key', 'varchar(255)', (column) => column.primaryKey())
    .addColumn('points', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('expire', 'bigint')
    .execute()
}
