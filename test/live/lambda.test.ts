import process from 'node:process'
import { afterEach, expect, test } from 'vitest'
import { handler } from '../../deploy/lambda/handler.ts'
import { databaseKinds } from '../support/databases.ts'
import { deploy } from '../support/deployment.ts'
import { describeService } from '../support/services.ts'
import { notesFolder } from '../support/sheaf.ts'

const [, postgres] = await databaseKinds()
const context = (seconds = 120) => {
  const end = Date.now() + seconds * 1000
  return { getRemainingTimeInMillis: () => end - Date.now() }
}
const before = { ...process.env }
afterEach(() => {
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'SHEAF_HOME'])
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
})

test('a function with no time left does not begin', async () => {
  expect(await handler({}, context(20))).toEqual({ jobs: 0, reason: 'There is no time to begin' })
})

test('a worker that fails is a run that failed', async () => {
  process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:9/none'
  await expect(handler({}, context())).rejects.toThrow(/^The worker ended with 7\d/)
})

describeService(postgres?.service, 'a function on Postgres', () => {
  test('does what waits, and says how much', async () => {
    const database = await postgres!.create()
    if (database.config.kind !== 'postgres') throw new Error('A database of another kind was made.')
    const environment = { DATABASE_URL: database.config.url }
    {
      await using sheaf = deploy(environment)
      await sheaf.serve('--workers', '0')
      const session = await sheaf.review({
        question: 'How are quotations found on a page?',
        settings: { libraryFolders: [notesFolder] },
      })
      Object.assign(process.env, environment, { SHEAF_HOME: `${sheaf.folder}/function` })
      delete process.env.REDIS_URL
      const drained = await handler({}, context())
      expect(drained).toEqual({ jobs: expect.any(Number), reason: 'Nothing is left to do' })
      expect(drained.jobs).toBeGreaterThan(10)
      expect(await sheaf.request(`/sessions/${session}`)).toMatchObject({ status: 'finished' })
    }
    await database.remove()
  }, 150_000)
})
