import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPglite, databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService, redisUrl } from '../../test/support/services.ts'
import { openDatabase } from '../store/database.ts'
import { eventsAfter } from '../store/events.ts'
import { recordsOf } from '../store/papers.ts'
import { getSession } from '../store/sessions.ts'

const [, postgres] = await databaseKinds()
const redis = await redisUrl()
const kinds = [
  { name: 'pglite', service: 'embedded', create: createPglite },
  { name: 'postgres', service: postgres?.service, create: () => postgres!.create() },
  { name: 'redis', service: postgres?.service && redis, create: () => postgres!.create() },
]
const tasks = 300

/** Lets a process work until it has stored so many results, and kills it there; or lets it come to its end. */
async function work(setting: object, killAt = Number.POSITIVE_INFINITY): Promise<void> {
  const child = fork(join(import.meta.dirname, 'kill.process.ts'), [JSON.stringify({ ...setting, tasks })], {
    execArgv: [],
  })
  const exited = once(child, 'exit')
  child.on('message', (message) => {
    if (message === 'finished' || Number(message) >= killAt) child.kill('SIGKILL')
  })
  await exited
}

for (const { name, service, create } of kinds) {
  describeService(service, `a process on ${name} that is killed`, () => {
    test('again and again is followed by one that ends its work at once, each result stored once', async () => {
      const data: TestDatabase = await create()
      const setting = {
        config: data.config,
        ...(name === 'redis' && { redis: { url: redis, prefix: `{sheaf-test-${randomUUID()}}` } }),
      }
      for (const killAt of [1, 70, 200]) await work(setting, killAt)
      await work(setting)
      const database = await openDatabase(data.config)
      const records = await recordsOf(database.sql, 's')
      const events = await eventsAfter(database.sql, 's', 0, 10 * tasks)
      const { status } = await getSession(database.sql, 's')
      await database.close()
      await data.remove()
      expect(status).toBe('finished')
      expect(records).toHaveLength(tasks)
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
      expect(events).toHaveLength(tasks)
    }, 60_000)
  })
}
