import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProxy } from '../../support/proxy.ts'
import { answersPostgres, startPostgres, startRedis } from '../../support/servers.ts'
import { type Fault, tried } from './scenario.ts'

/** Reviews at work when the database fails. */
const reviews = 10

/** PostgreSQL is killed and started again, once with the queue on it and once with the queue elsewhere. */
const postgresRestarted =
  (withRedis: boolean): Fault =>
  async () => {
    await using postgres = await startPostgres()
    await using redis = withRedis ? await startRedis() : undefined
    return await tried({ databaseUrl: postgres.url, redisUrl: redis?.url }, async (trial) => {
      await trial.begin(reviews)
      for (const signal of ['SIGQUIT', 'SIGINT'] as const) {
        await sleep(4_000)
        await postgres.stop(signal)
        await sleep(2_000)
        await postgres.start()
      }
      return `${reviews} reviews`
    })
  }

/** Every connection to PostgreSQL is ended, again and again; the server itself is well. */
const connectionsCut: Fault = async () => {
  await using postgres = await startPostgres()
  await using proxy = await startProxy(postgres.port)
  return await tried(
    { databaseUrl: postgres.url.replace(`:${postgres.port}`, `:${proxy.port}`) },
    async (trial) => {
      await trial.begin(reviews)
      for (let time = 0; time < 4; time += 1) {
        await sleep(2_500)
        proxy.cut()
      }
      return `${reviews} reviews`
    },
  )
}

/** The disk of PostgreSQL fills up in the middle of work; somebody makes room after a while, and starts the server if it has ended. */
const diskFull: Fault = async () => {
  const disk = mkdtempSync(join(tmpdir(), 'sheaf-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400M,mode=0755', 'tmpfs', disk])
  try {
    await using postgres = await startPostgres({ data: disk })
    await using redis = await startRedis()
    return await tried({ databaseUrl: postgres.url, redisUrl: redis.url, mayFail: true }, async (trial) => {
      await trial.begin(reviews)
      await sleep(4_000)
      const ballast = join(disk, 'ballast')
      // By another process: this one answers for the simulated services, and measures when it is asked.
      const filling = spawn('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M'], { stdio: 'ignore' })
      const [code] = await once(filling, 'exit')
      if (code !== 1) throw new Error(`dd ended with ${code} and not with a full disk.`)
      await sleep(6_000)
      rmSync(ballast)
      const ended = !(await answersPostgres(postgres.url))
      if (ended) {
        await postgres.stop()
        await postgres.start()
      }
      await trial.until(1)
      const { rows } = await trial.database.query(
        `select count(*)::int as failed from sheaf.sessions where status = 'failed'`,
      )
      return `${reviews} reviews, ${rows[0].failed} failed; the server ${ended ? 'had ended' : 'went on'}`
    })
  } finally {
    execFileSync('umount', [disk])
    rmSync(disk, { recursive: true })
  }
}

export const databaseFaults: Record<string, Fault> = {
  'postgres-restarted': postgresRestarted(true),
  'postgres-and-queue-restarted': postgresRestarted(false),
  'connections-cut': connectionsCut,
  'disk-full': diskFull,
}
