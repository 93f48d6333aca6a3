import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachStore } from '../../../test/support/each-store.ts'
import type { Sql } from '../database.ts'
import { createMigrator } from '../migrate.ts'

/** As version 0009 wrote them: sessions and documents with something in every table that is divided. */
const rowsBefore = sql`
  with session as (
    insert into sheaf.sessions (id, question, status, settings)
    select 's' || number, 'Why?', 'finished', '{}' from generate_series(1, 40) as number returning id
  ),
  document as (
    insert into sheaf.documents (id, byte_length, page_count, metadata, page_failures)
    select repeat(to_hex(number), 64), 1, 2, '{}', '[]' from generate_series(0, 15) as number returning id
  ),
  records as (insert into sheaf.records (session, id, value) select id, 'r1', '{"a": 1}' from session),
  papers as (
    insert into sheaf.papers (session, id, value)
    select id, 'p1', '{"fields": {"title": "Dancing bees", "abstract": "They tell where the food is."}, "document": "d"}'::jsonb
    from session union all select id, 'p2', '{"fields": {"title": "No abstract"}}'::jsonb from session
  ),
  decisions as (insert into sheaf.decisions (session, id, tier, value) select id, 'p1', 'core', '{}' from session),
  spans as (insert into sheaf.spans (session, id, paper, value) select id, 'q1', 'p1', '{}' from session),
  events as (insert into sheaf.events (session, sequence, body) select id, 1, '{}' from session),
  tasks as (insert into sheaf.tasks (session, key, phase, started) select id, 'k', 'read', 1 from session),
  pages as (
    insert into sheaf.pages (document, number, width, height, text, lines, boxes)
    select id, 1, 1, 1, 'Some words', '[]', 'x' from document
  )
  insert into sheaf.passages (document, page, first, last, sha256) select id, 1, 0, 4, 'abc' from document`

const divided = ['records', 'papers', 'decisions', 'spans', 'events', 'tasks', 'pages', 'passages']

/** Every row of the tables, without the columns that version 0012 adds. */
async function contentOf(db: Sql): Promise<unknown[]> {
  const all: unknown[] = []
  for (const table of divided) {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(whole) - 'words' as row from ${sql.id('sheaf', table)} as whole order by 1`.execute(db)
    all.push({ table, rows: rows.map(({ row }) => row) })
  }
  return all
}

await describeEachStore('a database of version 0009', (store) => {
  test('keeps every row, key and rule when its tables are divided', async () => {
    const db = store.database.sql
    await sql`drop schema sheaf cascade`.execute(db)
    const migrator = createMigrator(db)
    expect((await migrator.migrateTo('0009-leases')).error).toBeUndefined()
    await rowsBefore.execute(db)
    const before = await contentOf(db)
    expect((await migrator.migrateToLatest()).error).toBeUndefined()
    expect(await contentOf(db)).toEqual(before)

    const { rows } = await sql<{ id: string }>`
      select id from sheaf.papers where words @@ to_tsquery('english', 'dance & food')`.execute(db)
    expect(rows).toHaveLength(40)
    const next = await sql<{ id: string }>`
      insert into sheaf.passages (document, page, first, last, sha256)
      values (${'0'.repeat(64)}, 2, 0, 4, 'abc') returning id`.execute(db)
    expect(next.rows).toEqual([{ id: '17' }])
    await expect(
      sql`insert into sheaf.tasks (session, key, phase, started) values ('none', 'k', 'read', 1)`.execute(db),
    ).rejects.toThrow(/tasks_session_fkey/)
    await sql`delete from sheaf.sessions`.execute(db)
    await sql`delete from sheaf.documents`.execute(db)
    expect(await contentOf(db)).toEqual(divided.map((table) => ({ table, rows: [] })))
  })
})
