import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { Sql } from './database.ts'
import { createMigrator, migrate } from './migrate.ts'
import { getSession } from './sessions.ts'

/** What the last migration made. */
const index = 'sheaf.messages_pending_index'

/** Makes the tables those of the version before. */
async function takeBack(db: Sql): Promise<void> {
  await sql`drop index ${sql.raw(index)}`.execute(db)
  await sql`delete from sheaf.migration where name = '0014-pending-answers'`.execute(db)
}

async function isForward(db: Sql): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${index}) is not null as there`.execute(
    db,
  )
  return rows[0]!.there
}

await describeEachStore('a database', (store) => {
  test('of the version before is brought forward, without losing anything', async () => {
    const { sql: db, pool } = store.database
    await takeBack(db)
    await migrate(db, pool)
    expect(await isForward(db)).toBe(true)
    expect(await getSession(db, 's1')).toMatchObject({ question: 'Why?' })
    const { rows } = await sql<{
      bound: string
    }>`select current_setting('statement_timeout') as bound`.execute(db)
    expect(rows).toEqual([{ bound: '0' }])
  })

  // The embedded database has one connection: nobody else is at work on it.
  if (store.kind === 'pglite') return
  test('that is brought forward does not make others give way that work on it', async () => {
    const db = store.database.sql
    await sql`drop schema sheaf cascade`.execute(db)
    expect((await createMigrator(db).migrateTo('0009-leases')).error).toBeUndefined()
    const working = await store.database.pool.connect()
    try {
      await working.query('begin')
      await working.query('select from sheaf.tasks')
      // Two processes of the new version start at once.
      const changed = Promise.all([migrate(db, store.database.pool), migrate(db, store.database.pool)])
      // Had it taken what comes first and waited for this, then this would be what the server finds to be in the way of each other.
      await sleep(1_300)
      await working.query('select from sheaf.records')
      await working.query('select from sheaf.sessions')
      await working.query('commit')
      await changed
    } finally {
      working.release()
    }
    expect((await createMigrator(db).getMigrations()).every(({ executedAt }) => executedAt)).toBe(true)
  })

  test('whose tables are in use all the time is left as it is, and that is said', async () => {
    const { sql: db, pool } = store.database
    await takeBack(db)
    const reading = await pool.connect()
    try {
      await reading.query('begin')
      await reading.query('select from sheaf.papers')
      await expect(migrate(db, pool, 2)).rejects.toMatchObject({
        code: 'store_unavailable',
        advice: expect.stringContaining('a backup'),
      })
      await reading.query('select from sheaf.sessions')
    } finally {
      await reading.query('rollback')
      reading.release()
    }
    await migrate(db, pool, 1)
    expect(await isForward(db)).toBe(true)
  })
})
