import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from './database.ts'

/** A review that was taken on. */
export interface Admitted {
  readonly id: string
  readonly run: number
  /** How many of its owner's reviews were at work already. */
  readonly rank: number
}

/**
 * Waiting sessions in the order in which they will be taken on: by how many of its owner's go before each, at work or
 * waiting, then by age. So each user's first review comes before anybody's second.
 */
const inOrder = sql`
  select waiting.id, waiting.run, waiting.owner,
    coalesce(working.count, 0) + row_number() over (partition by waiting.owner order by waiting.id) - 1 as rank
  from sheaf.sessions waiting
  left join (
    select owner, count(*) from sheaf.sessions where status = 'running' group by owner
  ) working on working.owner = waiting.owner
  where waiting.status = 'queued'`

const admittedSchema = z.array(
  z.object({ id: z.string(), run: z.number().int(), rank: z.coerce.number().int() }),
)

/** Takes on waiting sessions while fewer than `most` are at work; of those who do so at once, one after the other. */
export function admitSessions(db: Sql, most: number): Promise<Admitted[]> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('sheaf admission', 0))`.execute(transaction)
    const { rows } = await sql`
      with admitted as (
        select id, rank from (${inOrder}) line order by rank, id
        limit greatest(0, ${most}::int - (select count(*)::int from sheaf.sessions where status = 'running'))
      )
      update sheaf.sessions session
      set status = 'running', started_at = coalesce(session.started_at, clock_timestamp())
      from admitted where session.id = admitted.id
      returning session.id, session.run, admitted.rank`.execute(transaction)
    return admittedSchema.parse(rows)
  })
}

/** Sessions at work: those whose jobs must be in the queue. */
export async function sessionsAtWork(db: Sql): Promise<Admitted[]> {
  const { rows } = await sql`
    select id, run, row_number() over (partition by owner order by id) - 1 as rank
    from sheaf.sessions where status = 'running' order by id`.execute(db)
  return admittedSchema.parse(rows)
}

/** How many sessions wait to be taken on. */
export async function countWaiting(db: Sql): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sheaf.sessions where status = 'queued'`.execute(db)
  return rows[0]!.count
}

const placeSchema = z.object({ place: z.coerce.number().int(), seconds: z.coerce.number().nullable() })

/**
 * The place of a waiting session in the line, from 1, and how long the last fifty finished ones took, as their median in
 * seconds; undefined when the session does not wait.
 */
export async function placeInLine(
  db: Sql,
  id: string,
): Promise<{ place: number; medianSeconds: number | undefined } | undefined> {
  const { rows } = await sql`
    select place,
      (select percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at))
       from (select finished_at, started_at from sheaf.sessions
             where status = 'finished' and finished_at is not null order by finished_at desc limit 50) last) as seconds
    from (select id, row_number() over (order by rank, id) as place from (${inOrder}) line) numbered
    where id = ${id}`.execute(db)
  if (rows.length === 0) return undefined
  const { place, seconds } = placeSchema.parse(rows[0])
  return { place, medianSeconds: seconds ?? undefined }
}
