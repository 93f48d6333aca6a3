import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { keepNamedLimit, namedLimits } from './named-limits.ts'

const minute = 60_000

await describeEachStore('limits that a service has named', (store) => {
  test('are what it named last, each service its own', async () => {
    const db = store.database.sql
    await keepNamedLimit(db, 'one', { name: 'tokens', max: 2_000_000, window: minute })
    await keepNamedLimit(db, 'one', { name: 'requests', max: 500, window: minute })
    await keepNamedLimit(db, 'other', { name: 'tokens', max: 1, window: minute })
    await keepNamedLimit(db, 'one', { name: 'tokens', max: 4_000_000, window: 2 * minute })
    expect(await namedLimits(db, 'one')).toEqual([
      { name: 'requests', max: 500, window: minute },
      { name: 'tokens', max: 4_000_000, window: 2 * minute },
    ])
    expect(await namedLimits(db, 'none')).toEqual([])
  })
})
