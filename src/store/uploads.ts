import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** A file that a user put in, as it is entered. */
export interface StoredUpload {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly uploadedAt: Date
}

/** Files of a user by name, those after `after`, at most `limit`. */
export async function listUploads(
  db: Sql,
  user: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<StoredUpload[]> {
  let query = db
    .selectFrom('uploads')
    .select(['name', 'bytes', 'sha256', 'uploaded_at as uploadedAt'])
    .where('user_id', '=', user)
    .orderBy('name')
    .limit(limit)
  if (after !== undefined) query = query.where('name', '>', after)
  return query.execute()
}

/** One file of a user. */
export async function findUpload(db: Sql, user: string, name: string): Promise<StoredUpload | undefined> {
  return db
    .selectFrom('uploads')
    .select(['name', 'bytes', 'sha256', 'uploaded_at as uploadedAt'])
    .where('user_id', '=', user)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** How many files a user has beside `name`, and their bytes. */
export async function uploadsBeside(
  db: Sql,
  user: string,
  name: string,
): Promise<{ files: number; bytes: number }> {
  const { rows } = await sql<{ files: number; bytes: number }>`
    select count(*)::int as files, coalesce(sum(bytes), 0)::float8 as bytes
    from sheaf.uploads where user_id = ${user} and name <> ${name}`.execute(db)
  return rows[0]!
}

/** Enters a file, in the place of one of the same name. */
export async function storeUpload(
  db: Sql,
  user: string,
  { name, bytes, sha256 }: Omit<StoredUpload, 'uploadedAt'>,
): Promise<void> {
  const values = { bytes, sha256, uploaded_at: sql<Date>`clock_timestamp()` }
  await db
    .insertInto('uploads')
    .values({ user_id: user, name, ...values })
    .onConflict((conflict) => conflict.columns(['user_id', 'name']).doUpdateSet(values))
    .execute()
}

/** Takes a file out. Returns whether it was there. */
export async function removeUpload(db: Sql, user: string, name: string): Promise<boolean> {
  const removed = await db
    .deleteFrom('uploads')
    .where('user_id', '=', user)
    .where('name', '=', name)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}
