import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** A kept value as it is written; it is not looked at here. */
export interface CacheEntry {
  readonly value: string
  readonly expiresAt: Date | null
}

/** The entry under a key, also one that has expired. */
export async function readCacheEntry(db: Sql, key: string): Promise<CacheEntry | undefined> {
  const row = await db
    .selectFrom('cache')
    .select(['value', 'expires_at'])
    .where('key', '=', key)
    .executeTakeFirst()
  return row && { value: row.value, expiresAt: row.expires_at }
}

/** Writes an entry over what stood there. */
export async function writeCacheEntry(db: Sql, key: string, { value, expiresAt }: CacheEntry): Promise<void> {
  await db
    .insertInto('cache')
    .values({ key, value, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, expires_at: expiresAt }))
    .execute()
}

/** Deletes entries by their keys. Returns how many there were. */
export async function deleteCacheEntries(db: Sql, keys: readonly string[]): Promise<number> {
  const result = await db
    .deleteFrom('cache')
    .where('key', 'in', [...keys])
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Deletes the entries whose keys begin so. */
export async function clearCacheEntries(db: Sql, prefix: string): Promise<void> {
  await sql`delete from sheaf.cache where starts_with(key, ${prefix})`.execute(db)
}

/** Deletes expired entries, some thousand at most, and none that another process is deleting. */
export async function pruneCacheEntries(db: Sql, now: Date): Promise<void> {
  await sql`
    delete from sheaf.cache where key in (
      select key from sheaf.cache where expires_at < ${now} limit 5000 for update skip locked
    )`.execute(db)
}
