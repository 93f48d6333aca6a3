import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/support/http.ts'
import { openUpstream, type TestUpstream, testService } from '../../test/support/upstream.ts'
import { ElsewhereError, WaitingError } from '../errors.ts'
import { onJourney } from '../regions/journey.ts'
import { type Regions, regionOf } from '../regions/regions.ts'
import type { OpenUpstream } from './create-upstream.ts'
import type { Service } from './upstream.ts'

let server: TestServer
let base: TestUpstream
const upstreams = new Map<string, OpenUpstream>()
let service: Service
let there: Service
let jobs = 0

/** Regions of which all are at work. */
const standingIn = (here: string): Regions => ({
  placeOf(asked) {
    const region = regionOf({ [service.name]: 'eu', [there.name]: 'us' }, asked)
    return region === undefined ? undefined : { region, isHere: region === here }
  },
})

beforeAll(async () => {
  server = await startServer()
  base = await openUpstream()
  for (const region of ['eu', 'us', 'ch'])
    upstreams.set(region, base.with({ regions: standingIn(region), allowedHosts: [server.host] }))
})
afterAll(async () => {
  await base.close()
  await server.close()
})
beforeEach(() => {
  jobs += 1
  service = testService({ title: 'Here', attempts: 1 })
  there = testService({ title: 'There', attempts: 1 })
})

/** Asks as a job does that is in a region. */
const ask = (region: string, path: string, job = `job-${jobs}`) =>
  onJourney({ job, queue: 'documents', passed: {} }, () =>
    upstreams.get(region)!.request({
      service,
      serviceAt: () => there,
      url: `${server.origin}${path}`,
    }),
  )
const regionAfter = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (thrown: unknown) => (ElsewhereError.isInstance(thrown) ? thrown.region : thrown),
  )

describe('a request of another region', () => {
  test('is not sent from here', async () => {
    server.answer((_, response) => response.end('paper'))
    expect(await regionAfter(ask('us', '/a'))).toBe('eu')
    expect(server.asked).toEqual([])
    expect(await ask('eu', '/a')).toMatchObject({ status: 200 })
    expect(server.asked).toHaveLength(1)
  })

  test('that leads from one region to another is sent once in each', async () => {
    server.answer((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end('paper')
    })
    expect(await regionAfter(ask('ch', '/a'))).toBe('eu')
    expect(await regionAfter(ask('eu', '/a'))).toBe('us')
    expect(await ask('us', '/a')).toMatchObject({ status: 200, url: `${server.origin}/b` })
    expect(server.asked).toHaveLength(2)
    expect(await regionAfter(ask('us', '/a', 'another job'))).toBe('eu')
  })

  test('whose answer is a refusal or a failure there is not sent again for it', async () => {
    server.answer((request, response) => response.writeHead(request.url === '/gone' ? 404 : 500).end())
    expect(await ask('eu', '/gone')).toMatchObject({ status: 404 })
    expect(await ask('us', '/gone')).toMatchObject({ status: 404 })
    await expect(ask('eu', '/broken')).rejects.toThrow('Here answered with an error (500).')
    await expect(ask('us', '/broken')).rejects.toThrow('Here answered with an error (500).')
    expect(server.asked).toHaveLength(2)
  })

  test('that has to wait there is waited for, wherever the job is', async () => {
    service = testService({
      title: 'Here',
      patience: 10,
      limits: [{ name: 'requests', max: 1, window: 3_600_000 }],
    })
    server.answer((_, response) => response.end('paper'))
    await ask('eu', '/a')
    const waits = await ask('eu', '/b').catch((thrown: unknown) => thrown)
    expect(WaitingError.isInstance(waits)).toBe(true)
    await expect(ask('us', '/b')).rejects.toMatchObject({ code: 'waiting' })
    expect(server.asked).toHaveLength(1)
  })
})
