import type { QueueName } from '../queue/jobs.ts'
import type { Bounds, JobsToDo, Pool } from './pools.ts'
import { wanted } from './pools.ts'

/** A worker process as its supervisor handles it. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** Asks it to end in good order. */
  stop(): void
  kill(): void
  /** Calls back with each word that it is alive, and once when it has ended, with how. */
  onAlive(heard: () => void): void
  onEnd(ended: (how: string) => void): void
  /** Its metrics, as it tells them; undefined when it does not in time. */
  metrics(): Promise<unknown>
}

export interface SupervisorParts {
  readonly pools: readonly Pool[]
  readonly bounds: Bounds
  counts(queue: QueueName): Promise<JobsToDo>
  start(pool: Pool): WorkerProcess
  /** Told of what a person who looks after it should know. */
  report(message: string): void
  /** Milliseconds; default: see below. */
  readonly times?: Partial<Times>
}

/** All in milliseconds. */
interface Times {
  /** Between looks at queues and processes. */
  readonly look: number
  /** Without a word from a process, until it is held to be stuck and killed. The first word takes a start. */
  readonly silence: number
  readonly start: number
  /** For which fewer are wanted, until one is stopped. */
  readonly idle: number
  /** Before a process that ended at once is started again; doubles with each time, up to the longest. */
  readonly pause: number
  readonly longestPause: number
}

const usual: Times = {
  look: 1_000,
  silence: 30_000,
  start: 60_000,
  idle: 30_000,
  pause: 500,
  longestPause: 30_000,
}
/** A process that has lived so long was well, whatever ended it. Milliseconds. */
const wellAfter = 10_000
/** Milliseconds that processes have to end in good order before they are killed. */
const stopPatience = 15_000

interface Held {
  readonly process: WorkerProcess
  readonly startedAt: number
  heardAt: number | undefined
  stopping: boolean
}

interface PoolState {
  readonly pool: Pool
  readonly held: Set<Held>
  /** Since when fewer are wanted than there are. */
  idleSince: number | undefined
  failures: number
  notBefore: number
}

/** Keeps worker processes at work. */
export interface Supervisor {
  /** How many processes of each pool are there, by its name. */
  sizes(): Record<string, number>
  /** The metrics of all processes that tell theirs. */
  metrics(): Promise<unknown[]>
  /** Asks all to end, and resolves when they have. */
  stop(): Promise<void>
}

/**
 * Keeps as many processes in each pool as its queues are worth, between the bounds: starts one at a time while more are wanted, stops
 * the youngest when fewer are for a while, replaces those that end, and kills those that no longer answer.
 */
export function createSupervisor({
  pools,
  bounds,
  counts,
  start,
  report,
  times,
}: SupervisorParts): Supervisor {
  const { look, silence, start: startTime, idle, pause, longestPause } = { ...usual, ...times }
  const states = pools.map(
    (pool): PoolState => ({ pool, held: new Set(), idleSince: undefined, failures: 0, notBefore: 0 }),
  )
  let stopped = false

  function startOne(state: PoolState): void {
    const process = start(state.pool)
    const one: Held = { process, startedAt: Date.now(), heardAt: undefined, stopping: false }
    state.held.add(one)
    process.onAlive(() => {
      one.heardAt = Date.now()
    })
    process.onEnd((how) => {
      state.held.delete(one)
      if (one.stopping) return
      const now = Date.now()
      state.failures = now - one.startedAt > wellAfter ? 0 : state.failures + 1
      state.notBefore =
        state.failures === 0 ? 0 : now + Math.min(longestPause, pause * 2 ** (state.failures - 1))
      report(
        `A worker of ${state.pool.name} (process ${process.pid}) ended: ${how}. Another takes its place.`,
      )
    })
  }

  function killStuck({ pool, held }: PoolState): void {
    const now = Date.now()
    for (const { process, startedAt, heardAt, stopping } of held) {
      if (stopping || now <= (heardAt === undefined ? startedAt + startTime : heardAt + silence)) continue
      report(`A worker of ${pool.name} (process ${process.pid}) no longer answers; it is killed.`)
      process.kill()
    }
  }

  function resize(state: PoolState, target: number): void {
    const now = Date.now()
    const atWork = [...state.held].filter(({ stopping }) => !stopping)
    if (atWork.length < target && now >= state.notBefore) startOne(state)
    if (atWork.length <= target) state.idleSince = undefined
    else {
      state.idleSince ??= now
      if (now - state.idleSince < idle) return
      const youngest = atWork.at(-1)!
      youngest.stopping = true
      youngest.process.stop()
    }
  }

  async function lookAfter(state: PoolState): Promise<void> {
    killStuck(state)
    // What cannot be counted (a server that is away for a moment) is no reason to change their number.
    const known = await Promise.all(state.pool.queues.map(counts)).catch(() => undefined)
    if (stopped) return
    resize(state, known ? wanted(state.pool, known, bounds) : Math.max(bounds.least, state.held.size))
  }

  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(async () => void (await Promise.all(states.map(lookAfter))))
  }, look)
  for (const state of states) for (let count = 0; count < bounds.least; count += 1) startOne(state)

  return {
    sizes: () => Object.fromEntries(states.map(({ pool, held }) => [pool.name, held.size])),
    async metrics() {
      const all = states.flatMap(({ held }) => [...held])
      const told = await Promise.all(all.map(({ process }) => process.metrics()))
      return told.filter((metrics) => metrics !== undefined)
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await looking
      const all = states.flatMap(({ held }) => [...held])
      const ended = all.map((one) => new Promise<void>((resolve) => one.process.onEnd(() => resolve())))
      for (const one of all) {
        one.stopping = true
        one.process.stop()
      }
      const patience = setTimeout(() => {
        for (const { process } of all) process.kill()
      }, stopPatience)
      await Promise.all(ended)
      clearTimeout(patience)
    },
  }
}
