import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Telemetry } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type QueueBench, queueBenches } from '../../test/support/queue-benches.ts'
import { describeService } from '../../test/support/services.ts'
import { messageOf, SheafError } from '../errors.ts'
import { createEngine, type QueueBackend, type QueueTracing } from './backends.ts'
import { createQueues } from './create-queues.ts'
import type { JobDefinition } from './jobs.ts'
import { type Child, child, type Handler, handle, handleSpine, type Queues } from './queues.ts'

const payload = z.object({ session: z.string(), item: z.string() })
const define = (name: string, queue: 'sessions' | 'analysis' | 'documents', attempts = 3) =>
  ({ name, queue, payload, attempts, backoff: 1 }) satisfies JobDefinition<z.infer<typeof payload>>
const spineJob = define('spine', 'sessions')
const workJob = define('work', 'analysis')
const readJob = define('read', 'documents')
const work = (item: string, position = 1): Child =>
  child(workJob, { session: 's', item }, { key: item, position })

/** The spans that work is in, outermost first. */
const places = new AsyncLocalStorage<string[]>()

/** Traces as BullMQ's port has them: a context is the names of its spans, and passes through a job as JSON. */
function fakeTracing(): QueueTracing {
  const tracing: Telemetry<string[]> = {
    tracer: {
      startSpan(name, _options, parent = places.getStore() ?? []) {
        return {
          setSpanOnContext: (context) => [...(context ?? parent), name],
          setAttribute: () => undefined,
          setAttributes: () => undefined,
          addEvent: () => undefined,
          recordException: () => undefined,
          end: () => undefined,
        }
      },
    },
    contextManager: {
      with: (context, run) => places.run(context, run),
      active: () => places.getStore() ?? [],
      getMetadata: (context) => JSON.stringify(context),
      fromMetadata: (_active, metadata) => JSON.parse(metadata),
    },
  }
  return tracing as QueueTracing
}

