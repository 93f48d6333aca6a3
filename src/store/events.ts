import { type RawBuilder, sql } from 'kysely'
import { type SessionEvent, type SessionEventBody, sessionEventSchema } from '../contract/events.ts'
import { SheafError } from '../errors.ts'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/**
 * Appends an event under the next number of its session. The session's row is locked until the transaction ends, so
 * numbers have no gaps and are committed in their order; an event is never seen before the ones it follows. With the
 * commit the event bus on the database announces it (`events/postgres/bus.ts`); another bus must be told by hand.
 * Throws `not_found` for an unknown session.
 */
export async function appendEvent(db: Sql, session: string, body: SessionEventBody): Promise<SessionEvent> {
  const event = await append(db, session, body, sql`true`)
  if (event === undefined) throw new SheafError('not_found', `There is no session ${session}.`)
  return event
}

/**
 * The same of what a task has to say, unless its session has ended meanwhile: an end stays the last event, and tasks that were under
 * way then say nothing more.
 */
export async function appendWhileAtWork(db: Sql, session: string, body: SessionEventBody): Promise<void> {
  await append(db, session, body, sql`finished_at is null`)
}

async function append(
  db: Sql,
  session: string,
  body: SessionEventBody,
  condition: RawBuilder<unknown>,
): Promise<SessionEvent | undefined> {
  const { rows } = await sql<{ sequence: number; at: Date }>`
    with next as (
      update sheaf.sessions set last_event = last_event + 1 where id = ${session} and ${condition} returning last_event
    )
    insert into sheaf.events (session, sequence, body)
    select ${session}, last_event, ${storableJson(body)}::jsonb from next
    returning sequence, at, pg_notify('sheaf_events', ${session})`.execute(db)
  const row = rows[0]
  return row && { session, sequence: row.sequence, at: row.at.toISOString(), body }
}

/** Events of a session with a number above `sequence`, oldest first, at most `limit`. */
export async function eventsAfter(
  db: Sql,
  session: string,
  sequence: number,
  limit: number,
): Promise<SessionEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['sequence', 'at', 'body'])
    .where('session', '=', session)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute()
  return rows.map(({ at, ...row }) => sessionEventSchema.parse({ session, at: at.toISOString(), ...row }))
}

/** The same of many sessions at once, from behind a place in each, at most `limit` of each; those of a session together. */
export async function eventsAfterEach(
  db: Sql,
  places: readonly { session: string; after: number }[],
  limit: number,
): Promise<SessionEvent[]> {
  const { rows } = await sql<{ session: string; sequence: number; at: Date; body: unknown }>`
    select place.session, event.sequence, event.at, event.body
    from unnest(${places.map(({ session }) => session)}::text[], ${places.map(({ after }) => after)}::int[])
      with ordinality as place (session, after, number)
    cross join lateral (
      select sequence, at, body from sheaf.events
      where session = place.session and sequence > place.after order by sequence limit ${limit}
    ) as event
    order by place.number, event.sequence`.execute(db)
  return rows.map(({ at, ...row }) => sessionEventSchema.parse({ at: at.toISOString(), ...row }))
}

/** When events of these types were stored, in their order, as seconds by the database's clock. */
export async function eventTimes(
  db: Sql,
  session: string,
  types: readonly SessionEventBody['type'][],
): Promise<{ type: string; phase: string | null; at: number }[]> {
  const { rows } = await sql<{ type: string; phase: string | null; at: number }>`
    select body->>'type' as type, body->>'phase' as phase, extract(epoch from at)::float8 as at
    from sheaf.events where session = ${session} and body->>'type' = any(${types}) order by sequence`.execute(
    db,
  )
  return rows
}

/** Number of the last event of each of these sessions that is there. */
export async function lastEvents(db: Sql, sessions: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; last_event: number }>`
    select id, last_event from sheaf.sessions where id = any(${sessions})`.execute(db)
  return new Map(rows.map(({ id, last_event }) => [id, last_event]))
}
