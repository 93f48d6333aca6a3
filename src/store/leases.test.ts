import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { giveUpAllLeases, giveUpLease, renewLeases, takeLease } from './leases.ts'

const minute = 60_000

await describeEachStore('a lease', (store) => {
  beforeEach(async () => {
    await sql`truncate sheaf.leases`.execute(store.database.sql)
  })

  test('is one holder’s, until it is given up or expires', async () => {
    const db = store.database.sql
    expect(await takeLease(db, 'q', 'one', minute)).toBe(true)
    expect(await takeLease(db, 'q', 'two', minute)).toBe(false)
    await giveUpLease(db, 'q', 'two')
    expect(await takeLease(db, 'q', 'two', minute)).toBe(false)
    await giveUpLease(db, 'q', 'one')
    expect(await takeLease(db, 'q', 'two', 0)).toBe(true)
    expect(await takeLease(db, 'q', 'three', 0)).toBe(true)
    await renewLeases(db, 'three', ['another'], minute)
    expect(await takeLease(db, 'q', 'four', 0)).toBe(true)
    await renewLeases(db, 'four', ['q'], minute)
    expect(await takeLease(db, 'q', 'four', minute)).toBe(true)
    expect(await takeLease(db, 'q', 'five', minute)).toBe(false)
    await giveUpAllLeases(db)
    expect(await takeLease(db, 'q', 'five', minute)).toBe(true)
  })
  test('that has expired is held on to until another takes it, and not after that one is done', async () => {
    const db = store.database.sql
    await takeLease(db, 'q', 'one', 0)
    expect(await renewLeases(db, 'one', ['q'], 0)).toEqual(['q'])
    await takeLease(db, 'q', 'two', minute)
    expect(await renewLeases(db, 'one', ['q'], minute)).toEqual([])
    expect(await renewLeases(db, 'two', ['q'], minute)).toEqual(['q'])
    await giveUpLease(db, 'q', 'two')
    expect(await renewLeases(db, 'one', ['q'], minute)).toEqual([])
    expect(await takeLease(db, 'q', 'three', minute)).toBe(true)
  })
})
