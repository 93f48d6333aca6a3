import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** A passage of a page, `[start, end)` in UTF-16 units of its text, under the name of its vector. */
export interface StoredPassage {
  readonly page: number
  readonly start: number
  readonly end: number
  readonly sha256: string
}

/** Documents with pages that were not cut into passages yet, at most `limit`. */
export async function uncutDocuments(db: Sql, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('documents')
    .select('id')
    .where('passages', 'is', null)
    .where('page_count', '>', 0)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Stores the passages of a document, all of them in one transaction; a second time changes nothing. */
export async function storePassages(
  db: Sql,
  document: string,
  passages: readonly StoredPassage[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into sheaf.passages (document, page, first, last, sha256)
      select ${document}, * from unnest(
        ${passages.map(({ page }) => page)}::int[],
        ${passages.map(({ start }) => start)}::int[],
        ${passages.map(({ end }) => end)}::int[],
        ${passages.map(({ sha256 }) => sha256)}::text[]
      )
      on conflict do nothing`.execute(trx)
    await trx.updateTable('documents').set({ passages: passages.length }).where('id', '=', document).execute()
  })
}

/** Passages without a vector of a model, oldest first, at most `limit`. */
export async function passagesWithoutVector(
  db: Sql,
  model: string,
  limit: number,
): Promise<(StoredPassage & { document: string })[]> {
  const { rows } = await sql<StoredPassage & { document: string }>`
    select document, page, first as start, last as end, sha256 from sheaf.passages
    where not exists (
      select from sheaf.embeddings where model = ${model} and embeddings.sha256 = passages.sha256
    )
    order by id limit ${limit}`.execute(db)
  return rows
}
