import { type Kysely, sql } from 'kysely'

/** Keys sort by code point, whatever the server's locale, so that every listing has one order. */
const key = sql`text collate "C"`

/** Results of a session: one contract value per natural key. `columns` are those that queries look into. */
const valueTables: readonly { name: string; columns: readonly string[] }[] = [
  { name: 'source_items', columns: [] },
  { name: 'records', columns: [] },
  { name: 'papers', columns: [] },
  { name: 'decisions', columns: ['tier'] },
  { name: 'spans', columns: ['paper'] },
  { name: 'rejected_quotations', columns: ['paper'] },
  { name: 'cards', columns: [] },
  { name: 'themes', columns: [] },
  { name: 'claims', columns: [] },
  { name: 'audits', columns: [] },
  { name: 'relations', columns: [] },
  { name: 'gaps', columns: [] },
  { name: 'matrices', columns: [] },
]

/** The first tables. */
export async function up(db: Kysely<never>): Promise<void> {
  const schema = db.schema.withSchema('sheaf')

  await schema
    .createTable('sessions')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('phase', 'text')
    .addColumn('settings', 'jsonb', (column) => column.notNull())
    .addColumn('plan', 'jsonb')
    .addColumn('plan_approved', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('error', 'jsonb')
    .addColumn('output_folder', 'text')
    .addColumn('run', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('last_event', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addColumn('finished_at', 'timestamptz')
    .execute()

  await schema
    .createTable('events')
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .addColumn('body', 'jsonb', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_pkey', ['session', 'sequence'])
    .execute()

  await schema
    .createTable('documents')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('byte_length', 'double precision', (column) => column.notNull())
    .addColumn('page_count', 'integer', (column) => column.notNull())
    .addColumn('metadata', 'jsonb', (column) => column.notNull())
    .addColumn('page_failures', 'jsonb', (column) => column.notNull())
    .addColumn('failure', 'jsonb')
    .execute()

  await schema
    .createTable('pages')
    .addColumn('document', key, (column) =>
      column.notNull().references('sheaf.documents.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('width', 'double precision', (column) => column.notNull())
    .addColumn('height', 'double precision', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('lines', 'jsonb', (column) => column.notNull())
    .addColumn('boxes', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('pages_pkey', ['document', 'number'])
    .execute()

  await schema
    .createTable('library_folders')
    .addColumn('path', key, (column) => column.primaryKey())
    .addColumn('added_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
    .execute()

  await schema
    .createTable('library_files')
    .addColumn('folder', key, (column) => column.notNull())
    .addColumn('path', key, (column) => column.notNull())
    .addColumn('size', 'double precision', (column) => column.notNull())
    .addColumn('modified', 'double precision', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('library_files_pkey', ['folder', 'path'])
    .execute()

  for (const { name, columns } of valueTables) {
    let table = schema
      .createTable(name)
      .addColumn('session', key, (column) =>
        column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
      )
      .addColumn('id', key, (column) => column.notNull())
      .addColumn('value', 'jsonb', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${name}_pkey`, ['session', 'id'])
    for (const column of columns) table = table.addColumn(column, key, (definition) => definition.notNull())
    await table.execute()
    for (const column of columns) {
      await schema.createIndex(`${name}_${column}_index`).on(name).columns(['session', column]).execute()
    }
  }

  await schema
    .createTable('labels')
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('paper', key, (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('position', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('labels_pkey', ['session', 'paper'])
    .execute()

  await schema
    .createTable('tasks')
    .addColumn('session', key, (column) =>
      column.notNull().references('sheaf.sessions.id').onDelete('cascade'),
    )
    .addColumn('key', key, (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('started', 'integer', (column) => column.notNull())
    .addColumn('finished_at', 'timestamptz')
    .addColumn('error', 'jsonb')
    .addPrimaryKeyConstraint('tasks_pkey', ['session', 'key'])
    .execute()
}
