import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import { createRegions } from './create-regions.ts'
import { onJourney } from './journey.ts'

const bindings = { openalex: 'us', 'openai/a': 'eu' }
const openalex = { service: 'openalex', host: 'api.openalex.org' }
/** Looks in quick succession, so that a test need not wait; `silence` is longer than any test. */
const times = { look: 20, silence: 60_000 }
const patience = { timeout: 20_000 }

await describeEachStore('regions', (store) => {
  const errors: unknown[] = []
  const ends: (() => Promise<void>)[] = []
  beforeEach(async () => {
    errors.length = 0
    await sql`truncate sheaf.leases`.execute(store.database.sql)
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
    expect(errors).toEqual([])
  })

  /** A worker process in a region, and which queues of others it takes. */
  async function process(here: string | undefined, queues: readonly string[] = ['search']) {
    const regions = createRegions({
      sql: store.database.sql,
      here,
      bindings,
      onError: (thrown) => errors.push(thrown),
      times,
    })
    const taken = new Set<string>()
    const { stop } = await regions.work(queues, async (queue, region) => {
      taken.add(`${queue}@${region}`)
      return { close: async () => void taken.delete(`${queue}@${region}`) }
    })
    ends.push(stop)
    return {
      taken,
      stop,
      place: () =>
        onJourney({ job: 'j', queue: 'search', passed: {} }, async () => regions.placeOf(openalex)),
      placeOutside: () => regions.placeOf(openalex),
    }
  }

  /** Makes a region silent for longer than it may be. */
  const lose = (region: string) =>
    sql`delete from sheaf.leases where holder = ${region}`.execute(store.database.sql)

  test('a bound source is asked in its region while that is at work, else where it is wanted', async () => {
    const eu = await process('eu')
    expect(await eu.place()).toEqual({ region: 'us', isHere: true })
    const us = await process('us')
    expect(await us.place()).toEqual({ region: 'us', isHere: true })
    await expect.poll(eu.place, patience).toEqual({ region: 'us', isHere: false })
    await us.stop()
    await lose('us')
    await expect.poll(eu.place, patience).toEqual({ region: 'us', isHere: true })
  })

  test('what no job can carry on elsewhere is asked where it is', async () => {
    const eu = await process('eu')
    await process('us')
    await expect.poll(eu.place, patience).toEqual({ region: 'us', isHere: false })
    expect(eu.placeOutside()).toBeUndefined()
  })

  test('the queues of a region that is lost are taken by others, of a region or none, and given back', async () => {
    const eu = await process('eu', ['search', 'documents'])
    const free = await process(undefined)
    expect(free.taken).toEqual(new Set(['search@us']))
    expect(eu.taken).toEqual(new Set(['search@us', 'documents@us']))
    const us = await process('us')
    await expect.poll(() => eu.taken, patience).toEqual(new Set(['documents@us']))
    await expect.poll(() => free.taken, patience).toEqual(new Set())
    expect(us.taken).toEqual(new Set())
    await us.stop()
    await lose('us')
    await expect.poll(() => eu.taken, patience).toEqual(new Set(['search@us', 'documents@us']))
    await expect.poll(() => free.taken, patience).toEqual(new Set(['search@us']))
    await process('us')
    await expect.poll(() => free.taken, patience).toEqual(new Set())
  })

  test('who stops lets go of all that it took', async () => {
    const eu = await process('eu')
    expect(eu.taken).toEqual(new Set(['search@us']))
    await eu.stop()
    expect(eu.taken).toEqual(new Set())
  })
})
