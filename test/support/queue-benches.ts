import { randomUUID } from 'node:crypto'
import type { QueueBackend } from '../../src/queue/backends.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { createPglite, databaseKinds, type TestDatabase } from './databases.ts'
import { redisUrl } from './services.ts'

/** A back end of the queue for tests. */
export interface QueueBench {
  /** A back end without jobs. */
  clear(): Promise<QueueBackend>
  /** Ends what it stands on. */
  end(): Promise<void>
}

async function onDatabase(make: () => Promise<TestDatabase>): Promise<QueueBench> {
  const data = await make()
  const database: Database = await openDatabase(data.config)
  return {
    async clear() {
      await database.pool.query('truncate job, meta, event cascade')
      return { kind: database.kind, pool: database.pool }
    },
    async end() {
      await database.close()
      await data.remove()
    },
  }
}

/** The three back ends; those without a service cannot be made, see `describeService`. */
export async function queueBenches() {
  const [, postgres] = await databaseKinds()
  const redis = await redisUrl()
  return [
    { name: 'pglite', service: 'embedded', make: () => onDatabase(createPglite) },
    { name: 'postgres', service: postgres?.service, make: () => onDatabase(postgres!.create) },
    {
      name: 'redis',
      service: redis,
      make: async (): Promise<QueueBench> => ({
        clear: async () => ({ kind: 'redis', url: redis!, prefix: `{sheaf-test-${randomUUID()}}` }),
        end: async () => undefined,
      }),
    },
  ]
}
