import { sql } from 'kysely'
import type { z } from 'zod'
import type { Sql } from './database.ts'
import type { ValueTableName } from './tables.ts'
import { storableJson } from './text.ts'

/** One contract value under its natural key, with what the table's other columns hold. */
interface ValueRow {
  id: string
  value: unknown
  tier?: string
  paper?: string
}

const extraColumn: Partial<Record<ValueTableName, 'tier' | 'paper'>> = {
  decisions: 'tier',
  spans: 'paper',
  rejected_quotations: 'paper',
}

/** Values that one statement stores: its JSON stays below a few MB, however many papers a session has. */
const valuesAtOnce = 500

/**
 * Stores values of a session, in statements of bounded size; within a transaction they are stored all or none. A key that is there
 * already keeps its value, so that writing a result a second time is a no-op. Returns how many this call stored.
 */
export async function storeValues(
  db: Sql,
  table: ValueTableName,
  session: string,
  rows: readonly ValueRow[],
): Promise<number> {
  let stored = 0
  for (let first = 0; first < rows.length; first += valuesAtOnce)
    stored += await storeBatch(db, table, session, rows.slice(first, first + valuesAtOnce))
  return stored
}

async function storeBatch(
  db: Sql,
  table: ValueTableName,
  session: string,
  rows: readonly ValueRow[],
): Promise<number> {
  const column = extraColumn[table]
  const target = sql.id('sheaf', table)
  const extra = column === undefined ? sql`` : sql`, ${sql.id(column)}`
  const result = await sql`
    insert into ${target} (session, id, value${extra})
    select ${session}, id, value${extra}
    from jsonb_to_recordset(${storableJson(rows)}::jsonb) as row(id text, value jsonb, tier text, paper text)
    on conflict (session, id) do nothing`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** How many values a session has in a table. */
export async function countValues(db: Sql, table: ValueTableName, session: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.id('sheaf', table)} where session = ${session}`.execute(db)
  return rows[0]!.count
}

/** All values of a session, by key in code-point order. */
export async function readValues<Value>(
  db: Sql,
  table: ValueTableName,
  schema: z.ZodType<Value>,
  session: string,
): Promise<Value[]> {
  const rows = await db
    .selectFrom(table)
    .select('value')
    .where('session', '=', session)
    .orderBy('id')
    .execute()
  return rows.map(({ value }) => schema.parse(value))
}

/** The value under one key. */
export async function readValue<Value>(
  db: Sql,
  table: ValueTableName,
  schema: z.ZodType<Value>,
  session: string,
  id: string,
): Promise<Value | undefined> {
  const row = await db
    .selectFrom(table)
    .select('value')
    .where('session', '=', session)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && schema.parse(row.value)
}

/** Which values of a table are wanted: a page of them, by key in code-point order, or only those of a paper or tier. */
export interface ValueFilter {
  readonly limit: number
  /** Keys beyond this one. */
  readonly after?: string | undefined
  /** For tables that know the paper of a value. */
  readonly paper?: string | undefined
  readonly tier?: string | undefined
}

/** One page of a session's values with their keys. */
export async function readValuePage<Value>(
  db: Sql,
  table: ValueTableName,
  schema: z.ZodType<Value>,
  session: string,
  { limit, after, paper, tier }: ValueFilter,
): Promise<{ id: string; value: Value }[]> {
  const extra = extraColumn[table]
  const wanted = extra === 'paper' ? paper : extra === 'tier' ? tier : undefined
  const { rows } = await sql<{ id: string; value: unknown }>`
    select id, value from ${sql.id('sheaf', table)}
    where session = ${session}
      ${after === undefined ? sql`` : sql`and id > ${after}`}
      ${wanted === undefined ? sql`` : sql`and ${sql.id(extra!)} = ${wanted}`}
    order by id limit ${limit}`.execute(db)
  return rows.map(({ id, value }) => ({ id, value: schema.parse(value) }))
}
