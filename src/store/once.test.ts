import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { empty } from '../../test/support/empty.ts'
import { giveUpAllLeases, giveUpLease, takeLease } from './leases.ts'
import { createOnce, type Making } from './once.ts'

const pause = (milliseconds: number) => sleep(milliseconds / 20)

await describeEachStore('what several processes want', (store) => {
  const made: string[] = []
  let found: string | undefined
  beforeEach(async () => {
    await empty(store.database.sql, 'leases')
    made.length = 0
    found = undefined
  })
  const making = (by: string, changes: Partial<Making<string>> = {}): Making<string> => ({
    find: async () => found,
    async make() {
      made.push(by)
      await sleep(20)
      found = by
      return by
    },
    pause,
    ...changes,
  })

  test('is made by one of them, and found by the others', async () => {
    const { sql } = store.database
    const results = await Promise.all(
      ['one', 'two', 'three'].map((by) => createOnce(sql).findOrMake('it', making(by))),
    )
    expect(made).toHaveLength(1)
    expect(new Set(results)).toEqual(new Set(made))
  })

  test('is made by the next when the first could not', async () => {
    const { sql } = store.database
    const fails = createOnce(sql).findOrMake(
      'it',
      making('one', {
        make: async () => {
          await sleep(20)
          throw new Error('no')
        },
      }),
    )
    const failed = expect(fails).rejects.toThrow('no')
    await sleep(5)
    expect(await createOnce(sql).findOrMake('it', making('two'))).toBe('two')
    await failed
  })

  test('is looked for again by who has come to be the one, lest it was made meanwhile', async () => {
    let looks = 0
    const find = async () => {
      looks += 1
      return looks === 1 ? undefined : 'made between the look and the lease'
    }
    const once = createOnce(store.database.sql)
    expect(await once.findOrMake('it', making('late', { find }))).toMatch(/^made between/)
    expect(made).toEqual([])
  })

  test('is not made by one that stood still until another had taken it over, whether that is done or not', async () => {
    const { sql } = store.database
    const overtakenBy = async (isDone: boolean) => {
      await sql.updateTable('leases').set({ holder: 'another' }).execute()
      if (isDone) await giveUpLease(sql, 'it', 'another')
    }
    for (const isDone of [true, false]) {
      found = undefined
      let times = 0
      const result = createOnce(sql).findOrMake(
        'it',
        making('frozen', {
          async make(hold) {
            times += 1
            await hold()
            await overtakenBy(isDone)
            found = 'another'
            await hold()
            made.push('frozen')
            return 'frozen'
          },
        }),
      )
      expect(await result).toBe('another')
      expect(times).toBe(1)
      expect(made).toEqual([])
      await giveUpLease(sql, 'it', 'another')
      expect(await takeLease(sql, 'it', 'next', 0)).toBe(true)
    }
  })

  test('is done by one at a time, whoever wants it', async () => {
    const { sql } = store.database
    let atOnce = 0
    let most = 0
    const work = (by: string) => async () => {
      most = Math.max(most, ++atOnce)
      await sleep(5)
      atOnce -= 1
      return by
    }
    const here = createOnce(sql)
    const names = ['one', 'two', 'three']
    const done = [here, here, createOnce(sql)].map((once, index) => once.alone('it', work(names[index]!)))
    expect(await Promise.all(done)).toEqual(names)
    expect(most).toBe(1)
    await expect(here.alone('it', async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await here.alone('it', async () => undefined)).toBeUndefined()
  })

  test('is done again by who was overtaken before the point that must not come twice', async () => {
    const { sql } = store.database
    let begun = 0
    const work = async (hold: () => Promise<void>) => {
      begun += 1
      if (begun === 1) await giveUpAllLeases(sql)
      await hold()
      return begun
    }
    expect(await createOnce(sql).alone('it', work)).toBe(2)
  })
})
