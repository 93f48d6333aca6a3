import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { describeQueues, testJob } from '../../test/support/queue-benches.ts'
import { messageOf, SheafError } from '../errors.ts'
import { createEngine } from './backends.ts'
import { handle, handleSpine } from './queues.ts'

const spineJob = testJob('spine', 'sessions')
const workJob = testJob('work', 'analysis')

await describeQueues('the end of jobs', (bench) => {
  test('who started a spine is told once that it has finally failed, and it has not before that is noted', async () => {
    const told: string[] = []
    let attempts = 0
    const spine = handleSpine(
      spineJob,
      async ({ item }) => {
        attempts += 1
        throw new SheafError('store_unavailable', item, { retryable: item !== 'for good' })
      },
      async ({ item }, thrown) => {
        if (item === 'unheard') throw new Error('away')
        told.push(`${item}: ${messageOf(thrown)}`)
      },
    )
    await bench.queues.createWorker('sessions', [spine], { concurrency: 1 })
    await bench.queues.add(spineJob, { session: 's', item: 'for good' }, 'spine-1')
    await expect.poll(() => told).toEqual(['for good: for good'])
    expect(attempts).toBe(1)
    await bench.queues.add(spineJob, { session: 's', item: 'for long' }, 'spine-2')
    await expect.poll(() => told.slice(1)).toEqual(['for long: for long'])
    expect(attempts).toBe(1 + spineJob.attempts)
    await bench.queues.add(spineJob, { session: 's', item: 'unheard' }, 'spine-3')
    await expect.poll(() => attempts).toBe(1 + 2 * spineJob.attempts)
    await expect
      .poll(() => bench.queues.counts('sessions'))
      .toMatchObject({ failed: 2, delayed: 1, active: 0, waiting: 0 })
  })

  test('a job that the queue forgot while it ran has not failed by what became of it', async () => {
    const told: unknown[] = []
    const engine = createEngine(bench.backend)
    const store = engine.createQueue('sessions')
    const spine = handleSpine(
      spineJob,
      async () => {
        await store.obliterate({ force: true })
        throw new SheafError('conflict', 'Job spine-1 is over.')
      },
      async (_payload, thrown) => void told.push(thrown),
    )
    await bench.queues.createWorker('sessions', [spine], { concurrency: 1 })
    await bench.queues.add(spineJob, { session: 's', item: 'a' }, 'spine-1')
    await expect
      .poll(() => bench.errors.map(messageOf))
      .toEqual([expect.stringMatching(/Missing key for job spine-1/)])
    bench.errors.length = 0
    expect(told).toEqual([])
    await store.close()
    await engine.close()
  })

  test('closing gives a running job its time', async () => {
    const log: string[] = []
    const entered = Promise.withResolvers<void>()
    const worker = handle(workJob, async (_payload, { signal }) => {
      entered.resolve()
      await setTimeout(50)
      log.push(signal.aborted ? 'aborted' : 'done')
    })
    await bench.queues.createWorker('analysis', [worker], { concurrency: 1 })
    await bench.queues.add(workJob, { session: 's', item: 'x' }, 'one')
    await entered.promise
    await bench.queues.close(5000)
    expect(log).toEqual(['done'])
    await bench.reopen()
    expect(await bench.queues.counts('analysis')).toMatchObject({ completed: 1, active: 0, waiting: 0 })
  })

  test('a job that is stopped goes back to the queue and is no failure', async () => {
    const attempts: number[] = []
    let entered = Promise.withResolvers<void>()
    const worker = handle(workJob, async (_payload, { signal, attempt }) => {
      attempts.push(attempt)
      entered.resolve()
      if (attempts.length === 1) await once(signal, 'abort')
    })
    await bench.queues.createWorker('analysis', [worker], { concurrency: 1 })
    await bench.queues.add(workJob, { session: 's', item: 'x' }, 'one')
    await entered.promise
    await bench.queues.close(0)
    await bench.reopen()
    expect(await bench.queues.counts('analysis')).toMatchObject({ active: 0, waiting: 1 })
    entered = Promise.withResolvers()
    await bench.queues.createWorker('analysis', [worker], { concurrency: 1 })
    await entered.promise
    expect(attempts).toEqual([1, 1])
  })

  test('cancelling a session aborts its running jobs, and those that wait do not begin', async () => {
    const cancelled = new Set<string>()
    const listeners = new Map<string, () => void>()
    const announcements = {
      publish: async (topic: string) => listeners.get(topic)?.(),
      subscribe: async (topic: string, onNew: () => void) => {
        listeners.set(topic, onNew)
        return () => listeners.delete(topic)
      },
    }
    await bench.reopen({
      cancellation: { announcements, isCancelled: async (session) => cancelled.has(session) },
    })
    const began: string[] = []
    const ended: unknown[] = []
    const entered = Promise.withResolvers<void>()
    const worker = handle(workJob, async ({ item }, { signal }) => {
      began.push(item)
      entered.resolve()
      await once(signal, 'abort')
      ended.push(signal.reason)
      throw signal.reason
    })
    await bench.queues.createWorker('analysis', [worker], { concurrency: 1 })
    await bench.queues.add(workJob, { session: 's', item: 'running' }, 'running')
    await bench.queues.add(workJob, { session: 's', item: 'waiting' }, 'waiting')
    await entered.promise
    cancelled.add('s')
    await bench.queues.announceCancellation('s')
    await expect
      .poll(() => bench.queues.counts('analysis'))
      .toMatchObject({ failed: 2, active: 0, waiting: 0 })
    expect(began).toEqual(['running'])
    expect(ended).toMatchObject([{ code: 'cancelled' }])
    expect(listeners.size).toBe(0)
  })
})
