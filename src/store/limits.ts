import { type RawBuilder, sql } from 'kysely'
import type { Sql } from './database.ts'

/** What a turn takes of one limit of its service. */
export interface Share {
  readonly limit: string
  readonly max: number
  /** More than `max` counts as `max`: it has the limit for itself. */
  readonly units: number
  /** How long after the turn's time it counts, in milliseconds: the limit's window, and what is put on top of it. */
  readonly lasting: number
}

/** A turn that was given, or the time at which it could have been. */
export interface Reservation {
  /** Undefined when it was too far away and nothing was entered. */
  readonly turn: string | undefined
  /** Milliseconds from now, by the database's clock. */
  readonly wait: number
  /** What it waits for: a limit, by its name, and the server's word where that paused it. */
  readonly limit: string | undefined
  readonly reason: string | undefined
}

/** Every request takes of this limit, whether its service counts requests or not: a pause of it stops them all. */
const requests = 'requests'

/**
 * Runs work that nobody else runs for this service at the same time, in the whole deployment. Each of its statements
 * sees what was committed before, as PostgreSQL's level “read committed” has it.
 */
export function withServiceLocked<Result>(
  db: Sql,
  service: string,
  work: (trx: Sql) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`sheaf/${service}`}, 0))`.execute(trx)
    return work(trx)
  })
}

/**
 * Enters a turn at the earliest time from which each share fits beside all that counts then, unless that is more than
 * `patience` milliseconds away. `replacing` is given up first. Clears away what no longer counts. Needs the service's lock.
 *
 * A turn's units count from the moment it is entered, although its time is yet to come, so that a later one never
 * takes the room of an earlier one, and whichever stretch of a window's length one looks at, the turn in it that was
 * entered last has seen all the others.
 */
export async function enterTurn(
  db: Sql,
  service: string,
  shares: readonly Share[],
  options: { patience: number; replacing: string | undefined },
): Promise<Reservation> {
  if (options.replacing !== undefined) await removeTurn(db, options.replacing)
  const { rows } = await sql<{
    number: string | null
    wait: number
    limit_name: string | null
    reason: string | null
  }>`
    with ${beginnings(service, shares)},
    ended as (
      delete from sheaf.turns where (number, limit_name) in (
        select number, limit_name from sheaf.turns, present where counts_until <= present.time
        limit 1000 for update of turns skip locked
      )
    ),
    next as materialized (
      select nextval('sheaf.turn_numbers') as number from beginning
      where time <= (select time from present) + ${options.patience} * interval '1 millisecond'
    ),
    entered as (
      insert into sheaf.turns (number, service, limit_name, units, at, counts_until)
      select next.number, ${service}, share.name, share.units, beginning.time,
        beginning.time + share.lasting * interval '1 millisecond'
      from share, beginning, next
    )
    select (select number from next) as number, limit_name, reason,
      extract(epoch from time - (select time from present))::float8 * 1000 as wait
    from beginning`.execute(db)
  const row = rows[0]!
  return {
    turn: row.number ?? undefined,
    wait: row.wait,
    limit: row.limit_name ?? undefined,
    reason: row.reason ?? undefined,
  }
}

/**
 * `present`, one look at the clock; `share`, what is asked; `beginning`, one row: the earliest time that suits all
 * limits and pauses, and which of them is the last to do so. Looks at turns before `turn` only, where one is given.
 */
function beginnings(service: string, shares: readonly Share[]): RawBuilder<unknown> {
  return sql`
    present as materialized (select clock_timestamp() as time),
    share as (
      select name, max, least(units, max) as units, lasting
      from unnest(
        ${shares.map(({ limit }) => limit)}::text[], ${shares.map(({ max }) => max)}::float8[],
        ${shares.map(({ units }) => units)}::float8[], ${shares.map(({ lasting }) => lasting)}::float8[]
      ) as asked (name, max, units, lasting)
    ),
    obstacle as (
      select share.name as limit_name, null as reason, (
        select counts_until from (
          select counts_until, sum(units) over (order by counts_until desc, number desc rows unbounded preceding) as units
          from sheaf.turns
          where service = ${service} and limit_name = share.name and counts_until > (select time from present)
        ) as counted
        where counted.units > share.max - share.units order by counts_until desc limit 1
      ) as until
      from share
      union all
      select limit_name, reason, until from sheaf.limit_pauses
      where service = ${service} and (limit_name = ${requests} or limit_name in (select name from share))
    ),
    beginning as materialized (
      select greatest(present.time, obstacle.until) as time, limit_name, reason
      from present left join obstacle on obstacle.until > present.time
      order by obstacle.until desc nulls last limit 1
    )`
}

/** Corrects what a turn took of its limits. A share that it did not have counts from now on. */
export async function settleTurn(
  db: Sql,
  service: string,
  turn: string,
  shares: readonly Share[],
): Promise<void> {
  for (const { limit, units, lasting } of shares)
    await sql`
      insert into sheaf.turns (number, service, limit_name, units, at, counts_until)
      select ${turn}, ${service}, ${limit}, ${units}::float8, time, time + ${lasting} * interval '1 millisecond'
      from clock_timestamp() as time
      on conflict (number, limit_name) do update set units = excluded.units`.execute(db)
}

/** Lets a turn count from now on, because it is used only now. */
export async function renewTurn(db: Sql, turn: string, shares: readonly Share[]): Promise<void> {
  for (const { limit, lasting } of shares)
    await sql`
      update sheaf.turns set counts_until = clock_timestamp() + ${lasting} * interval '1 millisecond'
      where number = ${turn} and limit_name = ${limit}`.execute(db)
}

/** Gives a turn up: nothing of it counts any more. */
export async function removeTurn(db: Sql, turn: string): Promise<void> {
  await db.deleteFrom('turns').where('number', '=', turn).execute()
}

/** Notes until when, in milliseconds from now, nothing may be taken of a limit. The longer of two pauses holds. */
export async function enterPause(
  db: Sql,
  service: string,
  pause: { limit: string; milliseconds: number; reason: string },
): Promise<void> {
  await sql`
    insert into sheaf.limit_pauses as pause (service, limit_name, until, reason)
    values (${service}, ${pause.limit}, clock_timestamp() + ${pause.milliseconds} * interval '1 millisecond', ${pause.reason})
    on conflict (service, limit_name) do update set until = excluded.until, reason = excluded.reason
      where excluded.until > pause.until`.execute(db)
}

/** What is paused at a service now, and for how many milliseconds more. */
export async function pausesOf(
  db: Sql,
  service: string,
): Promise<{ limit: string; milliseconds: number; reason: string }[]> {
  const { rows } = await sql<{ limit: string; milliseconds: number; reason: string }>`
    select limit_name as limit, reason, extract(epoch from until - clock_timestamp())::float8 * 1000 as milliseconds
    from sheaf.limit_pauses where service = ${service} and until > clock_timestamp() order by limit_name`.execute(
    db,
  )
  return rows
}

/** Whether a turn with these shares is paused now. */
export async function isPaused(db: Sql, service: string, shares: readonly Share[]): Promise<boolean> {
  const paused = await pausesOf(db, service)
  return paused.some(({ limit }) => limit === requests || shares.some((share) => share.limit === limit))
}

/** A place in the line for a service's connections; the first so many hold one. */
export interface Place {
  readonly ticket: string
  /** How many are in the line before it. */
  readonly ahead: number
}

/**
 * Takes a place in the line for connections, or keeps the one that is held, for so many milliseconds from now. A place
 * that was not kept in time is lost, and a new one taken at the end. Needs the service's lock.
 */
export async function keepPlace(
  db: Sql,
  service: string,
  ticket: string | undefined,
  milliseconds: number,
): Promise<Place> {
  const { rows } = await sql<Place>`
    with present as materialized (select clock_timestamp() as time),
    lost as (delete from sheaf.connections using present where service = ${service} and expires_at <= present.time),
    kept as (
      update sheaf.connections set expires_at = present.time + ${milliseconds} * interval '1 millisecond'
      from present where ticket = ${ticket ?? null}::bigint and expires_at > present.time
      returning ticket
    ),
    taken as (
      insert into sheaf.connections (service, expires_at)
      select ${service}, time + ${milliseconds} * interval '1 millisecond' from present where not exists (select from kept)
      returning ticket
    ),
    own as (select ticket from kept union all select ticket from taken)
    select own.ticket, (
      select count(*)::int from sheaf.connections as other, present
      where other.service = ${service} and other.expires_at > present.time and other.ticket < own.ticket
    ) as ahead
    from own`.execute(db)
  return rows[0]!
}

/** Keeps places for so many milliseconds from now; those that were lost stay so. */
export async function renewPlaces(db: Sql, tickets: readonly string[], milliseconds: number): Promise<void> {
  await sql`
    update sheaf.connections set expires_at = clock_timestamp() + ${milliseconds} * interval '1 millisecond'
    where ticket = any(${[...tickets]}::bigint[]) and expires_at > clock_timestamp()`.execute(db)
}

/** Leaves the line for connections, whether the place held one or waited. */
export async function leavePlace(db: Sql, ticket: string): Promise<void> {
  await db.deleteFrom('connections').where('ticket', '=', ticket).execute()
}

/** Empties all lines for connections: for who is alone, and finds the places of a process that died. */
export async function leaveAllPlaces(db: Sql): Promise<void> {
  await db.deleteFrom('connections').execute()
}
