import { sql } from 'kysely'
import { z } from 'zod'
import { type Phase, phaseSchema, type SessionStatus, sessionStatuses } from '../contract/events.ts'
import { type Plan, planSchema } from '../contract/plan.ts'
import { SheafError } from '../errors.ts'
import type { Sql } from './database.ts'
import { storableJson, storableText } from './text.ts'

const sessionSchema = z.object({
  id: z.string(),
  question: z.string(),
  status: z.enum(sessionStatuses),
  phase: phaseSchema.optional(),
  settings: z.record(z.string(), z.unknown()),
  plan: planSchema.optional(),
  planApproved: z.boolean(),
  /** Why it failed. */
  error: z.object({ message: z.string(), advice: z.string().optional() }).optional(),
  outputFolder: z.string().optional(),
  /** 1, and one more with each resumption: what older jobs of the session are told by. */
  run: z.number().int(),
  /** Name of the user whose review it is. */
  owner: z.string(),
  /** Number of its last event. */
  lastEvent: z.number().int(),
  createdAt: z.date(),
  finishedAt: z.date().optional(),
})

/** A review as it is stored. */
export type Session = z.infer<typeof sessionSchema>

/** Digits of Crockford's Base32 (https://www.crockford.com/base32.html) in lower case: none looks like another. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/** A short name for a session: seven digits that sort by time (seconds), a dash, and one digit for each random byte. */
export function sessionId(at: Date, random: Uint8Array): string {
  const seconds = Math.floor(at.getTime() / 1000)
  const time = Array.from({ length: 7 }, (_, index) => digits[Math.floor(seconds / 32 ** (6 - index)) % 32])
  return `${time.join('')}-${Array.from(random, (byte) => digits[byte % 32]).join('')}`
}

