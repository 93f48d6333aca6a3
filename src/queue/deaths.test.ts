import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { JobData, StoredJob } from './backends.ts'
import { createQuarantine, deathsAllowed, deathsOf, forgiveDeaths, noteDeath, ParkedError } from './deaths.ts'

function jobWith(data: Partial<JobData>, stalledCounter = 0): StoredJob {
  const job = {
    data: { payload: {}, ...data },
    stalledCounter,
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

  test('run one at a time from the second on, and hold nobody else up', async () => {
    const quarantine = createQuarantine()
    let suspects = 0
    let most = 0
    const held = Promise.withResolvers<void>()
    const suspect = () =>
      quarantine(jobWith({ deaths: 2 }), async () => {
        suspects += 1
        most = Math.max(most, suspects)
        await held.promise
        await setTimeout(1)
        suspects -= 1
      })
    const all = [suspect(), suspect(), suspect()]
    await quarantine(jobWith({ deaths: 1 }), async () => held.resolve())
    await Promise.all(all)
    expect(most).toBe(1)
  })

  test('one that fails lets the next begin', async () => {
    const quarantine = createQuarantine()
    const failing = quarantine(jobWith({ deaths: 2 }), () => Promise.reject(new Error('no')))
    const next = quarantine(jobWith({ deaths: 2 }), async () => undefined)
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBeUndefined()
  })
})
