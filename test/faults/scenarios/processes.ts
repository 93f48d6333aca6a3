import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { startProxy } from '../../support/proxy.ts'
import { startPostgres, startRedis } from '../../support/servers.ts'
import { median, type Trial } from '../harness.ts'
import { type Fault, tried, triedOnServers } from './scenario.ts'

/** Seconds from a kill until half of what the process held is under way again. */
const recoversWithin = 15

function recovered(trial: Trial): string {
  const times = trial.recoveries()
  const middle = median(times)
  return `${trial.sessions.length} reviews; ${times.length} tasks begun again, median ${middle?.toFixed(1) ?? 'no'} s, longest ${Math.max(0, ...times).toFixed(1)} s`
}

/** Kills any process, of API and workers, again and again while fifty reviews are at work, and starts another in its place. */
const anyProcessKilled =
  (queues: 'redis' | 'postgres'): Fault =>
  async (random) => {
    let times: readonly number[] = []
    const outcome = await triedOnServers({ queues, workers: 3, mayFail: true }, async (trial) => {
      await trial.begin(50)
      let kills = 0
      while (kills < 8) {
        await sleep(3_000 + random() * 4_000)
        const parts = [...trial.sheaf.parts]
        const victim = parts[Math.floor(random() * parts.length)]!
        await trial.kill(victim)
        kills += 1
        await trial.sheaf.start(victim.words)
      }
      await trial.until(1)
      await trial.faults()
      times = trial.recoveries()
      return `${kills} kills, ${recovered(trial)}`
    })
    const middle = median(times)
    const late = middle !== undefined && middle >= recoversWithin
    return {
      ...outcome,
      wrong: [...outcome.wrong, ...(late ? [`recovered after ${middle} s in the median`] : [])],
    }
  }

/** Kills a worker and puts none in its place: the others find what it held. */
const workerLost: Fault = async () => {
  return await triedOnServers({ workers: 3 }, async (trial) => {
    await trial.begin(12)
    await sleep(6_000)
    await trial.kill([...trial.sheaf.parts].at(-1)!)
    await trial.until(1)
    await trial.faults()
    return recovered(trial)
  })
}

/**
 * Stops a worker for longer than its locks last, as a machine that swaps does, and lets it go on: for a while two hold the same jobs.
 */
const workerFrozen: Fault = async () => {
  return await triedOnServers({ workers: 2 }, async (trial) => {
    await trial.begin(10)
    await sleep(5_000)
    const goOn = await trial.freeze([...trial.sheaf.parts].at(-1)!)
    await sleep(35_000)
    goOn()
    await trial.until(1)
    return `${trial.sessions.length} reviews`
  })
}

/** A worker whose heap is full ends at once, whatever it does, several times. */
const workerOutOfMemory: Fault = async () => {
  return await triedOnServers({ workers: 1 }, async (trial) => {
    await trial.begin(10)
    let deaths = 0
    for (let time = 0; time < 3; time += 1) {
      // Too little for a review, so that it dies of V8's own limit in the middle of work; or it is not chosen and lives.
      const small = await trial.sheaf
        .start(['worker'], { NODE_OPTIONS: '--max-old-space-size=48' })
        .catch(() => undefined)
      for (
        let wait = 0;
        small && wait < 60 && small.child.exitCode === null && small.child.signalCode === null;
        wait += 1
      )
        await sleep(250)
      if (!small || small.child.exitCode !== null || small.child.signalCode !== null) deaths += 1
      for (const part of trial.sheaf.parts)
        if (part.child.exitCode !== null || part.child.signalCode !== null) await trial.sheaf.end(part)
      if (small && trial.sheaf.parts.has(small)) await trial.sheaf.end(small)
    }
    await trial.until(1)
    return `${trial.sessions.length} reviews, ${deaths} workers died of their memory`
  })
}

/** Modules that make a process worse before Sheaf begins. */
const preload = (name: string) => ({
  NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, '../preloads', name)).href}`,
})

/** One PDF kills every worker that asks for it; whoever looks after the workers starts another each time. */
const poisonedPaper: Fault = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-poison-'))
  const file = join(folder, 'poison')
  const outcome = await triedOnServers({ workers: 0 }, async (trial) => {
    const environment = { ...preload('poison.mjs'), SHEAF_TEST_POISON: file }
    for (const queues of ['sessions,search,analysis,synthesis', 'documents'])
      await trial.sheaf.start(['worker', '--queues', queues], environment)
    await trial.begin(6)
    const over = trial.until(1).then(() => true)
    while (!(await Promise.race([over, sleep(200, false)])))
      for (const part of trial.sheaf.parts)
        if (part.child.signalCode === 'SIGKILL') {
          await trial.sheaf.end(part)
          await trial.sheaf.start(part.words, environment)
        }
    const { rows } = await trial.database.query(
      `select error->>'message' as message from sheaf.tasks where error->>'message' like 'Given up: the program stopped%'`,
    )
    return rows.map(({ message }) => message).join('; ')
  })
  const deaths = readFileSync(file, 'utf8').trim().split('\n').length - 1
  rmSync(folder, { recursive: true })
  const parked = outcome.told === 'Given up: the program stopped 3 times while it worked on this.'
  return {
    told: `${deaths} workers died; ${outcome.told}`,
    wrong: [
      ...outcome.wrong,
      ...(parked ? [] : ['the poisoned paper alone should have been given up']),
      ...(deaths === 3 ? [] : [`${deaths} workers died of it`]),
    ],
  }
}

/** The clocks of two workers are wrong, by ten minutes each way. */
const clocksWrong: Fault = async () => {
  return await triedOnServers({ workers: 1 }, async (trial) => {
    for (const seconds of ['600', '-600'])
      await trial.sheaf.start(['worker'], { ...preload('clock.mjs'), SHEAF_TEST_CLOCK: seconds })
    await trial.begin(10)
    await sleep(5_000)
    await trial.kill([...trial.sheaf.parts].at(-1)!)
    await trial.until(1)
    await trial.faults()
    return recovered(trial)
  })
}

/** Nothing passes between a worker and Redis for longer than its locks last: others take its jobs, while it works on them too. */
const networkGone: Fault = async () => {
  await using postgres = await startPostgres()
  await using redis = await startRedis()
  await using proxy = await startProxy(redis.port)
  return await tried({ databaseUrl: postgres.url, redisUrl: redis.url, workers: 1 }, async (trial) => {
    await trial.sheaf.start(['worker'], { REDIS_URL: `redis://127.0.0.1:${proxy.port}` })
    await trial.begin(10)
    await sleep(4_000)
    proxy.silence()
    await sleep(40_000)
    proxy.mend()
    await trial.until(1)
    return `${trial.sessions.length} reviews`
  })
}

export const processFaults: Record<string, Fault> = {
  'any-process-killed': anyProcessKilled('redis'),
  'any-process-killed-postgres': anyProcessKilled('postgres'),
  'worker-lost': workerLost,
  'worker-frozen': workerFrozen,
  'worker-out-of-memory': workerOutOfMemory,
  'poisoned-paper': poisonedPaper,
  'clocks-wrong': clocksWrong,
  'network-gone': networkGone,
}
