import { expect, test } from 'vitest'
import { describeQueues, testJob } from '../../test/support/queue-benches.ts'
import { SheafError, WaitingError } from '../errors.ts'
import { child, handle, handleSpine } from './queues.ts'

const spineJob = testJob('spine', 'sessions', 1)
const workJob = testJob('work', 'search', 1)
const data = { session: 's', item: 'a' }

await describeQueues('work that waits', (bench) => {
  test('is put back until its time, as often as it must, without using up attempts; the spine waits for it', async () => {
    const log: string[] = []
    const done = Promise.withResolvers<void>()
    const worker = handle(workJob, async (_payload, { attempt, lastAttempt }) => {
      log.push(`asked, attempt ${attempt}, last ${lastAttempt}`)
      if (log.length < 4) throw new WaitingError('arXiv', new Date(Date.now() + 30), 'one at a time')
      log.push('had')
    })
    const spine = handleSpine(spineJob, async (data, context) => {
      if (context.step === undefined) {
        await context.addChildren([child(workJob, data, { key: 'a', position: 1 })])
        await context.saveStep('added')
      }
      await context.waitForChildren()
      expect(await context.childFailures()).toEqual(new Map())
      log.push('spine goes on')
      done.resolve()
    })
    await bench.queues.createWorker('search', [worker], { concurrency: 2 })
    await bench.queues.createWorker('sessions', [spine], { concurrency: 1 })
    await bench.queues.add(spineJob, data, 'spine-1')
    await done.promise
    expect(log).toEqual([
      ...Array.from({ length: 4 }, () => 'asked, attempt 1, last true'),
      'had',
      'spine goes on',
    ])
  })

  test('is put back while the store or the queue is away, in whoever’s words that is said, and that is no attempt', async () => {
    const away = [
      new SheafError('store_unavailable', 'The database cannot be used: it went down', {
        cause: Object.assign(new Error('terminating connection'), { code: '57P01' }),
        retryable: true,
      }),
      new Error('Connection terminated unexpectedly'),
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      new Error('Connection is closed.'),
    ]
    const attempts: number[] = []
    const done = Promise.withResolvers<void>()
    const spine = handleSpine(spineJob, async (_data, { attempt }) => {
      attempts.push(attempt)
      const failure = away.shift()
      if (failure) throw failure
      done.resolve()
    })
    await bench.queues.createWorker('sessions', [spine], { concurrency: 1 })
    await bench.queues.add(spineJob, data, 'spine-2')
    await done.promise
    expect(attempts).toEqual([1, 1, 1, 1, 1])
  })
})
