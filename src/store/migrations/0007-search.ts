import { type Kysely, sql } from 'kysely'

const key = sql`text collate "C"`

/**
 * So many characters of a page are indexed: a tsvector holds at most 1 MiB (PostgreSQL 18, 8.11.1), which hostile pages of
 * 500,000 characters would pass, and a dense newspaper page has 50,000.
 */
const indexedCharacters = sql.lit(100_000)

/** Papers that users put in, the words of every page, and passages with their vectors. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')

  await schema
    .createTable('uploads')
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('name', key, (column) => column.notNull())
    .addColumn('bytes', 'double precision', (column) => column.notNull())
    .addColumn('sha256', key, (column) => column.notNull())
    .addColumn('uploaded_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addPrimaryKeyConstraint('uploads_pkey', ['user_id', 'name'])
    .execute()

  // Generated, so that what is there already is filled now and nobody who stores a page has to think of it. PostgreSQL
  // would take “a<b and c>d” for a tag, skip what stands in <script>, and make “case/control” one word.
  await sql`
    alter table sheaf.pages add column search tsvector
      generated always as (to_tsvector('pg_catalog.english', translate(left(text, ${indexedCharacters}), '<>/', '   '))) stored`.execute(
    db,
  )
  await schema.createIndex('pages_search_index').on('pages').using('gin').column('search').execute()

  await sql`
    alter table sheaf.papers add column document ${key} generated always as (value ->> 'document') stored`.execute(
    db,
  )
  await schema
    .createIndex('papers_document_index')
    .on('papers')
    .columns(['document', 'session'])
    .where(sql.ref('document'), 'is not', null)
    .execute()

  await schema
    .createTable('passages')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('document', key, (column) =>
      column.notNull().references('sheaf.documents.id').onDelete('cascade'),
    )
    .addColumn('page', 'integer', (column) => column.notNull())
    .addColumn('first', 'integer', (column) => column.notNull())
    .addColumn('last', 'integer', (column) => column.notNull())
    .addColumn('sha256', key, (column) => column.notNull())
    .addUniqueConstraint('passages_place_key', ['document', 'page', 'first'])
    .execute()
  await schema.alterTable('documents').addColumn('passages', 'integer').execute()
  await schema
    .createIndex('documents_uncut_index')
    .on('documents')
    .column('id')
    .where(sql.ref('passages'), 'is', null)
    .execute()

  await schema
    .createTable('embeddings')
    .addColumn('model', key, (column) => column.notNull())
    .addColumn('sha256', key, (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('vector', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('embeddings_pkey', ['model', 'sha256'])
    .execute()
  await schema
    .createIndex('embeddings_number_index')
    .on('embeddings')
    .columns(['model', 'number'])
    .unique()
    .execute()
  await schema.createIndex('passages_sha256_index').on('passages').column('sha256').execute()

  // What is embedded serves all sessions, so its calls belong to none; the day's budget counts them.
  await schema
    .alterTable('model_calls')
    .alterColumn('session', (column) => column.dropNotNull())
    .execute()
}