/** Stores a new session, `queued`. Throws `conflict` when the id is taken. */
export async function createSession(
  db: Sql,
  session: {
    id: string
    question: string
    settings: Record<string, unknown>
    outputFolder?: string | undefined
    owner?: string | undefined
  },
): Promise<void> {
  const created = await db
    .insertInto('sessions')
    .values({
      id: session.id,
      question: storableText(session.question),
      status: 'queued',
      settings: storableJson(session.settings),
      output_folder: session.outputFolder ?? null,
      ...(session.owner !== undefined && { owner: session.owner }),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (created.numInsertedOrUpdatedRows !== 1n) {
    throw new SheafError('conflict', `There is already a session ${session.id}.`)
  }
}

/** A session. */
export async function findSession(db: Sql, id: string): Promise<Session | undefined> {
  const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
  return row && parse(row)
}

/** A session that must be there; throws `not_found` otherwise. */
export async function getSession(db: Sql, id: string): Promise<Session> {
  const session = await findSession(db, id)
  if (session) return session
  throw new SheafError('not_found', `There is no session ${id}.`)
}

/**
 * Keeps all who change a session, or do the same, waiting until the transaction ends. Who has stored what belongs to it holds its key
 * already, so a stronger lock would let two of them wait for each other (PostgreSQL 18, 13.3.2).
 */
export async function lockSession(transaction: Sql, id: string): Promise<void> {
  await transaction.selectFrom('sessions').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

/** The owner of each of these sessions that is there. */
export async function ownersOf(db: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; owner: string }>`
    select id, owner from sheaf.sessions where id = any(${ids})`.execute(db)
  return new Map(rows.map(({ id, owner }) => [id, owner]))
}

/** Which sessions are listed, and how many at most. */
export interface SessionFilter {
  readonly limit: number
  readonly statuses?: readonly SessionStatus[] | undefined
  /** Older than this one. */
  readonly before?: string | undefined
  /** Only those of this user, and those shared with them. */
  readonly visibleTo?: string | undefined
}

/** Sessions, newest first. */
export async function listSessions(db: Sql, filter: SessionFilter): Promise<Session[]> {
  const { limit, statuses, before, visibleTo } = filter
  let query = db.selectFrom('sessions').selectAll().orderBy('id', 'desc').limit(limit)
  if (statuses) query = query.where('status', 'in', [...statuses])
  if (before !== undefined) query = query.where('id', '<', before)
  if (visibleTo !== undefined)
    query = query.where((column) =>
      column.or([
        column('owner', '=', visibleTo),
        column('id', 'in', column.selectFrom('shares').select('session').where('user_id', '=', visibleTo)),
      ]),
    )
  return (await query.execute()).map(parse)
}

/** Counts a user's sessions at work, and keeps all who count them waiting until the transaction ends. */
export async function countAtWork(transaction: Sql, owner: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sessions of ${owner}`}, 0))`.execute(transaction)
  const { count } = await transaction
    .selectFrom('sessions')
    .select((column) => column.fn.countAll().as('count'))
    .where('owner', '=', owner)
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How many sessions are at work, and for how many seconds the one that was started or resumed first has been; 0 without one. */
export async function sessionsAtWork(db: Sql): Promise<{ count: number; oldest: number }> {
  const { rows } = await sql<{ count: number; oldest: number }>`
    select count(*)::int as count,
      greatest(0, coalesce(extract(epoch from clock_timestamp() - min(begun.at)), 0))::float8 as oldest
    from sheaf.sessions as session
    left join lateral (
      select max(at) as at from sheaf.events
      where session = session.id and body->>'type' in ('session.created', 'session.resumed')
    ) as begun on true
    where session.status in ('queued', 'running')`.execute(db)
  return rows[0]!
}

/** What of a session changes as it goes on. */
export interface SessionChange {
  status?: SessionStatus
  phase?: Phase
  error?: Session['error'] | null
  outputFolder?: string
}

/**
 * Changes a session that is in one of the states `from`. Returns whether it was; nothing is changed otherwise, so that
 * of two that want to move it on one does. The time of its end is kept up with the status.
 */
export async function changeSession(
  db: Sql,
  id: string,
  change: SessionChange,
  from: readonly SessionStatus[] = sessionStatuses,
): Promise<boolean> {
  const { status, phase, error, outputFolder } = change
  const ended = status === 'finished' || status === 'failed' || status === 'cancelled'
  const changed = await db
    .updateTable('sessions')
    .set({
      ...(status && { status, finished_at: ended ? sql<Date>`clock_timestamp()` : null }),
      ...(phase && { phase }),
      ...(error !== undefined && { error: error && storableJson(error) }),
      ...(outputFolder !== undefined && { output_folder: outputFolder }),
      id,
    })
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirst()
  return changed.numUpdatedRows === 1n
}

/** Stores the plan, approved or waiting for approval. A plan that was approved stays. Returns whether it was stored. */
export async function storePlan(db: Sql, id: string, plan: Plan, approved: boolean): Promise<boolean> {
  const stored = await db
    .updateTable('sessions')
    .set({ plan: storableJson(plan), plan_approved: approved })
    .where('id', '=', id)
    .where('plan_approved', '=', false)
    .executeTakeFirst()
  return stored.numUpdatedRows === 1n
}

/** Replaces what a session was asked to do. */
export async function storeSettings(db: Sql, id: string, settings: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ settings: storableJson(settings) })
    .where('id', '=', id)
    .execute()
}

/** Counts a resumption of a session and returns the number of the new run. Throws `not_found`. */
export async function beginRun(db: Sql, id: string): Promise<number> {
  const row = await db
    .updateTable('sessions')
    .set((column) => ({ run: column('run', '+', 1) }))
    .where('id', '=', id)
    .returning('run')
    .executeTakeFirst()
  if (row) return row.run
  throw new SheafError('not_found', `There is no session ${id}.`)
}

/** Deletes a session with everything of it; documents, which sessions share, stay. Returns whether it was there. */
export async function deleteSession(db: Sql, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('sessions').where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows === 1n
}

function parse(row: Record<string, unknown>): Session {
  const { plan_approved, output_folder, created_at, finished_at, last_event, ...same } = row
  const all = {
    ...same,
    planApproved: plan_approved,
    outputFolder: output_folder,
    createdAt: created_at,
    finishedAt: finished_at,
    lastEvent: last_event,
  }
  return sessionSchema.parse(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)))
}
