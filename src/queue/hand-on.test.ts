import { beforeEach, expect, test } from 'vitest'
import { describeQueues, testJob } from '../../test/support/queue-benches.ts'
import { ElsewhereError, messageOf, SheafError } from '../errors.ts'
import { journeyAtHand } from '../regions/journey.ts'
import { createEngine } from './backends.ts'
import { child, handle, handleSpine } from './queues.ts'

const spineJob = testJob('spine', 'sessions', 1)
const workJob = testJob('work', 'search')
const data = { session: 's', item: 'a' }
const patience = { timeout: 20_000 }
const passed = { 'openai/a': { until: 5, kind: 'passing' } }

await describeQueues('work of another region', (bench) => {
  const outcomes: string[] = []
  beforeEach(async () => {
    outcomes.length = 0
    await bench.reopen({
      watch: {
        within: (_, run) => run(),
        ended: ({ queue, id, outcome }) => outcomes.push(`${queue} ${id} ${outcome}`),
      },
    })
  })

  /** Runs a spine with one piece of work to its end; gives the failures that it was told of. */
  async function runSpine(): Promise<ReadonlyMap<string, string>> {
    const done = Promise.withResolvers<ReadonlyMap<string, string>>()
    const spine = handleSpine(spineJob, async (_, context) => {
      if (context.step === undefined) {
        await context.addChildren([child(workJob, data, { key: 'a', position: 7 })])
        await context.saveStep('added')
      }
      await context.waitForChildren()
      done.resolve(await context.childFailures())
    })
    await bench.queues.createWorker('sessions', [spine], { concurrency: 1 })
    await bench.queues.add(spineJob, data, 'spine-1')
    return done.promise
  }

  test('goes on in its queue, without a failure or an attempt, and the spine waits for it there', async () => {
    const log: string[] = []
    const worker = (region: string) =>
      handle(workJob, async (_, { attempt, lastAttempt }) => {
        log.push(`${region}, attempt ${attempt}, last ${lastAttempt}`)
        if (region === 'anywhere') throw new ElsewhereError('The model', 'eu', passed)
        expect(journeyAtHand()).toEqual({
          job: 'spine-1.work.a',
          queue: 'search',
          passed,
        })
      })
    await bench.queues.createWorker('search', [worker('anywhere')], { concurrency: 1 })
    const failures = runSpine()
    await expect.poll(async () => (await bench.queues.counts('search@eu')).waiting, patience).toBe(1)
    expect((await bench.queues.counts('sessions')).waitingChildren).toBe(1)
    await bench.queues.createWorker('search@eu', [worker('eu')], { concurrency: 1 })
    expect(await failures).toEqual(new Map())
    expect(log).toEqual(['anywhere, attempt 1, last false', 'eu, attempt 1, last false'])
    expect(outcomes.filter((outcome) => outcome.startsWith('search'))).toEqual([
      'search spine-1.work.a handed_on',
      'search@eu spine-1.work.a@eu done',
    ])
  })

  test('has no more attempts there than it had left', async () => {
    let asked = 0
    const lasts: boolean[] = []
    await bench.queues.createWorker(
      'search',
      [
        handle(workJob, async () => {
          asked += 1
          if (asked === 1) throw new SheafError('upstream_failed', 'Once.', { retryable: true })
          throw new ElsewhereError('The model', 'eu')
        }),
      ],
      { concurrency: 1 },
    )
    await bench.queues.createWorker(
      'search@eu',
      [
        handle(workJob, async (_, { lastAttempt }) => {
          lasts.push(lastAttempt)
          throw new SheafError('upstream_failed', 'Always.', { retryable: true })
        }),
      ],
      { concurrency: 1 },
    )
    expect(await runSpine()).toEqual(new Map([['spine-1.work.a', 'Always.']]))
    expect(lasts).toEqual([false, true])
  })

  test('that goes in circles is given up, and its spine knows it by its own name', async () => {
    const said: string[] = []
    let runs = 0
    let known: string[] = []
    for (const [queue, next] of [
      ['search', 'eu'],
      ['search@eu', 'us'],
      ['search@us', 'eu'],
    ] as const) {
      const handler = handle(
        workJob,
        async () => {
          runs += 1
          known = Object.keys(journeyAtHand()!.passed)
          throw new ElsewhereError('The model', next, {
            [`in vain in ${queue}`]: { until: 5, kind: 'passing' },
          })
        },
        async (_, thrown) => void said.push(messageOf(thrown)),
      )
      await bench.queues.createWorker(queue, [handler], { concurrency: 1 })
    }
    const failures = await runSpine()
    expect([...failures.keys()]).toEqual(['spine-1.work.a'])
    expect(runs).toBe(9)
    expect(known.toSorted()).toEqual(['in vain in search', 'in vain in search@eu', 'in vain in search@us'])
    expect(said).toEqual([
      'Given up: it went from region to region 8 times. The model is asked from the region eu.',
    ])
  })

  test('is done again where an earlier one had the same name, and brings along whom it has cost', async () => {
    const engine = createEngine(bench.backend)
    const [here, there] = [engine.createQueue('search'), engine.createQueue('search@eu')]
    let done = 0
    await bench.queues.createWorker(
      'search',
      [
        handle(workJob, async () => {
          throw new ElsewhereError('The model', 'eu')
        }),
      ],
      { concurrency: 1 },
    )
    await bench.queues.createWorker(
      'search@eu',
      [
        handle(workJob, async () => {
          done += 1
        }),
      ],
      {
        concurrency: 1,
      },
    )
    for (const times of [1, 2]) {
      await here.add('work', { payload: data, deaths: 1 }, { jobId: 'again', removeOnComplete: true })
      await expect.poll(() => there.getJobState('again@eu'), patience).toBe('completed')
      await expect.poll(() => done, patience).toBe(times)
    }
    expect((await there.getJob('again@eu'))?.data).toMatchObject({ hops: 1, deaths: 1 })
    await Promise.all([here.close(), there.close()])
    await engine.close()
  })
})
