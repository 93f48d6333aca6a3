import { sql } from 'kysely'
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
  const { rows } = await sql<{ sequence: number; at: Date }>`
    with next as (
      update sheaf.sessions set last_event = last_event + 1 where id = ${session} returning last_event
    )
    insert into sheaf.events (session, sequence, body)
    select ${session}, last_event, ${storableJson(body)}::jsonb from next
    returning sequence, at, pg_notify('sheaf_events', ${session})`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new SheafError('not_found', `There is no session ${session}.`)
  return { session, sequence: row.sequence, at: row.at.toISOString(), body }
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
