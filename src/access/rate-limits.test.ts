import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService, redisUrl } from '../../test/support/services.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createRateLimits, type RateLimitBackend, type RateLimits } from './rate-limits.ts'

const bounds = { requests: 5, knocks: 2 }

/** What two replicas let through together. */
function itHolds(backend: () => RateLimitBackend): void {
  let replicas: RateLimits[]
  beforeAll(() => {
    replicas = [createRateLimits(backend(), bounds), createRateLimits(backend(), bounds)]
  })
  afterAll(async () => {
    for (const replica of replicas) await replica.close()
  })

  test('holds for all replicas together, for each user alone, and says what is left', async () => {
    const user = randomUUID()
    const first = await replicas[0]!.request(user)
    expect(first).toMatchObject({ allowed: true, limit: 5, left: 4 })
    expect(first.reset).toBeGreaterThan(0)
    const rest = await Promise.all(
      Array.from({ length: 11 }, (_, index) => replicas[index % 2]!.request(user)),
    )
    expect(rest.filter(({ allowed }) => allowed)).toHaveLength(4)
    expect(rest.find(({ allowed }) => !allowed)).toMatchObject({ left: 0 })
    for (const replica of replicas)
      expect(await replica.request(user)).toMatchObject({ allowed: false, left: 0 })
    expect(await replicas[1]!.request(randomUUID())).toMatchObject({ allowed: true })
    expect(await replicas[1]!.knock(user)).toMatchObject({ allowed: true, limit: 2, left: 1 })
  })
}

const postgres = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!
describeService(postgres.service, 'a limit on Postgres', () => {
  let data: TestDatabase
  let database: Database
  beforeAll(async () => {
    data = await postgres.create()
    database = await openDatabase(data.config)
  })
  afterAll(async () => {
    await database.close()
    await data.remove()
  })
  itHolds(() => ({ kind: 'postgres', pool: database.pool }))
})

const redis = await redisUrl()
describeService(redis, 'a limit on Redis', () => itHolds(() => ({ kind: 'redis', url: redis! })))

describe('a limit whose store is away', () => {
  test('is kept by this process', async () => {
    const limits = createRateLimits({ kind: 'redis', url: 'redis://127.0.0.1:1' }, bounds)
    const allowed: boolean[] = []
    for (let asked = 0; asked < 7; asked++) allowed.push((await limits.request('anna')).allowed)
    expect(allowed).toEqual([true, true, true, true, true, false, false])
    await limits.close()
  })
})
