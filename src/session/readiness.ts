import { sql } from 'kysely'
import { settledWithin } from '../settled-within.ts'
import type { Deployment } from './deployment.ts'

/** Milliseconds for which an answer of the store is waited for. */
const patience = 2_000

/** Whether the store answers. */
export async function isReady({ sql: db }: Pick<Deployment, 'sql'>): Promise<boolean> {
  return settledWithin(sql`select 1`.execute(db), patience).catch(() => false)
}
