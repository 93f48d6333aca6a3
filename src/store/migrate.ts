import { setTimeout as sleep } from 'node:timers/promises'
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
import * as pendingAnswers from './migrations/0014-pending-answers.ts'

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
  '0014-pending-answers': pendingAnswers,
}

/**
 * Brings Sheaf's tables (schema `sheaf`) and the queue's (schema `bullmq`) to this version; several starters at once
 * wait for each other. Forward only. Tables of a newer Sheaf are left as they are; throws SheafError `store_unavailable` when
 * they have changed so that this version does not get on with them, and when others do not let go of those that are to be changed.
 */
export async function migrate(db: Sql, pool: Pool, timesToTry = aboutAMinute): Promise<void> {
  if (await isAhead(db)) return
  for (let time = 1; !(await changeTables(db)); time += 1) {
    if (time === timesToTry)
      throw new SheafError('store_unavailable', 'The tables are in use all the time.', {
        advice:
          'This version has to change them. Start it again when whatever reads them for long, such as a backup, has ended.',
      })
    // Not in step with another process that waits for the same.
    await sleep(250 + Math.random() * 500)
  }
  const client = await pool.connect()
  try {
    await runQueueMigrations(client)
  } finally {
    client.release()
  }
}

/** As often as others are given time to let go of the tables. */
const aboutAMinute = 60
/**
 * SQLSTATE of a statement that took longer than it may, and of one that gave way to another that waited for it (PostgreSQL, appendix
 * A).
 */
const gaveWay = new Set<unknown>(['57014', '40P01'])

/**
 * Applies what is missing; false when others are at work on the tables just now, and nothing has been changed.
 *
 * Processes of the version before go on working meanwhile, on the tables in an order of their own. So the tables are taken all at once
 * before the first is changed, and let go again before the server (`deadlock_timeout`, 1 s) would make one of those give way.
 */
async function changeTables(db: Sql): Promise<boolean> {
  if (!(await isBehind(db))) return true
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = to_regnamespace('sheaf')
      and relkind in ('r', 'p') and not relispartition and relname !~ '^migration'
    order by relname`.execute(db)
  const tables = rows.map(({ name }) => sql.id('sheaf', name))
  try {
    if (tables.length === 0) await allOf(createMigrator(db))
    else
      await db.transaction().execute(async (transaction) => {
        // Here whoever else starts waits, for as long as the changes take.
        await sql`select pg_advisory_xact_lock(hashtextextended('sheaf.migration', 0))`.execute(transaction)
        if (!(await isBehind(transaction))) return
        await sql`set local statement_timeout = 500`.execute(transaction)
        await sql`lock table ${sql.join(tables)} in access exclusive mode`.execute(transaction)
        await sql`set local statement_timeout to default`.execute(transaction)
        await allOf(createMigrator(transaction))
      })
    return true
  } catch (thrown) {
    if (thrown instanceof Error && gaveWay.has((thrown as { code?: unknown }).code)) return false
    throw thrown
  }
}

async function isBehind(db: Sql): Promise<boolean> {
  return (await createMigrator(db).getMigrations()).some(({ executedAt }) => executedAt === undefined)
}

async function allOf(migrator: Migrator): Promise<void> {
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
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
