import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/support/http.ts'
import { openUpstream, type TestUpstream, testService } from '../../test/support/upstream.ts'
import { SheafError } from '../errors.ts'
import type { OpenUpstream } from './create-upstream.ts'

let server: TestServer
let other: TestServer
let base: TestUpstream
let upstream: OpenUpstream
beforeAll(async () => {
  server = await startServer()
  other = await startServer()
  base = await openUpstream()
  upstream = base.with({ allowedHosts: [server.host, other.host] })
})
afterAll(async () => {
  await base.close()
  await Promise.all([server.close(), other.close()])
})

/** Redirects each path to another address; answers what has none. */
function redirecting(targets: Record<string, string>, status = 302): void {
  for (const one of [server, other])
    one.answer((request, response) => {
      const location = targets[request.url!]
      if (location === undefined) response.end(`${request.method} ${request.url}`)
      else response.writeHead(status, { location }).end()
    })
}

const ask = (path: string, given: Partial<Parameters<typeof upstream.request>[0]> = {}) =>
  upstream.request({ service: testService(), url: `${server.origin}${path}`, ...given })
const body = async (response: Promise<{ body: Uint8Array }>) => Buffer.from((await response).body).toString()

describe('redirects', () => {
  test('are followed, each in its turn, and the last address told', async () => {
    redirecting({ '/a': '/b?x=1', '/b?x=1': `${other.origin}/c` }, 301)
    const limits = [
      { name: 'requests', max: 3, window: 3_600_000 },
      { name: 'credits', max: 10, window: 3_600_000 },
    ]
    const service = testService({ limits, connections: 1, patience: 200 })
    const response = await ask('/a', { service, units: { credits: 10 } })
    expect(response).toMatchObject({ status: 200, url: `${other.origin}/c` })
    await expect(ask('/c', { service, units: { credits: 0 } })).rejects.toThrow('3 requests an hour')
  })

  test('to another host take their turns there, and only where they may go', async () => {
    redirecting({ '/a': `${other.origin}/b`, '/x': `${other.origin}/y` })
    const once = [{ name: 'requests', max: 1, window: 3_600_000 }]
    const here = testService({ title: 'Here' })
    const there = testService({ title: 'There', limits: once, patience: 200, guarded: true })
    const asked: string[] = []
    const serviceAt = (url: URL) => {
      asked.push(url.href)
      return there
    }
    expect(await ask('/a', { service: here, serviceAt })).toMatchObject({ url: `${other.origin}/b` })
    await expect(ask('/x', { service: here, serviceAt })).rejects.toThrow('There allows one request an hour.')
    expect(asked).toEqual([`${other.origin}/b`, `${other.origin}/y`])
    expect(other.asked).toHaveLength(1)
    const barring = () => {
      throw new SheafError('address_refused', 'Not there.')
    }
    await expect(ask('/a', { serviceAt: barring })).rejects.toThrow('Not there.')
    expect(other.asked).toHaveLength(1)
  })

  test('to a host that fails count against it, and not against who leads there', async () => {
    redirecting({ '/a': `${other.origin}/b` })
    other.answer((_, response) => response.writeHead(500).end())
    const here = testService({ title: 'Here', attempts: 1 })
    const there = testService({ title: 'There', attempts: 1 })
    for (let count = 0; count < 5; count += 1)
      await expect(ask('/a', { service: here, serviceAt: () => there })).rejects.toThrow(
        'There answered with',
      )
    await expect(ask('/a', { service: here, serviceAt: () => there })).rejects.toThrow(
      'There does not answer.',
    )
    expect(await body(ask('/c', { service: here }))).toBe('GET /c')
  })

  test('in a circle, or without end, are told', async () => {
    redirecting({ '/a': '/b', '/b': '/a' })
    await expect(ask('/a')).rejects.toMatchObject({
      code: 'upstream_failed',
      retryable: false,
      message: 'Test redirects in a circle.',
    })
    redirecting(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`/${index}`, `/${index + 1}`])))
    await expect(ask('/0')).rejects.toThrow('Test redirects more than 10 times.')
    expect(server.asked).toHaveLength(11)
    expect(await body(ask('/2'))).toBe('GET /12')
  })

  test('that lead nowhere are no address', async () => {
    redirecting({ '/a': 'http://[broken' })
    await expect(ask('/a')).rejects.toMatchObject({ code: 'address_refused' })
    server.answer((_, response) => response.writeHead(302).end('no place'))
    expect(await ask('/a')).toMatchObject({ status: 302 })
  })

  test('take keys along within a server, and nothing secret to another', async () => {
    redirecting({ '/a': '/b', '/b': `${other.origin}/c` })
    const headers = {
      Authorization: 'Bearer s',
      Cookie: 's',
      'X-Api-Key': 's',
      'Proxy-Authorization': 's',
      Accept: 'application/pdf',
    }
    await ask('/a', { headers })
    expect(server.asked[1]?.headers).toMatchObject({ authorization: 'Bearer s', 'x-api-key': 's' })
    const told = other.asked[0]!.headers
    expect(told).toMatchObject({ accept: 'application/pdf', 'user-agent': expect.stringContaining('Sheaf') })
    expect(JSON.stringify(told)).not.toMatch(/"s"|Bearer/)
  })

  test.each([
    [301, 'GET /b'],
    [302, 'GET /b'],
    [303, 'GET /b'],
    [307, 'POST /b'],
    [308, 'POST /b'],
  ])('of a POST by %i ask with %s', async (status, expected) => {
    redirecting({ '/a': '/b' }, status)
    expect(await body(ask('/a', { method: 'POST', body: 'x' }))).toBe(expected)
    expect(server.asked[1]?.headers['content-length']).toBe(expected.startsWith('POST') ? '1' : undefined)
  })
})
