import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/** What language models answered, who is asking them now, what each call cost, and what that comes to. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')

  await schema
    .createTable('model_answers')
    .addColumn('key', key, (column) => column.primaryKey())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    // Text, because jsonb would give its keys back in another order than they came in.
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('usage', 'jsonb', (column) => column.notNull())
    .addColumn('answered_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .execute()

  await schema
    .createTable('model_claims')
    .addColumn('question', key, (column) => column.primaryKey())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()

  await schema
    .createTable('model_calls')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('task', key, (column) => column.notNull())
    .addColumn('provider', key, (column) => column.notNull())
    .addColumn('model', key, (column) => column.notNull())
    .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .addColumn('finished_at', 'timestamptz')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'numeric')
    .addColumn('input_tokens', 'bigint')
    .addColumn('output_tokens', 'bigint')
    .addColumn('cached_tokens', 'bigint')
    .addColumn('cache_write_tokens', 'bigint')
    .addColumn('reasoning_tokens', 'bigint')
    .addColumn('error', 'text')
    .execute()
  await schema.createIndex('model_calls_by_session').on('model_calls').column('session').execute()
  await schema
    .createIndex('model_calls_asking')
    .on('model_calls')
    .column('expires_at')
    .where(sql.ref('outcome'), '=', sql.lit('asking'))
    .execute()

  await schema
    .createTable('model_spending')
    .addColumn('scope', key, (column) => column.primaryKey())
    .addColumn('session', key, (column) => column.references('sheaf.sessions.id').onDelete('cascade'))
    .addColumn('tokens', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('cost', 'numeric', (column) => column.notNull().defaultTo(0))
    .addColumn('asking_tokens', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('asking_cost', 'numeric', (column) => column.notNull().defaultTo(0))
    .execute()
  await schema.createIndex('model_spending_by_session').on('model_spending').column('session').execute()
}
