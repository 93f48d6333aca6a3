import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { enterTurn, removeTurn, type Share, settleTurn, withServiceLocked } from './limits.ts'

const window = 60_000
const slack = 500
const max = 100

await describeEachStore('turns', (store) => {
  const share = (units: number): Share => ({ limit: 'tokens', max, units, lasting: window + slack })
  const patience = Number.MAX_SAFE_INTEGER / 1e6

  async function onService<Result>(
    work: (trx: typeof store.database.sql) => Promise<Result>,
  ): Promise<Result> {
    return withServiceLocked(store.database.sql, 's', work)
  }
  async function turns(): Promise<{ at: number; units: number }[]> {
    const { rows } = await sql<{ at: number; units: number }>`
      select extract(epoch from at)::float8 * 1000 as at, units from sheaf.turns order by at, number`.execute(
      store.database.sql,
    )
    return rows
  }
  const clear = () => sql`truncate sheaf.turns`.execute(store.database.sql)

  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ enter: fc.integer({ min: 1, max: 130 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ settle: fc.nat(20), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(20) }) },
  )

  test('never hold more than the limit in any window, whatever is taken, settled and given up', async () => {
    const offsets = fc.array(fc.double({ min: 0, max: slack, noNaN: true }), { minLength: 40, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), offsets, async (steps, late) => {
        await clear()
        const entered: { turn: string; units: number }[] = []
        for (const one of steps) {
          if ('enter' in one) {
            const options = { patience, replacing: undefined }
            const { turn } = await onService((trx) => enterTurn(trx, 's', [share(one.enter)], options))
            entered.push({ turn: turn!, units: Math.min(one.enter, max) })
          } else if ('settle' in one) {
            const held = entered[one.settle]
            if (held === undefined) continue
            held.units *= one.part
            await settleTurn(store.database.sql, 's', held.turn, [share(held.units)])
          } else {
            const [held] = entered.splice(one.remove, 1)
            if (held) await removeTurn(store.database.sql, held.turn)
          }
        }
        const used = (await turns()).map(({ at, units }, index) => ({ at: at + late[index]!, units }))
        for (const { at } of used) {
          const inWindow = used.filter((other) => other.at >= at && other.at < at + window)
          const sum = inWindow.reduce((total, { units }) => total + units, 0)
          expect(sum).toBeLessThanOrEqual(max + 1e-6)
        }
      }),
      { numRuns: 15 },
    )
  })

  test('use at least 95 % of a limit while calls are waiting', async () => {
    await clear()
    for (let count = 0; count < 120; count += 1) {
      const options = { patience, replacing: undefined }
      await onService((trx) => enterTurn(trx, 's', [share(1 + ((count * 7) % 3))], options))
    }
    const given = await turns()
    const [first, last] = [given[0]!.at, given.at(-1)!.at]
    const used = given.filter(({ at }) => at < last).reduce((total, { units }) => total + units, 0)
    expect(used / ((max * (last - first)) / window)).toBeGreaterThanOrEqual(0.95)
  })

  test('are given in the order of asking', async () => {
    await clear()
    const waits: number[] = []
    for (let count = 0; count < 5; count += 1) {
      const options = { patience, replacing: undefined }
      waits.push((await onService((trx) => enterTurn(trx, 's', [share(60)], options))).wait)
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits[0]).toBe(0)
  })
})
