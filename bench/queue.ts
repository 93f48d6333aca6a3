/**
 * How many jobs a second each back end of the queue carries, and how long a job waits for an idle worker.
 * Run: `node bench/queue.ts`. PostgreSQL and Redis are measured where they can be had (`test/support/services.ts`).
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { QueueBackend } from '../src/queue/backends.ts'
import { createQueues } from '../src/queue/create-queues.ts'
import type { JobDefinition } from '../src/queue/jobs.ts'
import { child, handle, handleSpine } from '../src/queue/queues.ts'
import { openDatabase } from '../src/store/database.ts'
import { databaseKinds } from '../test/support/databases.ts'
import { redisUrl } from '../test/support/services.ts'

/** What was measured on one back end. */
export interface QueueMeasure {
  backend: string
  /** Children of one spine that do nothing, added in one go and worked off eight at a time: from adding to the last. */
  jobsPerSecond: number
  /** Processor time of this process over the same run, PGlite's share in it. Milliseconds; less swayed by a busy machine. */
  processorPerJob: number
  /** From the call that adds a job to the start of its handler, with an idle worker. Milliseconds. */
  latencyMedian: number
  latencyWorstOfTwenty: number
}

const payload = z.object({ session: z.string(), item: z.number() })
type Payload = z.infer<typeof payload>
const spineJob: JobDefinition<Payload> = {
  name: 'spine',
  queue: 'sessions',
  payload,
  attempts: 1,
  backoff: 1,
}
const workJob: JobDefinition<Payload> = { name: 'work', queue: 'analysis', payload, attempts: 1, backoff: 1 }

/** Measures every back end that there is. */
export async function benchQueue(jobs = 2000, singles = 100): Promise<QueueMeasure[]> {
  const measures: QueueMeasure[] = []
  for (const { kind, service, create } of await databaseKinds()) {
    if (service === undefined) continue
    const data = await create()
    const database = await openDatabase(data.config)
    measures.push(await measure(kind, { kind, pool: database.pool }, jobs, singles))
    await database.close()
    await data.remove()
  }
  const url = await redisUrl()
  if (url !== undefined) {
    const backend = { kind: 'redis', url, prefix: `{sheaf-bench-${randomUUID()}}` } as const
    measures.push(await measure('redis', backend, jobs, singles))
  }
  return measures
}

async function measure(
  name: string,
  backend: QueueBackend,
  jobs: number,
  singles: number,
): Promise<QueueMeasure> {
  const queues = await createQueues({
    backend,
    onError: (error) => {
      throw error
    },
  })
  let started = Promise.withResolvers<number>()
  const finished = Promise.withResolvers<number>()
  const worker = handle(workJob, async () => started.resolve(performance.now()))
  const spine = handleSpine(spineJob, async ({ item: count }, context) => {
    if (context.step === undefined) {
      const all = Array.from({ length: count }, (_, index) =>
        child(workJob, { session: 'bench', item: index }, { key: `${index}`, position: index + 1 }),
      )
      await context.addChildren(all)
      await context.saveStep('wait')
    }
    await context.waitForChildren()
    finished.resolve(performance.now())
  })
  await queues.createWorker('analysis', [worker], { concurrency: 8 })

  const latencies: number[] = []
  for (let index = 0; index < singles; index += 1) {
    started = Promise.withResolvers()
    const asked = performance.now()
    await queues.add(workJob, { session: 'bench', item: index }, `single-${index}`)
    latencies.push((await started.promise) - asked)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }

  await queues.createWorker('sessions', [spine], { concurrency: 1 })
  const begin = performance.now()
  const processor = process.cpuUsage()
  await queues.add(spineJob, { session: 'bench', item: jobs }, 'spine')
  const seconds = ((await finished.promise) - begin) / 1000
  const { user, system } = process.cpuUsage(processor)
  await queues.close()
  latencies.sort((one, other) => one - other)
  return {
    backend: name,
    jobsPerSecond: Math.round(jobs / seconds),
    processorPerJob: (user + system) / 1000 / jobs,
    latencyMedian: latencies[Math.floor(singles * 0.5)]!,
    latencyWorstOfTwenty: latencies[Math.floor(singles * 0.95)]!,
  }
}

if (import.meta.main) {
  for (const { backend, jobsPerSecond, ...times } of await benchQueue()) {
    const [cost, median, worst] = Object.values(times).map((value) => value.toFixed(1))
    process.stdout.write(
      `${backend}: ${jobsPerSecond} jobs/s at ${cost} ms of processor each; ` +
        `start after ${median} ms (1 in 20: ${worst} ms)\n`,
    )
  }
  process.exit()
}
