import { expect, test } from 'vitest'
import { databaseKinds } from '../../test/support/databases.ts'
import { testJob } from '../../test/support/queue-benches.ts'
import { describeService } from '../../test/support/services.ts'
import { openDatabase } from '../store/database.ts'
import { createQueues } from './create-queues.ts'
import { queueNames } from './jobs.ts'
import { handle } from './queues.ts'

const postgres = (await databaseKinds()).find(({ kind }) => kind === 'postgres')!

describeService(postgres.service, 'workers of more queues than there are connections', () => {
  test('leave those to statements, and give up their own when they are closed', async () => {
    const data = await postgres.create()
    if (data.config.kind !== 'postgres') throw new Error('This is about PostgreSQL.')
    const database = await openDatabase({ ...data.config, connections: 2 })
    const errors: unknown[] = []
    const queues = await createQueues({
      backend: { kind: 'postgres', pool: database.pool },
      onError: (error) => errors.push(error),
    })
    const done: string[] = []
    for (const queue of queueNames) {
      const job = testJob(`work-${queue}`, queue)
      const handler = handle(job, async () => {
        await database.pool.query('select pg_sleep(0.01)')
        done.push(queue)
      })
      await queues.createWorker(queue, [handler], { concurrency: 2 })
      await queues.add(job, { session: 's', item: queue }, queue)
    }
    await expect.poll(() => done.toSorted(), { timeout: 20_000 }).toEqual(queueNames.toSorted())
    expect(database.pool.options.max).toBe(2 + queueNames.length)
    await queues.close()
    expect(database.pool.options.max).toBe(2)
    await database.close()
    await data.remove()
    expect(errors).toEqual([])
  })
})
