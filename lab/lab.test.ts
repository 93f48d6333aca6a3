import { afterEach, describe, expect, it } from 'vitest'
import { createFaults } from './faults.ts'
import { type RunningLab, startLab } from './lab.ts'
import { createLatency } from './latency.ts'

describe('startLab', () => {
  let lab: RunningLab
  afterEach(() => lab.close())

  it('is controlled over HTTP while it runs', async () => {
    lab = await startLab({ papers: 200 })
    const ask = async (path: string, body?: unknown) => {
      const response = await fetch(
        `${lab.origin}/lab${path}`,
        body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
      )
      return { status: response.status, body: (await response.json().catch(() => undefined)) as never }
    }
    await fetch(`${lab.endpoints.openalex}/works/W1`)
    expect((await ask('/requests')).body).toEqual({ openalex: { count: 1, most: 1, statuses: { 404: 1 } } })
    expect((await ask('/faults', { openalex: 2 })).status).toBe(400)
    expect((await ask('/faults', { openalex: 0 })).status).toBe(200)
    await fetch(`${lab.endpoints.openalex}/works/W1`, { headers: { authorization: 'Bearer wrong' } })
    expect((await ask('/violations')).body).toMatchObject({
      counts: { invalid_key: 1 },
      violations: [{ service: 'openalex' }],
    })
    await ask('/reset', {})
    expect(((await ask('/violations')).body as { violations: unknown[] }).violations).toEqual([])
    expect((await ask('/questions')).body).toHaveLength(12)
    const [relevant] = (await ask('/relevant/fasting-glycaemia')).body as number[]
    expect((await ask(`/papers/${relevant}`)).body).toMatchObject({
      topic: 'fasting-glycaemia',
      aspect: 'answers',
      statements: expect.any(Array),
    })
    expect((await ask('/papers/200')).status).toBe(404)
  })

  it('fails as often as it is told, the same way for the same seed', async () => {
    lab = await startLab({ papers: 100 })
    const outcome = async () => {
      lab.setFaults(0)
      const url = `${lab.endpoints.openalex}/works/W1`
      return (await fetch(url)).status
    }
    expect(await outcome()).toBe(404)
    const drawn = (seed: number) => {
      const faults = createFaults(seed, { openalex: 0.3 })
      return Array.from({ length: 500 }, () => faults.next('openalex'))
    }
    expect(drawn(1)).toEqual(drawn(1))
    expect(drawn(1)).not.toEqual(drawn(2))
    const failures = drawn(1).filter((fault) => fault !== undefined)
    expect(failures.length).toBeGreaterThan(100)
    expect(failures.length).toBeLessThan(200)
    expect(new Set(failures).size).toBe(5)
    expect(createFaults(1, { openalex: 1 }).next('arxiv')).toBeUndefined()
  })
})

describe('createLatency', () => {
  it('lies around the median of its service, and is nothing when switched off', () => {
    const latency = createLatency(1, 'realistic')
    const times = Array.from({ length: 999 }, () => latency('arxiv')).sort((a, b) => a - b)
    expect(times[499]).toBeGreaterThan(800)
    expect(times[499]).toBeLessThan(1_000)
    expect(times.at(-1)).toBeGreaterThan(2_000)
    expect(createLatency(1, 'none')('arxiv')).toBe(0)
  })
})
