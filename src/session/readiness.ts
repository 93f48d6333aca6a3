import { sql } from 'kysely'
import type { Deployment } from './deployment.ts'

/** Milliseconds for which an answer of the store is waited for. */
const patience = 2_000

/** Whether the store answers. */
export async function isReady({ sql: db }: Pick<Deployment, 'sql'>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), patience)
  const answered = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
