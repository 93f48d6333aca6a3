import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'
import { storableText } from './text.ts'

const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Lower case, verified by the identity provider. */
  email: z.string().optional(),
  /** The identity provider, and the name it gives the user; absent for those whom an administrator made. */
  issuer: z.string().optional(),
  subject: z.string().optional(),
})

/** Somebody, or a program, that may use the service. */
export type User = z.infer<typeof userSchema>

const columns = ['id', 'name', 'email', 'issuer', 'subject'] as const

/** A user of this name. */
export async function findUser(db: Sql, id: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').select(columns).where('id', '=', id).executeTakeFirst()
  return row && parse(row)
}

/** Stores a user whom no identity provider knows. One that is there stays as it is. */
export async function storeUser(db: Sql, id: string): Promise<void> {
  await db
    .insertInto('users')
    .values({ id, name: id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Stores what the identity provider says of somebody who logs in; `id` is used where they have not been here before. */
export async function storeLoggedIn(
  db: Sql,
  { id, name, email, issuer, subject }: User & { issuer: string; subject: string },
): Promise<User> {
  const known = { name: storableText(name), email: email ?? null, logged_in_at: sql<Date>`clock_timestamp()` }
  const row = await db
    .insertInto('users')
    .values({ id, issuer, subject, ...known })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet(known))
    .returning(columns)
    .executeTakeFirstOrThrow()
  return parse(row)
}

/** Users whose name, address or id begins with `prefix`, whatever its case, by id. */
export async function searchUsers(
  db: Sql,
  { prefix, limit, after }: { prefix: string; limit: number; after?: string | undefined },
): Promise<User[]> {
  const pattern = `${storableText(prefix)
    .toLowerCase()
    .replaceAll(/[\\%_]/g, '\\$&')}%`
  let query = db
    .selectFrom('users')
    .select(columns)
    .where((column) =>
      column.or(
        (['id', 'name', 'email'] as const).map(
          (name) => sql<boolean>`lower(${sql.ref(name)}) like ${pattern}`,
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
  if (after !== undefined) query = query.where('id', '>', storableText(after))
  return (await query.execute()).map(parse)
}

function parse(row: Record<string, unknown>): User {
  return userSchema.parse(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))
}