for (const { name, service, make } of await queueBenches()) {
  describeService(service, `queues on ${name}`, () => {
    let bench: QueueBench
    let backend: QueueBackend
    let queues: Queues
    const errors: unknown[] = []
    const start = (more: Partial<Parameters<typeof createQueues>[0]> = {}) =>
      createQueues({ backend, onError: (error) => errors.push(error), ...more })
    beforeAll(async () => {
      bench = await make()
    })
    afterAll(() => bench.end())
    beforeEach(async () => {
      errors.length = 0
      backend = await bench.clear()
      queues = await start()
    })
    afterEach(async () => {
      await queues.close()
      expect(errors.map(messageOf)).toEqual([])
    })

    /** Runs a spine to its end, with handlers for its children, and tells what was done in which order. */
    async function runSpine(spine: Handler['run'], others: readonly Handler[] = []) {
      const done = Promise.withResolvers<void>()
      for (const queue of ['analysis', 'documents'] as const) {
        const handlers = others.filter(({ job }) => job.queue === queue)
        await queues.createWorker(queue, handlers, { concurrency: 4 })
      }
      const spineHandler = handleSpine(spineJob, async (data, context) => {
        await spine(data, context)
        done.resolve()
      })
      await queues.createWorker('sessions', [spineHandler], { concurrency: 1 })
      await queues.add(spineJob, { session: 's', item: '' }, 'spine-1')
      await done.promise
    }

    test('who watches is told what became of each run, within its job', async () => {
      await queues.close()
      const told: string[] = []
      const within = new AsyncLocalStorage<string>()
      const over = Promise.withResolvers<void>()
      queues = await start({
        watch: {
          within: ({ queue, id, session }, run) => within.run(`${queue} ${id} ${session}`, run),
          ended({ queue, outcome, seconds, thrown }) {
            expect(seconds).toBeGreaterThanOrEqual(0)
            told.push(`${within.getStore()}: ${outcome}${thrown ? ` ${messageOf(thrown)}` : ''}`)
            if (queue === 'sessions' && outcome === 'done') over.resolve()
          },
        },
      })
      let attempts = 0
      const worker = handle(workJob, async ({ item }) => {
        if (item === 'flaky' && ++attempts === 1)
          throw new SheafError('upstream_failed', 'Once.', { retryable: true })
        if (item === 'bad') throw new SheafError('internal', 'Never.')
        if (item === 'stopped') throw new SheafError('cancelled', 'Stopped.')
      })
      await runSpine(
        async (_payload, spine) => {
          if (spine.step === undefined) {
            await spine.addChildren([work('good'), work('flaky'), work('bad'), work('stopped')])
            await spine.saveStep('waiting')
          }
          await spine.waitForChildren()
        },
        [worker],
      )
      await over.promise
      const of = (item: string) => `analysis spine-1.work.${item} s`
      expect([...new Set(told)].sort()).toEqual(
        [
          `${of('bad')}: failed Never.`,
          `${of('flaky')}: done`,
          `${of('flaky')}: retried Once.`,
          `${of('good')}: done`,
          `${of('stopped')}: cancelled Stopped.`,
          'sessions spine-1 s: done',
          'sessions spine-1 s: put_back',
        ].map((line) => expect.stringContaining(line)),
      )
    })

    test('what carries traces goes from who adds a job to who runs it', async () => {
      await queues.close()
      queues = await start({ tracing: fakeTracing() })
      const heard: unknown[] = []
      const worker = handle(workJob, async () => void heard.push(places.getStore()))
      await places.run(['request'], () =>
        runSpine(
          async (_payload, spine) => {
            if (spine.step === undefined) {
              await spine.addChildren([work('a')])
              await spine.saveStep('waiting')
            }
            await spine.waitForChildren()
          },
          [worker],
        ),
      )
      expect(heard).toEqual([
        ['request', 'add sessions.spine', 'process sessions', 'addBulk analysis', 'process analysis'],
      ])
    })

    test('a spine keeps its step and waits for children, which may add further ones', async () => {
      const log: string[] = []
      const worker = handle(workJob, async ({ item }, context) => {
        log.push(`work ${item}`)
        const further = { session: 's', item: `after ${item}` }
        await context.addSiblings([child(readJob, further, { key: item, position: 1 })])
      })
      const reader = handle(readJob, async ({ item }) => {
        await setTimeout(20)
        log.push(`read ${item}`)
      })
      await runSpine(
        async (_payload, spine) => {
          if (spine.step === undefined) {
            log.push('first')
            await spine.addChildren([work('a'), work('b'), work('c')])
            await spine.saveStep('second')
          }
          await spine.waitForChildren()
          log.push(`end in ${spine.step}`)
        },
        [worker, reader],
      )
      expect(log.at(0)).toBe('first')
      expect(log.at(-1)).toBe('end in second')
      const between = ['read after a', 'read after b', 'read after c', 'work a', 'work b', 'work c']
      expect(log.slice(1, -1).sort()).toEqual(between)
    })

    test('a child added again does nothing, before, while and after it runs or has failed', async () => {
      const ran: string[] = []
      const entered = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      const worker = handle(workJob, async ({ item }) => {
        ran.push(item)
        if (item === 'fails') throw new Error('no')
        if (item !== 'slow') return
        entered.resolve()
        await goOn.promise
      })
      const all = [work('quick', 1), work('fails', 2), work('slow', 3)]
      await runSpine(
        async (_payload, spine) => {
          await spine.addChildren(all)
          await spine.addChildren(all)
          if (spine.step === undefined) {
            await entered.promise
            await setTimeout(50)
            await spine.addChildren(all)
            await spine.saveStep('added')
            goOn.resolve()
          }
          await spine.waitForChildren()
        },
        [worker],
      )
      expect(ran.sort()).toEqual(['fails', 'quick', 'slow'])
    })

    test('a child that finally fails is listed and does not stop the spine', async () => {
      let failures: ReadonlyMap<string, string> = new Map()
      const attempts: string[] = []
      const worker = handle(workJob, async ({ item }, { attempt, lastAttempt }) => {
        attempts.push(`${item} ${attempt}${lastAttempt ? ' last' : ''}`)
        if (item === 'retryable') throw new SheafError('source_failed', 'Try again.', { retryable: true })
        if (item === 'recovers' && attempt === 1)
          throw new SheafError('source_failed', 'Try again.', { retryable: true })
        if (item === 'final') throw new SheafError('invalid_input', 'Never.')
      })
      await runSpine(
        async (_payload, spine) => {
          await spine.addChildren([work('retryable'), work('final'), work('recovers'), work('good')])
          await spine.waitForChildren()
          failures = await spine.childFailures()
        },
        [worker],
      )
      expect([...failures].sort()).toEqual([
        ['spine-1.work.final', 'Never.'],
        ['spine-1.work.retryable', 'Try again.'],
      ])
      expect(attempts.sort()).toEqual([
        'final 1',
        'good 1',
        'recovers 1',
        'recovers 2',
        'retryable 1',
        'retryable 2',
        'retryable 3 last',
      ])
    })

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
      await queues.createWorker('sessions', [spine], { concurrency: 1 })
      await queues.add(spineJob, { session: 's', item: 'for good' }, 'spine-1')
      await expect.poll(() => told).toEqual(['for good: for good'])
      expect(attempts).toBe(1)
      await queues.add(spineJob, { session: 's', item: 'for long' }, 'spine-2')
      await expect.poll(() => told.slice(1)).toEqual(['for long: for long'])
      expect(attempts).toBe(1 + spineJob.attempts)
      await queues.add(spineJob, { session: 's', item: 'unheard' }, 'spine-3')
      await expect.poll(() => attempts).toBe(1 + 2 * spineJob.attempts)
      await expect
        .poll(() => queues.counts('sessions'))
        .toMatchObject({ failed: 2, delayed: 1, active: 0, waiting: 0 })
    })

    test('a job that the queue forgot while it ran has not failed by what became of it', async () => {
      const told: unknown[] = []
      const engine = createEngine(backend)
      const store = engine.createQueue('sessions')
      const spine = handleSpine(
        spineJob,
        async () => {
          await store.obliterate({ force: true })
          throw new SheafError('conflict', 'Job spine-1 is over.')
        },
        async (_payload, thrown) => void told.push(thrown),
      )
      await queues.createWorker('sessions', [spine], { concurrency: 1 })
      await queues.add(spineJob, { session: 's', item: 'a' }, 'spine-1')
      await expect
        .poll(() => errors.map(messageOf))
        .toEqual([expect.stringMatching(/Missing key for job spine-1/)])
      errors.length = 0
      expect(told).toEqual([])
      await store.close()
      await engine.close()
    })

    test('the first items of a small session pass the later ones of a large one', async () => {
      const order: string[] = []
      const worker = handle(workJob, async ({ item }) => {
        order.push(item)
      })
      const added = Promise.withResolvers<void>()
      const spines = handleSpine(spineJob, async ({ item }, spine) => {
        const count = item === 'large' ? 6 : 2
        await spine.addChildren(
          Array.from({ length: count }, (_, index) => work(`${item} ${index + 1}`, index + 1)),
        )
        if (item === 'small') added.resolve()
        await spine.waitForChildren()
      })
      await queues.createWorker('sessions', [spines], { concurrency: 1 })
      await queues.add(spineJob, { session: 's', item: 'large' }, 'large')
      await queues.add(spineJob, { session: 's', item: 'small' }, 'small')
      await added.promise
      await queues.createWorker('analysis', [worker], { concurrency: 1 })
      await expect.poll(() => order).toHaveLength(8)
      expect(order).toEqual([
        'large 1',
        'small 1',
        'large 2',
        'small 2',
        'large 3',
        'large 4',
        'large 5',
        'large 6',
      ])
    })

    test('a job without colon or number in its id is stored whatever its key holds', async () => {
      const keys = ['a:b', '17', 'x'.repeat(5000), '../../etc', 'ü \u0001 "', 'screen/p1#0']
      const ran: string[] = []
      const worker = handle(workJob, async ({ item }) => {
        ran.push(item)
      })
      await runSpine(
        async (_payload, spine) => {
          await spine.addChildren(keys.map((key) => work(key)))
          await spine.waitForChildren()
        },
        [worker],
      )
      expect(ran.sort()).toEqual(keys.sort())
    })

    test('a payload that does not fit is refused where it is added', async () => {
      const bad = { session: 1 } as unknown as z.infer<typeof payload>
      await expect(queues.add(spineJob, bad, 'bad')).rejects.toThrow()
      expect(await queues.counts('sessions')).toMatchObject({ waiting: 0 })
    })

    test('closing gives a running job its time', async () => {
      const log: string[] = []
      const entered = Promise.withResolvers<void>()
      const worker = handle(workJob, async (_payload, { signal }) => {
        entered.resolve()
        await setTimeout(50)
        log.push(signal.aborted ? 'aborted' : 'done')
      })
      await queues.createWorker('analysis', [worker], { concurrency: 1 })
      await queues.add(workJob, { session: 's', item: 'x' }, 'one')
      await entered.promise
      await queues.close(5000)
      expect(log).toEqual(['done'])
      queues = await start()
      expect(await queues.counts('analysis')).toMatchObject({ completed: 1, active: 0, waiting: 0 })
    })

    test('a job that is stopped goes back to the queue and is no failure', async () => {
      const attempts: number[] = []
      let entered = Promise.withResolvers<void>()
      const worker = handle(workJob, async (_payload, { signal, attempt }) => {
        attempts.push(attempt)
        entered.resolve()
        if (attempts.length === 1) await once(signal, 'abort')
      })
      await queues.createWorker('analysis', [worker], { concurrency: 1 })
      await queues.add(workJob, { session: 's', item: 'x' }, 'one')
      await entered.promise
      await queues.close(0)
      queues = await start()
      expect(await queues.counts('analysis')).toMatchObject({ active: 0, waiting: 1 })
      entered = Promise.withResolvers()
      await queues.createWorker('analysis', [worker], { concurrency: 1 })
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
      await queues.close()
      queues = await start({
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
      await queues.createWorker('analysis', [worker], { concurrency: 1 })
      await queues.add(workJob, { session: 's', item: 'running' }, 'running')
      await queues.add(workJob, { session: 's', item: 'waiting' }, 'waiting')
      await entered.promise
      cancelled.add('s')
      await queues.announceCancellation('s')
      await expect.poll(() => queues.counts('analysis')).toMatchObject({ failed: 2, active: 0, waiting: 0 })
      expect(began).toEqual(['running'])
      expect(ended).toMatchObject([{ code: 'cancelled' }])
      expect(listeners.size).toBe(0)
    })
  })
}
