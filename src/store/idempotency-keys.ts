import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/** An answer that is given again. */
export const keptAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})
export type KeptAnswer = z.infer<typeof keptAnswerSchema>

/** Whose key, and which. */
export interface KeyName {
  readonly user: string
  readonly key: string
}

/** What stands under a key that another request has taken. */
export interface TakenKey {
  /** Hash of the request that took it. */
  readonly request: string
  /** Absent while it is being answered. */
  readonly answer?: KeptAnswer
}

/**
 * Takes a key for a request, for `holdMilliseconds`, unless it is taken: then returns by what. A key whose time is over,
 * or whose holder died before it answered, is free.
 */
export async function takeKey(
  db: Sql,
  { user, key }: KeyName,
  { request, holder }: { request: string; holder: string },
  { holdMilliseconds, lifeMilliseconds }: { holdMilliseconds: number; lifeMilliseconds: number },
): Promise<TakenKey | undefined> {
  for (;;) {
    const taken = await sql`
      insert into sheaf.idempotency_keys as kept (user_id, key, request, holder, held_until, expires_at)
      values (${user}, ${key}, ${request}, ${holder}, ${after(holdMilliseconds)}, ${after(lifeMilliseconds)})
      on conflict (user_id, key) do update set
        request = excluded.request, holder = excluded.holder, held_until = excluded.held_until,
        answer = null, expires_at = excluded.expires_at
      where kept.expires_at <= clock_timestamp()
        or (kept.answer is null and kept.held_until <= clock_timestamp())
      returning key`.execute(db)
    if (taken.rows.length > 0) return undefined
    const row = await db
      .selectFrom('idempotency_keys')
      .select(['request', 'answer'])
      .where('user_id', '=', user)
      .where('key', '=', key)
      .executeTakeFirst()
    // Gone meanwhile: it is free after all.
    if (row)
      return {
        request: row.request,
        ...(row.answer !== null && { answer: keptAnswerSchema.parse(row.answer) }),
      }
  }
}

/** Keeps hold of a key for longer. */
export async function holdKey(
  db: Sql,
  name: KeyName,
  holder: string,
  holdMilliseconds: number,
): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ held_until: after(holdMilliseconds) })
    .where('user_id', '=', name.user)
    .where('key', '=', name.key)
    .where('holder', '=', holder)
    .execute()
}

/** Stores what a request was answered, for who still holds its key; deletes the key when there is nothing to keep. */
export async function settleKey(
  db: Sql,
  name: KeyName,
  holder: string,
  answer: KeptAnswer | undefined,
): Promise<void> {
  const { user, key } = name
  if (answer === undefined)
    await sql`
      delete from sheaf.idempotency_keys
      where user_id = ${user} and key = ${key} and holder = ${holder}`.execute(db)
  else
    await sql`
      update sheaf.idempotency_keys set answer = ${storableJson(answer)}::jsonb
      where user_id = ${user} and key = ${key} and holder = ${holder}`.execute(db)
}

/** Deletes keys whose time is over, some thousand at most, and none that another process is deleting. */
export async function pruneKeys(db: Sql): Promise<void> {
  await sql`
    delete from sheaf.idempotency_keys where (user_id, key) in (
      select user_id, key from sheaf.idempotency_keys
      where expires_at <= clock_timestamp() limit 1000 for update skip locked
    )`.execute(db)
}

function after(milliseconds: number) {
  return sql<Date>`clock_timestamp() + ${milliseconds}::float8 * interval '1 millisecond'`
}
