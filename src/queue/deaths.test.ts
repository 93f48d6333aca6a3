import { describe, expect, test } from 'vitest'
import { testJob } from '../../test/support/queue-benches.ts'
import { ElsewhereError } from '../errors.ts'
import type { JobData, StoredJob } from './backends.ts'
import type { OpenQueues } from './children.ts'
import { createQuarantine, deathsAllowed, deathsOf, forgiveDeaths, noteDeath, ParkedError } from './deaths.ts'
import { handOn } from './hand-on.ts'

function jobWith(data: Partial<JobData>, stalledCounter = 0): StoredJob {
  const job = {
    data: { payload: {}, ...data },
    stalledCounter,
    opts: {},
    async updateData(changed: JobData) {
      job.data = { ...changed, payload: {} }
    },
  }
  return job as unknown as StoredJob
}

describe('jobs that processes died of', () => {
  test('are counted, whoever found the process dead', async () => {
    const job = jobWith({}, 1)
    await noteDeath(job)
    expect(deathsOf(job)).toBe(2)
  })

  test('go along with a job that another region goes on with', async () => {
    const added: { data: JobData }[] = []
    const queue = {
      getJobState: async () => 'unknown',
      addBulk: async (jobs: typeof added) => added.push(...jobs),
    }
    const queues = { of: () => queue } as unknown as OpenQueues
    const elsewhere = new ElsewhereError('The model', 'eu')
    await handOn(queues, testJob('work', 'search'), jobWith({ deaths: 1 }, 2), elsewhere)
    expect(added.map(({ data }) => data)).toMatchObject([{ deaths: 3, hops: 1 }])
  })

  test('are not blamed any more for what happened before they got further', async () => {
    const job = jobWith({ deaths: 1 }, 1)
    await forgiveDeaths(job)
    expect(deathsOf(job)).toBe(0)
    await noteDeath(job)
    expect(deathsOf(job)).toBe(1)
  })

  test('are given up after three', async () => {
    const quarantine = createQuarantine()
    let began = false
    const run = quarantine(jobWith({ deaths: deathsAllowed }), async () => {
      began = true
    })
    await expect(run).rejects.toThrow(ParkedError)
    await expect(run).rejects.toThrow('the program stopped 3 times')
    expect(began).toBe(false)
  })

  test('run one at a time from the second on, while others of them wait in the queue and nobody else is held up', async () => {
    const quarantine = createQuarantine()
    const held = Promise.withResolvers<void>()
    const began: string[] = []
    const job = (name: string, deaths: number) =>
      quarantine(jobWith({ deaths }), async () => {
        began.push(name)
        if (name === 'first') await held.promise
      })
    const first = job('first', 2)
    await expect(job('second', 2)).rejects.toMatchObject({ code: 'waiting', until: expect.any(Date) })
    await job('innocent', 1)
    held.resolve()
    await first
    await job('second', 2)
    expect(began).toEqual(['first', 'innocent', 'second'])
  })

  test('one that fails lets the next begin', async () => {
    const quarantine = createQuarantine()
    const failing = quarantine(jobWith({ deaths: 2 }), () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    await expect(quarantine(jobWith({ deaths: 2 }), async () => undefined)).resolves.toBeUndefined()
  })
})
