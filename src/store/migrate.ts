import { runMigrations as runQueueMigrations } from 'bullmq'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Pool } from 'pg'
import { SheafError } from '../errors.ts'
import type { Sql } from './database.ts'
import * as tables from './migrations/0001-tables.ts'
import * as upstream from './migrations/0002-upstream.ts'
import * as models from './migrations/0003-models.ts'
import * as gates from './migrations/0004-gates.ts'
import * as service from './migrations/0005-service.ts'
import * as access from './migrations/0006-access.ts'
import * as search from './migrations/0007-search.ts'
import * as idempotency from './migrations/0008-idempotency.ts'
import * as leases from './migrations/0009-leases.ts'
import * as admission from './migrations/0011-admission.ts'
import * as partitions from './migrations/0012-partitions.ts'
import * as namedLimits from './migrations/0013-named-limits.ts'

/** Every migration, oldest first. One that has been released is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-tables': tables,
  '0002-upstream': upstream,
  '0003-models': models,
  '0004-gates': gates,
  '0005-service': service,
  '0006-access': access,
  '0007-search': search,
  '0008-idempotency': idempotency,
  '0009-leases': leases,
  '0011-admission': admission,
  '0012-partitions': partitions,
  '0013-named-limits': namedLimits,
}

/**
 * Brings Sheaf's tables (schema `sheaf`) and the queue's (schema `bullmq`) to this version; several starters at once
 * wait for each other. Forward only. Tables of a newer Sheaf are left as they are; throws SheafError `store_unavailable` when
 * they have changed so that this version does not get on with them.
 */
export async function migrate(db: Sql, pool: Pool): Promise<void> {
  if (await isAhead(db)) return
  const { error } = await createMigrator(db).migrateToLatest()
  if (error) throw error
  const client = await pool.connect()
  try {
    await runQueueMigrations(client)
  } finally {
    client.release()
  }
}

/** What applies the migrations of Sheaf's tables; each is noted in `sheaf.migration`. */
export function createMigrator(db: Sql): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: 'sheaf',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  })
}

/**
 * Whether a newer program has changed the tables, in a way that this one gets on with: while a new version takes the place of an
 * old one, processes of both work side by side, and those of the old one may still start again.
 */
async function isAhead(db: Sql): Promise<boolean> {
  const table = await sql<{
    there: boolean
    marked: boolean
  }>`select to_regclass('sheaf.migration') is not null as there, to_regclass('sheaf.compatible') is not null as marked`.execute(
    db,
  )
  const { there, marked } = table.rows[0]!
  if (!there) return false
  const applied = await sql<{ name: string }>`select name from sheaf.migration order by name`.execute(db)
  if (applied.rows.every(({ name }) => Object.hasOwn(migrations, name))) return false
  const mark =
    marked && (await sql<{ oldest: string }>`select oldest from sheaf.compatible`.execute(db)).rows[0]
  if (mark && mark.oldest <= Object.keys(migrations).at(-1)!) return true
  throw new SheafError('store_unavailable', 'The database was made by a newer version of Sheaf.', {
    advice: 'Update Sheaf, or choose another data folder. Nothing has been changed.',
  })
}
