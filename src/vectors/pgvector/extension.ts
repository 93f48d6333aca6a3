import { sql } from 'kysely'
import type { Sql } from '../../store/database.ts'

/** The oldest version that goes on searching when a filter leaves too little of what its index gave. */
const oldest = [0, 8]
/** Lets one process at a time make the extension or a table. */
export const makingLock = 7_306_201

/**
 * Makes pgvector ready in the database. Returns the schema that its types are in; undefined where the server does not have it,
 * has too old a version, or lets this user not make it.
 */
export async function preparePgvector(db: Sql): Promise<string | undefined> {
  const installed = await installedIn(db)
  if (installed) return usable(installed)
  const { rows } = await sql<{ there: boolean }>`
    select exists (select from pg_available_extensions where name = 'vector') as there`.execute(db)
  if (!rows[0]?.there) return undefined
  try {
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(makingLock)})`.execute(trx)
      await sql`create extension if not exists vector schema public`.execute(trx)
    })
  } catch (thrown) {
    // 42501: only its owner may make extensions in this database; whoever administers it can.
    if (codeOf(thrown) === '42501') return undefined
    throw thrown
  }
  const made = await installedIn(db)
  return made && usable(made)
}

interface Installed {
  readonly version: string
  readonly schema: string
}

async function installedIn(db: Sql): Promise<Installed | undefined> {
  const { rows } = await sql<Installed>`
    select extversion as version, nspname as schema
    from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'vector'`.execute(
    db,
  )
  return rows[0]
}

function usable({ version, schema }: Installed): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldest[0]! || minor >= oldest[1]! ? schema : undefined
}

/** The SQLSTATE of a failure, also where the store has wrapped it. */
function codeOf(thrown: unknown): unknown {
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: unknown }
  return cause === undefined ? code : codeOf(cause)
}
