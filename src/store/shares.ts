import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'

/** Somebody else who may see a session, or steer it too. */
export const shareSchema = z.object({ user: z.string(), scope: z.enum(['read', 'write']) })
export type Share = z.infer<typeof shareSchema>

/** Lets a user see a session, or steer it; a share that is there already is changed. */
export async function storeShare(db: Sql, session: string, { user, scope }: Share): Promise<void> {
  await db
    .insertInto('shares')
    .values({ session, user_id: user, scope })
    .onConflict((conflict) => conflict.columns(['session', 'user_id']).doUpdateSet({ scope }))
    .execute()
}

/** Takes a share back. Returns whether there was one. */
export async function removeShare(db: Sql, session: string, user: string): Promise<boolean> {
  const removed = await db
    .deleteFrom('shares')
    .where('session', '=', session)
    .where('user_id', '=', user)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}

/** Everybody a session is shared with, by name. */
export async function sharesOf(db: Sql, session: string): Promise<Share[]> {
  const rows = await db
    .selectFrom('shares')
    .select(['user_id as user', 'scope'])
    .where('session', '=', session)
    .orderBy('user_id')
    .execute()
  return rows.map((row) => shareSchema.parse(row))
}

/** The users that each of these sessions is shared with. */
export async function shareholdersOf(
  db: Sql,
  sessions: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ session: string; users: string[] }>`
    select session, array_agg(user_id::text) as users from sheaf.shares
    where session = any(${sessions}) group by session`.execute(db)
  return new Map(rows.map(({ session, users }) => [session, new Set(users)]))
}
