import { sql } from 'kysely'
import type { Sql } from './database.ts'

/**
 * Takes it upon one holder to do what a name stands for, for so many milliseconds from now. Resolves with false while another
 * does; whoever holds it already, because giving it up failed, has it anew.
 */
export async function takeLease(
  db: Sql,
  name: string,
  holder: string,
  milliseconds: number,
): Promise<boolean> {
  const { rows } = await sql`
    insert into sheaf.leases as lease (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + ${milliseconds} * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
      where lease.expires_at <= clock_timestamp() or lease.holder = excluded.holder
    returning name`.execute(db)
  return rows.length > 0
}

/**
 * Holds on to the named leases of a holder for so many milliseconds from now, and returns those that no other has taken over since,
 * be it done by now or not. Others of its leases, which it could not give up when it was done, come to their end.
 */
export async function renewLeases(
  db: Sql,
  holder: string,
  names: readonly string[],
  milliseconds: number,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    update sheaf.leases set expires_at = clock_timestamp() + ${milliseconds} * interval '1 millisecond'
    where holder = ${holder} and name = any(${names}) returning name`.execute(db)
  return rows.map(({ name }) => name)
}

/** Lets others take a lease, if it is still this holder's. */
export async function giveUpLease(db: Sql, name: string, holder: string): Promise<void> {
  await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute()
}

/** Gives up all leases: for who is alone, and finds those of a process that died. */
export async function giveUpAllLeases(db: Sql): Promise<void> {
  await db.deleteFrom('leases').execute()
}

/** Takes a lease that several have together under one holder's name, or holds on to it, for so many milliseconds from now. */
export async function shareLease(db: Sql, name: string, holder: string, milliseconds: number): Promise<void> {
  await sql`
    insert into sheaf.leases as lease (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + ${milliseconds} * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at`.execute(db)
}

/** Those of these leases that somebody has now. */
export async function leasesHeld(db: Sql, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const rows = await db
    .selectFrom('leases')
    .select('name')
    .where('name', 'in', names)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .execute()
  return new Set(rows.map(({ name }) => name))
}
