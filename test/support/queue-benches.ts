import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { messageOf } from '../../src/errors.ts'
import type { QueueBackend } from '../../src/queue/backends.ts'
import { createQueues, type QueuesConfig } from '../../src/queue/create-queues.ts'
import type { JobDefinition, QueueName } from '../../src/queue/jobs.ts'
import type { Queues } from '../../src/queue/queues.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { createPglite, databaseKinds, type TestDatabase } from './databases.ts'
import { describeService, redisUrl } from './services.ts'

/** A back end of the queue for tests. */
interface QueueBench {
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
async function queueBenches() {
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

const payload = z.object({ session: z.string(), item: z.string() })

/** What a job of a test is given. */
export type TestPayload = z.infer<typeof payload>

/** A kind of job for tests, tried again after a millisecond. */
export function testJob(name: string, queue: QueueName, attempts = 3): JobDefinition<TestPayload> {
  return { name, queue, payload, attempts, backoff: 1 }
}

/** What tests of queues are given: queues that are open and empty before each. */
export interface QueuesUnderTest {
  readonly backend: QueueBackend
  readonly queues: Queues
  /** What the queues reported; none may be left when a test ends. */
  readonly errors: unknown[]
  /** Closes the queues and opens them again on the same back end. */
  reopen(more?: Partial<QueuesConfig>): Promise<void>
}

/** Runs the same tests of queues on every back end. */
export async function describeQueues(title: string, tests: (bench: QueuesUnderTest) => void): Promise<void> {
  for (const { name, service, make } of await queueBenches()) {
    describeService(service, `${title} on ${name}`, () => {
      let own: QueueBench
      let backend: QueueBackend
      let queues: Queues
      const errors: unknown[] = []
      const open = async (more: Partial<QueuesConfig> = {}) => {
        queues = await createQueues({ backend, onError: (error) => errors.push(error), ...more })
      }
      beforeAll(async () => {
        own = await make()
      })
      afterAll(() => own.end())
      beforeEach(async () => {
        errors.length = 0
        backend = await own.clear()
        await open()
      })
      afterEach(async () => {
        await queues.close()
        expect(errors.map(messageOf)).toEqual([])
      })
      tests({
        get backend() {
          return backend
        },
        get queues() {
          return queues
        },
        errors,
        async reopen(more) {
          await queues.close()
          await open(more)
        },
      })
    })
  }
}
