import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService, redisUrl } from '../../test/support/services.ts'
import { messageOf } from '../errors.ts'
import type { QueueBackend } from '../queue/backends.ts'
import { createQueues } from '../queue/create-queues.ts'
import { type JobDefinition, regionQueue } from '../queue/jobs.ts'
import { handle } from '../queue/queues.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createRegions } from './create-regions.ts'

const job: JobDefinition<{ session: string }> = {
  name: 'work',
  queue: 'search',
  payload: z.object({ session: z.string() }),
  attempts: 1,
  backoff: 1,
}
const patience = { timeout: 25_000 }
const [, postgres] = await databaseKinds()
const redis = await redisUrl()

for (const kind of ['postgres', 'redis'] as const)
  describeService(
    kind === 'redis' ? postgres?.service && redis : postgres?.service,
    `a region that is lost, on ${kind}`,
    () => {
      let data: TestDatabase
      let database: Database
      let backend: QueueBackend
      const ends: (() => Promise<void>)[] = []
      const errors: unknown[] = []
      const onError = (thrown: unknown) => errors.push(thrown)
      beforeAll(async () => {
        data = await postgres!.create()
        database = await openDatabase(data.config)
        backend =
          kind === 'redis'
            ? { kind, url: redis!, prefix: `{sheaf-test-${randomUUID()}}` }
            : { kind, pool: database.pool }
      })
      afterEach(async () => {
        for (const end of ends.splice(0).toReversed()) await end()
        expect(errors.map(messageOf)).toEqual([])
      })
      afterAll(async () => {
        await database.close()
        await data.remove()
      })

      test('has its jobs done by another, until it is back and does them itself', async () => {
        const done: string[] = []
        const left: string[] = []
        const times = { look: 50, silence: 2_000 }

        /** A worker process in a region, as `compose/workers.ts` starts it; gives how to end it. */
        async function start(here: 'eu' | 'us'): Promise<() => Promise<void>> {
          const queues = await createQueues({ backend, onError })
          const handler = handle(job, async ({ session }) => void done.push(`${session} in ${here}`))
          const take = async (queue: 'search', region: string) => {
            const name = regionQueue(queue, region)
            const worker = await queues.createWorker(name, [handler], { concurrency: 1 })
            return {
              async close() {
                await worker.close()
                left.push(`${name} left by ${here}`)
              },
            }
          }
          await take('search', here)
          const regions = createRegions({
            sql: database.sql,
            here,
            bindings: { pubmed: 'us', arxiv: 'eu' },
            onError,
            times,
          })
          const { stop } = await regions.work(['search'] as const, take)
          let ended: Promise<void> | undefined
          const end = () => {
            ended ??= stop().then(() => queues.close())
            return ended
          }
          ends.push(end)
          return end
        }

        const queues = await createQueues({ backend, onError })
        ends.push(() => queues.close())
        const add = (session: string) =>
          queues.add({ ...job, queue: 'search@us' as 'search' }, { session }, `job-${session}`)

        await start('eu')
        const endUs = await start('us')
        const letGo = 'search@us left by eu'
        await expect.poll(() => left, patience).toEqual([letGo])
        await endUs()
        await add('lost')
        await expect.poll(() => done, patience).toEqual(['lost in eu'])
        await start('us')
        await expect.poll(() => left, patience).toEqual([letGo, letGo])
        const names = ['one', 'two', 'three', 'four', 'five']
        for (const name of names) await add(name)
        await expect.poll(() => done.slice(1), patience).toEqual(names.map((name) => `${name} in us`))
      })
    },
  )
