import { sql } from 'kysely'
import { z } from 'zod'
import { scopeSchema } from '../contract/caller.ts'
import type { Sql } from './database.ts'
import { storableText } from './text.ts'

const tokenSchema = z.object({
  /** Its public part. */
  id: z.string(),
  user: z.string(),
  name: z.string(),
  scope: scopeSchema,
  createdAt: z.date(),
  expiresAt: z.date().optional(),
  /** To the minute. */
  usedAt: z.date().optional(),
  revokedAt: z.date().optional(),
})

/** An API token without its secret. */
export type Token = z.infer<typeof tokenSchema>

const columns = [
  'id',
  'user_id as user',
  'name',
  'scope',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'used_at as usedAt',
  'revoked_at as revokedAt',
] as const

/** Stores a new token with the hash of its secret. */
export async function storeToken(
  db: Sql,
  token: Pick<Token, 'id' | 'user' | 'name' | 'scope'> & { hash: Buffer; expiresAt: Date | undefined },
): Promise<Token> {
  const row = await db
    .insertInto('tokens')
    .values({
      id: token.id,
      user_id: token.user,
      name: storableText(token.name),
      scope: token.scope,
      secret_hash: token.hash,
      expires_at: token.expiresAt ?? null,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
  return parse(row)
}

/** A token with the hash of its secret, and whether it has expired by the database's clock. */
export async function findToken(
  db: Sql,
  id: string,
): Promise<(Token & { hash: Buffer; expired: boolean }) | undefined> {
  const row = await db
    .selectFrom('tokens')
    .select(columns)
    .select(['secret_hash', sql<boolean>`coalesce(expires_at <= clock_timestamp(), false)`.as('expired')])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { secret_hash, expired, ...token } = row
  return { ...parse(token), hash: Buffer.from(secret_hash), expired }
}

/** Notes that a token was used; to the minute, so that not every request writes. */
export async function noteTokenUse(db: Sql, id: string): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ used_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where(sql<boolean>`coalesce(used_at < clock_timestamp() - interval '1 minute', true)`)
    .execute()
}

/** Tokens, newest first, of all users or of one. */
export async function listTokens(
  db: Sql,
  { limit, before, user }: { limit: number; before?: string | undefined; user?: string | undefined },
): Promise<Token[]> {
  let query = db.selectFrom('tokens').select(columns).orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('id', '<', storableText(before))
  if (user !== undefined) query = query.where('user_id', '=', user)
  return (await query.execute()).map(parse)
}

/** Revokes a token, of any user or only of this one. Returns it; undefined where there is none. Revoked again, it keeps its time. */
export async function revokeToken(db: Sql, id: string, user?: string): Promise<Token | undefined> {
  let query = db
    .updateTable('tokens')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, clock_timestamp())` })
    .where('id', '=', id)
  if (user !== undefined) query = query.where('user_id', '=', user)
  const row = await query.returning(columns).executeTakeFirst()
  return row && parse(row)
}

function parse(row: Record<string, unknown>): Token {
  return tokenSchema.parse(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))
}
