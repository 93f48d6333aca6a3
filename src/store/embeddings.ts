import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** Vectors that a model gave, by the names of their texts; those there are. */
export async function findEmbeddings(
  db: Sql,
  model: string,
  names: readonly string[],
): Promise<Map<string, Int8Array>> {
  if (names.length === 0) return new Map()
  const rows = await db
    .selectFrom('embeddings')
    .select(['sha256', 'vector'])
    .where('model', '=', model)
    .where(sql<boolean>`sha256 = any(${[...names]}::text[])`)
    .execute()
  return new Map(rows.map(({ sha256, vector }) => [sha256, Int8Array.from(vector)]))
}

/** Keeps vectors; one that is there already stays. */
export async function keepEmbeddings(
  db: Sql,
  model: string,
  entries: readonly { sha256: string; vector: Int8Array }[],
): Promise<void> {
  await sql`
    insert into sheaf.embeddings (model, sha256, vector)
    select ${model}, * from unnest(
      ${entries.map(({ sha256 }) => sha256)}::text[],
      ${entries.map(({ vector }) => Buffer.from(vector.buffer, vector.byteOffset, vector.length))}::bytea[]
    )
    on conflict (model, sha256) do nothing`.execute(db)
}

/** A passage with its vector, as an index in memory takes it. */
export interface PassageVector {
  readonly passage: number
  readonly embedding: number
  readonly document: string
  readonly page: number
  readonly start: number
  readonly end: number
  readonly vector: Buffer
}

/**
 * The highest numbers of a model's vectors and of all passages, so many of each, in short: while it stays the same, nothing was added,
 * not even by a transaction that was given its numbers before another and committed after it.
 */
export async function newestMark(db: Sql, model: string, numbers: number): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws(' ',
      (select concat_ws(' ', max(number), count(*), sum(number)) from (
        select number from sheaf.embeddings where model = ${model} order by number desc limit ${numbers}) as vectors),
      (select concat_ws(' ', max(id), count(*), sum(id)) from (
        select id from sheaf.passages order by id desc limit ${numbers}) as newest)
    ) as mark`.execute(db)
  return rows[0]!.mark
}

const placed = sql`
  select passages.id::float8 as passage, embeddings.number::float8 as embedding, document, page,
    first as start, last as end, vector
  from sheaf.embeddings join sheaf.passages using (sha256)`

/**
 * Passages whose vectors are newer than one, oldest first, without those that are known; at least `limit` where there are so
 * many.
 */
export async function passagesOfNewVectors(
  db: Sql,
  model: string,
  { after, known }: { after: number; known: readonly number[] },
  limit: number,
): Promise<PassageVector[]> {
  const { rows } = await sql<PassageVector>`
    ${placed}
    where model = ${model} and embeddings.number > ${after}::bigint and passages.id <> all(${[...known]}::bigint[])
    order by embeddings.number fetch first ${sql.lit(limit)} rows with ties`.execute(db)
  return rows
}

/** Passages newer than one whose vectors are not, oldest first, at most `limit`: their words had been embedded before. */
export async function newPassagesOfVectors(
  db: Sql,
  model: string,
  { passage, embedding, known }: { passage: number; embedding: number; known: readonly number[] },
  limit: number,
): Promise<PassageVector[]> {
  const { rows } = await sql<PassageVector>`
    ${placed}
    where model = ${model} and passages.id > ${passage}::bigint and embeddings.number <= ${embedding}::bigint
      and passages.id <> all(${[...known]}::bigint[])
    order by passages.id limit ${limit}`.execute(db)
  return rows
}
