import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../support/databases.ts'
import { describeService, redisUrl } from '../support/services.ts'
import { createPlace, notesFolder, type Place, type Running } from '../support/sheaf.ts'

const [, postgres] = await databaseKinds()
const redis = await redisUrl()

const question = 'How are quotations found on a page?'

describe('without a database that processes share', () => {
  test('workers of a server are refused, with what to do', async () => {
    using place = await createPlace()
    const { code, stderr } = await place.sheaf('serve', '--port', '0', '--workers', '2')
    expect(code).toBe(64)
    expect(stderr).toContain('Set DATABASE_URL to use --workers')
  })

  test('a worker finds nothing to do, says so, and ends', async () => {
    using place = await createPlace()
    const { code, stderr } = await place.sheaf('worker', '--drain')
    expect(stderr).toContain('Nothing is left to do; 0 jobs done.')
    expect(code).toBe(0)
  })

  test('a queue that there is not is named', async () => {
    using place = await createPlace()
    const { code, stderr } = await place.sheaf('worker', '--queues', 'serach')
    expect(code).toBe(64)
    expect(stderr).toContain('There is no queue “serach”')
  })
})

/** Processes whose parent is this one (Linux: the fourth field of /proc/PID/stat, after a name that may hold anything). */
function workersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}

for (const kind of ['postgres', 'redis'] as const)
  describeService(
    kind === 'redis' ? redis && postgres?.service : postgres?.service,
    `workers on ${kind}`,
    () => {
      let database: TestDatabase
      let place: Place
      let environment: NodeJS.ProcessEnv
      const running: Running[] = []

      async function open(): Promise<void> {
        database = await postgres!.create()
        place = await createPlace({ fresh: true })
        if (database.config.kind !== 'postgres') throw new Error('A database of another kind was made.')
        environment = { DATABASE_URL: database.config.url, ...(kind === 'redis' && { REDIS_URL: redis }) }
      }

      function start(...words: string[]): Running {
        const one = place.start(words, environment)
        running.push(one)
        return one
      }

      async function serve(...words: string[]): Promise<Running> {
        const server = start('serve', '--port', '0', ...words)
        await server.until(/serves on/)
        return server
      }

      const research = () =>
        start('research', question, '--library', notesFolder, '--out', `${place.folder}/report`, '--json')
          .ended

      afterEach(async () => {
        for (const { process, ended } of running.splice(0)) {
          process.kill('SIGTERM')
          await ended
        }
        place[Symbol.dispose]()
        await database.remove()
      })

      test('a server without work of its own leaves it to a worker, which ends when all is done', async () => {
        await open()
        await serve('--workers', '0')
        const review = research()
        const follower = running.at(-1)!
        await follower.until(/session.created/)
        const worker = await start('worker', '--drain', '--max-seconds', '100').ended
        expect(worker.stderr).toMatch(/Nothing is left to do; [1-9]\d* jobs done/)
        expect(worker.code).toBe(0)
        expect((await review).code).toBe(0)
        expect((await start('verify', `${place.folder}/report`).ended).code).toBe(0)
      })

      test('workers that are killed are replaced, and the review is finished', async () => {
        await open()
        const server = await serve('--workers', '1')
        await server.until(/works on sessions/)
        const review = research()
        const follower = running.at(-1)!
        await follower.until(/phase.started","phase":"read"|"read"/)
        const pids = workersOf(server.process.pid!)
        expect(pids.length).toBe(2)
        for (const pid of pids) process.kill(pid, 'SIGKILL')
        await server.until(/ended: SIGKILL. Another takes its place/)
        expect((await review).code).toBe(0)
        server.process.kill('SIGTERM')
        await once(server.process, 'exit')
        expect(workersOf(server.process.pid!)).toEqual([])
        for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
      })
    },
  )
