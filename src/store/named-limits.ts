import { sql } from 'kysely'
import type { Sql } from './database.ts'

/** A limit as a service has named it: so many units within so many milliseconds. */
export interface NamedLimit {
  readonly name: string
  readonly max: number
  readonly window: number
}

/** The limits that a service has named last, to whichever process. */
export async function namedLimits(db: Sql, service: string): Promise<NamedLimit[]> {
  const { rows } = await sql<NamedLimit>`
    select limit_name as name, max, window_milliseconds as "window" from sheaf.named_limits
    where service = ${service} order by limit_name`.execute(db)
  return rows
}

/** Keeps a limit that a service has named, in the place of what it named before. */
export async function keepNamedLimit(
  db: Sql,
  service: string,
  { name, max, window }: NamedLimit,
): Promise<void> {
  await sql`
    insert into sheaf.named_limits (service, limit_name, max, window_milliseconds)
    values (${service}, ${name}, ${max}, ${window})
    on conflict (service, limit_name) do update
      set max = excluded.max, window_milliseconds = excluded.window_milliseconds`.execute(db)
}
