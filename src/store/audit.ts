import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'
import { storableText } from './text.ts'

/** The most characters of a target that are kept. */
const longestTarget = 300

const auditEntrySchema = z.object({
  /** Grows with time. */
  id: z.string(),
  at: z.date(),
  /** Absent where nobody was known. */
  user: z.string().optional(),
  /** Public part of the token that was used. */
  token: z.string().optional(),
  address: z.string(),
  action: z.string(),
  target: z.string(),
  /** `done`, or the code of the failure. */
  outcome: z.string(),
})

/** Something that was done, or tried. */
export type AuditEntry = z.infer<typeof auditEntrySchema>
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at'>

/** Enters what was done. */
export async function storeAudit(db: Sql, entry: NewAuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      user_id: entry.user ?? null,
      token: entry.token ?? null,
      address: entry.address,
      action: entry.action,
      target: storableText(entry.target).slice(0, longestTarget),
      outcome: entry.outcome,
    })
    .execute()
}

/** Whether the same was entered of the same user in the last hour. */
export async function wasAuditedLately(
  db: Sql,
  { user, action, target }: { user: string; action: string; target: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('audit')
    .select('id')
    .where('user_id', '=', user)
    .where('action', '=', action)
    .where('target', '=', target)
    .where('at', '>', sql<Date>`clock_timestamp() - interval '1 hour'`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Which entries are listed. */
export interface AuditFilter {
  readonly limit: number
  /** Older than this one. */
  readonly before?: string | undefined
  readonly user?: string | undefined
  readonly action?: string | undefined
  readonly since?: Date | undefined
  readonly until?: Date | undefined
}

/** Entries, newest first. */
export async function listAudit(db: Sql, filter: AuditFilter): Promise<AuditEntry[]> {
  const { limit, before, user, action, since, until } = filter
  let query = db
    .selectFrom('audit')
    .select([
      sql<string>`id::text`.as('id'),
      'at',
      'user_id as user',
      'token',
      'address',
      'action',
      'target',
      'outcome',
    ])
    .orderBy('audit.id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('audit.id', '<', before)
  if (user !== undefined) query = query.where('user_id', '=', user)
  if (action !== undefined) query = query.where('action', '=', action)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  return (await query.execute()).map((row) =>
    auditEntrySchema.parse(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
  )
}
