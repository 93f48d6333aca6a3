import { type Kysely, type RawBuilder, sql } from 'kysely'

/**
 * Into so many parts each table is divided. Every part costs a laptop files and a planner time, and gains nothing before there are
 * hundreds of thousands of rows; docs/performance.md has the figures that this number follows from.
 */
const parts = 8

/** What is put into one part: everything of a session, or of a document. */
type PartitionKey = 'session' | 'document'

interface GrowingTable {
  readonly name: string
  readonly by: PartitionKey
  readonly primaryKey: readonly string[]
  /** What the database makes itself, so that it is not copied. */
  readonly generated?: readonly string[]
  /** Columns and, where need be, the condition of indexes beside the primary key, under the names that they had. */
  readonly indexes?: readonly { readonly name: string; readonly on: string }[]
}

const tables: readonly GrowingTable[] = [
  { name: 'records', by: 'session', primaryKey: ['session', 'id'] },
  {
    name: 'papers',
    by: 'session',
    primaryKey: ['session', 'id'],
    generated: ['document'],
    indexes: [
      { name: 'papers_document_index', on: '(document, session) where document is not null' },
      // Without its list of pending entries, which every search would have to read through in each part.
      { name: 'papers_words_index', on: 'using gin (words) with (fastupdate = off)' },
    ],
  },
  {
    name: 'decisions',
    by: 'session',
    primaryKey: ['session', 'id'],
    indexes: [{ name: 'decisions_tier_index', on: '(session, tier)' }],
  },
  {
    name: 'spans',
    by: 'session',
    primaryKey: ['session', 'id'],
    indexes: [{ name: 'spans_paper_index', on: '(session, paper)' }],
  },
  { name: 'events', by: 'session', primaryKey: ['session', 'sequence'] },
  { name: 'tasks', by: 'session', primaryKey: ['session', 'key'] },
  {
    name: 'pages',
    by: 'document',
    primaryKey: ['document', 'number'],
    generated: ['search'],
    indexes: [{ name: 'pages_search_index', on: 'using gin (search)' }],
  },
  {
    name: 'passages',
    by: 'document',
    primaryKey: ['document', 'page', 'first'],
    indexes: [
      { name: 'passages_id_index', on: '(id)' },
      { name: 'passages_sha256_index', on: '(sha256)' },
    ],
  },
]

/**
 * Divides what grows with every review by a hash of its session, and what grows with every document that is read by a hash of
 * that, and makes an index of the words of titles and abstracts. Rows are copied, since a table cannot become a divided one.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const table of tables) await divide(db, table)
}

async function divide(db: Kysely<never>, table: GrowingTable): Promise<void> {
  const { name, by, primaryKey, generated = [], indexes = [] } = table
  const target = sql.id('sheaf', name)
  const before = sql.id('sheaf', `${name}_before`)
  const run = (statement: RawBuilder<unknown>) => statement.execute(db)

  await run(sql`alter table ${target} rename to ${sql.id(`${name}_before`)}`)
  await run(sql`
    create table ${target} (like ${before} including defaults including generated including identity)
    partition by hash (${sql.id(by)})`)
  for (let part = 0; part < parts; part++)
    await run(sql`
      create table ${sql.id('sheaf', `${name}_${part}`)} partition of ${target}
      for values with (modulus ${sql.lit(parts)}, remainder ${sql.lit(part)})`)
  if (name === 'papers') await addWords(db)
  await copy(db, name, generated)
  await run(sql`drop table ${before}`)
  await run(sql`
    alter table ${target}
      add constraint ${sql.id(`${name}_pkey`)} primary key (${sql.join(primaryKey.map((column) => sql.id(column)))}),
      add constraint ${sql.id(`${name}_${by}_fkey`)}
        foreign key (${sql.id(by)}) references ${sql.id('sheaf', `${by}s`)} (id) on delete cascade`)
  for (const index of indexes)
    await run(sql`create index ${sql.id(index.name)} on ${target} ${sql.raw(index.on)}`)
}

/**
 * The words of a paper's title (A) and abstract (B), cleaned as those of pages are, and its session with a sign that no
 * word holds: so the index itself finds a word in a few sessions, instead of in all of them first.
 */
async function addWords(db: Kysely<never>): Promise<void> {
  const words = (field: string, weight: string) => sql`
    setweight(to_tsvector('pg_catalog.english',
      translate(left(value #>> ${sql.lit(`{fields,${field}}`)}, 100000), '<>/', '   ')), ${sql.lit(weight)})`
  await sql`
    alter table sheaf.papers add column words tsvector generated always as (
      ${words('title', 'A')} || coalesce(${words('abstract', 'B')}, '') || array_to_tsvector(array['#' || session])
    ) stored`.execute(db)
}

async function copy(db: Kysely<never>, name: string, generated: readonly string[]): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${`sheaf.${name}_before`}::regclass and attnum > 0 and not attisdropped
    order by attnum`.execute(db)
  const columns = rows.map((row) => row.name).filter((column) => !generated.includes(column))
  const list = sql.join(columns.map((column) => sql.id(column)))
  await sql`
    insert into ${sql.id('sheaf', name)} (${list}) overriding system value
    select ${list} from ${sql.id('sheaf', `${name}_before`)}`.execute(db)
  if (!columns.includes('id') || name !== 'passages') return
  await sql`
    select setval(pg_get_serial_sequence('sheaf.passages', 'id'), greatest(max(id), 1), count(*) > 0) from sheaf.passages`.execute(
    db,
  )
}
