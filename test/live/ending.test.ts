import { expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../support/databases.ts'
import { startProxy } from '../support/proxy.ts'
import { describeService, redisUrl } from '../support/services.ts'
import { createPlace } from '../support/sheaf.ts'

const [, postgres] = await databaseKinds()
const redis = await redisUrl()

/** The same server, reached through a proxy. */
function through(url: string, { port }: { port: number }): string {
  const near = new URL(url)
  near.host = `127.0.0.1:${port}`
  return near.href
}

function toServer(url: string, usualPort: number) {
  return startProxy(Number(new URL(url).port || usualPort))
}

function urlOf({ config }: TestDatabase): string {
  if (config.kind !== 'postgres') throw new Error('A database of another kind was made.')
  return config.url
}

describeService(redis && postgres?.service, 'told to end', () => {
  test.each([
    ['serve --port 0', 'is gone'],
    ['worker', 'says nothing'],
  ])('“%s” does so while Redis %s', async (words, harm) => {
    using place = await createPlace({ fresh: true })
    const database = await postgres!.create()
    {
      await using between = await toServer(redis!, 6379)
      const environment = { DATABASE_URL: urlOf(database), REDIS_URL: through(redis!, between) }
      const running = place.start(words.split(' '), environment)
      await running.until(/serves on|works on/)
      if (harm === 'says nothing') between.silence()
      else await between[Symbol.asyncDispose]()
      running.process.kill('SIGTERM')
      const { stderr } = await running.ended
      expect(stderr).toMatch(/Stopp/)
      expect(stderr).not.toContain('ends without waiting')
    }
    await database.remove()
  })

  test('“serve” does so while the database says nothing, and says that it did not wait for it', async () => {
    using place = await createPlace({ fresh: true })
    const database = await postgres!.create()
    {
      await using between = await toServer(urlOf(database), 5432)
      const running = place.start(['serve', '--port', '0'], {
        DATABASE_URL: through(urlOf(database), between),
      })
      await running.until(/serves on/)
      between.silence()
      running.process.kill('SIGTERM')
      expect(await running.ended).toMatchObject({
        code: 74,
        stderr: expect.stringContaining('ends without waiting for it'),
      })
    }
    await database.remove()
  })
})
