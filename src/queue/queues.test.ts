import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout } from 'node:timers/promises'
import type { Telemetry } from 'bullmq'
import { expect, test } from 'vitest'
import { describeQueues, type TestPayload, testJob } from '../../test/support/queue-benches.ts'
import { messageOf, SheafError } from '../errors.ts'
import type { QueueTracing } from './backends.ts'
import { type Child, child, type Handler, handle, handleSpine } from './queues.ts'

const spineJob = testJob('spine', 'sessions')
const workJob = testJob('work', 'analysis')
const readJob = testJob('read', 'documents')
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

await describeQueues('queues', (bench) => {
  /** Runs a spine to its end, with handlers for its children, and tells what was done in which order. */
  async function runSpine(spine: Handler['run'], others: readonly Handler[] = []) {
    const done = Promise.withResolvers<void>()
    for (const queue of ['analysis', 'documents'] as const) {
      const handlers = others.filter(({ job }) => job.queue === queue)
      await bench.queues.createWorker(queue, handlers, { concurrency: 4 })
    }
    const spineHandler = handleSpine(spineJob, async (data, context) => {
      await spine(data, context)
      done.resolve()
    })
    await bench.queues.createWorker('sessions', [spineHandler], { concurrency: 1 })
    await bench.queues.add(spineJob, { session: 's', item: '' }, 'spine-1')
    await done.promise
  }

  test('who watches is told what became of each run, within its job', async () => {
    const told: string[] = []
    const within = new AsyncLocalStorage<string>()
    const over = Promise.withResolvers<void>()
    await bench.reopen({
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
    await bench.reopen({ tracing: fakeTracing() })
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
    await bench.queues.createWorker('sessions', [spines], { concurrency: 1 })
    await bench.queues.add(spineJob, { session: 's', item: 'large' }, 'large')
    await bench.queues.add(spineJob, { session: 's', item: 'small' }, 'small')
    await added.promise
    await bench.queues.createWorker('analysis', [worker], { concurrency: 1 })
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
    const bad = { session: 1 } as unknown as TestPayload
    await expect(bench.queues.add(spineJob, bad, 'bad')).rejects.toThrow()
    expect(await bench.queues.counts('sessions')).toMatchObject({ waiting: 0 })
  })
})
