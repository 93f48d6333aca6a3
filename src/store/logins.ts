import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/** How long a browser stays logged in, in hours: since its last request, and in all. */
const idleHours = 12
const allHours = 7 * 24
/** Minutes that a person may take at the identity provider. */
const attemptMinutes = 10

const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
})

/** What is remembered of a login while the person is at the identity provider. */
export type LoginAttempt = z.infer<typeof attemptSchema>

/** Stores a login; those that have ended are forgotten. `hash` is of what the browser keeps. */
export async function storeLogin(db: Sql, hash: Buffer, user: string): Promise<void> {
  await db
    .deleteFrom('logins')
    .where((column) =>
      column.or([
        sql<boolean>`expires_at <= clock_timestamp()`,
        sql<boolean>`seen_at <= clock_timestamp() - ${idleHours} * interval '1 hour'`,
      ]),
    )
    .execute()
  await db
    .insertInto('logins')
    .values({
      secret_hash: hash,
      user_id: user,
      expires_at: sql<Date>`clock_timestamp() + ${allHours} * interval '1 hour'`,
    })
    .execute()
}

/** Whose login it is, if it has not ended. Notes, to the minute, that it was used. */
export async function findLogin(db: Sql, hash: Buffer): Promise<string | undefined> {
  const { rows } = await sql<{ user: string; stale: boolean }>`
    select user_id as user, seen_at < clock_timestamp() - interval '1 minute' as stale from sheaf.logins
    where secret_hash = ${hash} and expires_at > clock_timestamp()
      and seen_at > clock_timestamp() - ${idleHours} * interval '1 hour'`.execute(db)
  const found = rows[0]
  if (found?.stale)
    await sql`update sheaf.logins set seen_at = clock_timestamp() where secret_hash = ${hash}`.execute(db)
  return found?.user
}

/** Ends a login, everywhere. Returns whose it was. */
export async function removeLogin(db: Sql, hash: Buffer): Promise<string | undefined> {
  const row = await db
    .deleteFrom('logins')
    .where('secret_hash', '=', hash)
    .returning('user_id')
    .executeTakeFirst()
  return row?.user_id
}

/** Stores a login that has begun; those that were never finished are forgotten. */
export async function storeAttempt(db: Sql, hash: Buffer, attempt: LoginAttempt): Promise<void> {
  await db.deleteFrom('login_attempts').where(sql<boolean>`expires_at <= clock_timestamp()`).execute()
  await db
    .insertInto('login_attempts')
    .values({
      secret_hash: hash,
      value: storableJson(attempt),
      expires_at: sql<Date>`clock_timestamp() + ${attemptMinutes} * interval '1 minute'`,
    })
    .execute()
}

/** Takes out a login that has begun: it can be finished once. */
export async function takeAttempt(db: Sql, hash: Buffer): Promise<LoginAttempt | undefined> {
  const row = await db
    .deleteFrom('login_attempts')
    .where('secret_hash', '=', hash)
    .returning(['value', sql<boolean>`expires_at <= clock_timestamp()`.as('expired')])
    .executeTakeFirst()
  return row && !row.expired ? attemptSchema.parse(row.value) : undefined
}
