import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { jobsFor, type Pool, queuesNamed, workerBounds } from './pools.ts'
import { createSupervisor, type Supervisor, type WorkerProcess } from './supervisor.ts'

const pool: Pool = { name: 'documents', queues: ['documents'], jobsPerProcess: 10 }

/** A process that does what a test says. */
class FakeProcess implements WorkerProcess {
  readonly pid = 1
  readonly did: string[] = []
  #heard: (() => void)[] = []
  #ended: ((how: string) => void)[] = []
  stop() {
    this.did.push('stop')
    this.end('exit code 0')
  }
  kill() {
    this.did.push('kill')
    this.end('SIGKILL')
  }
  onAlive(heard: () => void) {
    this.#heard.push(heard)
  }
  onEnd(ended: (how: string) => void) {
    this.#ended.push(ended)
  }
  async metrics() {
    return this.did.length === 0 ? [] : undefined
  }
  sayAlive() {
    for (const heard of this.#heard) heard()
  }
  end(how: string) {
    for (const ended of this.#ended.splice(0)) ended(how)
  }
}

describe('a supervisor of worker processes', () => {
  let supervisor: Supervisor | undefined
  afterEach(() => supervisor?.stop())

  function supervise({ waiting = () => 0, times = {} }: { waiting?: () => number; times?: object }) {
    const started: FakeProcess[] = []
    const said: string[] = []
    supervisor = createSupervisor({
      pools: [pool],
      bounds: { least: 1, most: 3 },
      counts: async () => ({ waiting: waiting(), active: 0 }),
      start() {
        started.push(new FakeProcess())
        return started.at(-1)!
      },
      report: (message) => said.push(message),
      times: { look: 2, idle: 20, pause: 1, longestPause: 4, ...times },
    })
    return { started, said, size: () => supervisor!.sizes().documents }
  }

  test('starts more as the queue grows, up to the most, and stops them when it is empty for a while', async () => {
    let waiting = 0
    const { started, size } = supervise({ waiting: () => waiting })
    expect(size()).toBe(1)
    waiting = 1_000
    await expect.poll(size).toBe(3)
    waiting = 0
    await expect.poll(size).toBe(1)
    expect(started.map(({ did }) => did)).toEqual([[], ['stop'], ['stop']])
  })

  test('replaces a process that died, and says so', async () => {
    const { started, said, size } = supervise({})
    started[0]!.end('SIGKILL')
    await expect.poll(() => started.length).toBe(2)
    expect(size()).toBe(1)
    expect(said).toEqual(['A worker of documents (process 1) ended: SIGKILL. Another takes its place.'])
  })

  test('kills one that no longer answers, also when it never did', async () => {
    const { started, said } = supervise({ times: { silence: 30, start: 60 } })
    started[0]!.sayAlive()
    await expect.poll(() => started[0]!.did).toEqual(['kill'])
    await expect.poll(() => started[1]?.did).toEqual(['kill'])
    expect(said[0]).toContain('no longer answers')
  })

  test('stops all at its own end, and starts none after', async () => {
    const { started } = supervise({ waiting: () => 1_000 })
    await expect.poll(() => started.length).toBe(3)
    await supervisor!.stop()
    expect(started.every(({ did }) => did.includes('stop'))).toBe(true)
    await setTimeout(10)
    expect(started).toHaveLength(3)
  })
})

describe('what is said of workers', () => {
  test.each([
    ['0', { least: 0, most: 0 }],
    ['3', { least: 3, most: 3 }],
    ['2-8', { least: 2, most: 8 }],
    ['auto', { least: 1, most: 4 }],
  ])('%s', (words, bounds) => expect(workerBounds(words, 4)).toEqual(bounds))

  test.each(['', 'many', '3-2', '-1', '1.5', '9999'])('“%s” is no number of workers', (words) =>
    expect(() => workerBounds(words, 4)).toThrow('no number of workers'),
  )

  test('queues are known by their names', () => {
    expect(queuesNamed(['search', 'documents'])).toEqual(['search', 'documents'])
    expect(queuesNamed()).toContain('sessions')
    expect(() => queuesNamed(['serach'])).toThrow('There is no queue “serach”')
  })
})

describe('jobs that are counted for workers', () => {
  const held: Record<string, number> = { sessions: 1, documents: 2, 'documents@eu': 4, 'documents@us': 8 }
  const counts = async (queue: string) => ({
    waiting: held[queue]!,
    active: 10 * held[queue]!,
    delayed: 0,
    waitingChildren: 0,
    failed: 0,
    completed: 0,
  })
  test.each([
    ['documents', 'eu', 6],
    ['documents', undefined, 2],
    ['sessions', 'eu', 1],
  ] as const)('of %s in the region %s', async (queue, region, waiting) =>
    expect(await jobsFor({ counts }, queue, region)).toMatchObject({ waiting, active: 10 * waiting }),
  )
})
