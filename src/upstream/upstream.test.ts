import { setTimeout } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/support/http.ts'
import { openUpstream, type TestUpstream, testService } from '../../test/support/upstream.ts'
import { WaitingError } from '../errors.ts'
import { version } from '../version.ts'
import type { Service, UpstreamRequest } from './upstream.ts'

let server: TestServer
let upstream: TestUpstream
beforeAll(async () => {
  server = await startServer()
  upstream = await openUpstream()
})
afterAll(async () => {
  await upstream.close()
  await server.close()
})
beforeEach(() => server.answer((_, response) => response.end('ok')))

const ask = (path = '/', given: Partial<UpstreamRequest> = {}) =>
  upstream.request({ service: testService(), url: `${server.origin}${path}`, ...given })
const text = (body: Uint8Array) => Buffer.from(body).toString()

describe('an answer', () => {
  test('comes whole, with its headers, whatever its status says below 500', async () => {
    server.answer((_, response) => response.writeHead(404, { 'X-Kind': ['a', 'b'] }).end('none'))
    const response = await ask('/x')
    expect(response).toMatchObject({ status: 404, url: `${server.origin}/x`, cached: false })
    expect(response.headers['x-kind']).toBe('a, b')
    expect(text(response.body)).toBe('none')
    expect(server.asked).toHaveLength(1)
  })

  test('is asked for by name and version, with an address for complaints where there is one', async () => {
    await ask()
    await upstream.with({ contact: 'me@example.org' }).request({
      service: testService(),
      url: server.origin,
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: 'words',
    })
    expect(server.asked.map(({ headers }) => headers['user-agent'])).toEqual([
      `Sheaf/${version}`,
      `Sheaf/${version} (+mailto:me@example.org)`,
    ])
    expect(server.asked[1]).toMatchObject({ method: 'POST', headers: { 'content-length': '5' } })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is unpacked from %s', async (encoding, pack) => {
    server.answer((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('words')),
    )
    expect(text((await ask()).body)).toBe('words')
  })

  test.each([
    ['announced', { 'content-length': '5000' }, Buffer.alloc(5000)],
    ['sent', {}, Buffer.alloc(5000)],
    ['packed', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(5_000_000))],
    ['packed twice', { 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
  ])('that is too large as %s is cut off, and not asked for again', async (_kind, headers, body) => {
    server.answer((_, response) => response.writeHead(200, headers).end(body))
    await expect(ask('/', { maxBytes: 4000 })).rejects.toMatchObject({
      code: 'upstream_failed',
      retryable: false,
      message: expect.stringMatching(/more than 4,000 bytes/),
    })
    expect(server.asked).toHaveLength(1)
  })

  test('that announces too much is not read at all', async () => {
    server.answer((_, response) => {
      response.writeHead(200, { 'content-length': '300000000' }).write('%PDF')
    })
    await expect(ask()).rejects.toMatchObject({ message: 'Test answered with more than 20 MB.' })
  })

  test('without end is read no further than may be kept', async () => {
    let sent = 0
    let closed = false
    server.answer(async (_, response) => {
      response.on('close', () => {
        closed = true
      })
      for (; !closed; sent += 1) if (!response.write(Buffer.alloc(10_000))) await setTimeout(1)
    })
    await expect(ask('/', { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'upstream_failed' })
    while (!closed) await setTimeout(1)
    expect(sent).toBeLessThan(10_000)
  })

  test('in a form that was not asked for is none', async () => {
    server.answer((_, response) => response.writeHead(200, { 'content-encoding': 'rot13' }).end('x'))
    await expect(ask()).rejects.toMatchObject({ code: 'upstream_failed', retryable: false })
  })

  test('that drips is given up after the service’s time', async () => {
    server.answer(async (_, response) => {
      for (let count = 0; count < 100 && !response.destroyed; count += 1) {
        response.write('x')
        await setTimeout(10)
      }
      response.end()
    })
    const service = testService({ timeout: 100, attempts: 1 })
    await expect(ask('/', { service })).rejects.toMatchObject({
      code: 'upstream_failed',
      retryable: true,
      message: 'Test did not answer within 0.1 seconds.',
    })
  })
})

describe('a request that fails', () => {
  test('is sent again after errors that may pass, in its turn each time', async () => {
    const statuses = [503, 408, 200]
    server.answer((_, response) => response.writeHead(statuses[server.asked.length - 1]!).end())
    const limit = { name: 'requests', max: 3, window: 3_600_000 }
    const service = testService({ limits: [limit], patience: 100 })
    expect((await ask('/', { service })).status).toBe(200)
    expect(server.asked).toHaveLength(3)
    await expect(ask('/', { service })).rejects.toThrow('Test allows 3 requests an hour.')
  })

  test.each([
    [
      'an error of the server',
      (response: { statusCode: number; end(): void }) => Object.assign(response, { statusCode: 500 }).end(),
    ],
    ['a lost connection', (response: { socket: { destroy(): void } }) => response.socket.destroy()],
    [
      'an answer cut short',
      (response: {
        writeHead(status: number, headers: object): void
        write(text: string): void
        socket: { destroy(): void }
      }) => {
        response.writeHead(200, { 'content-length': 100 })
        response.write('half')
        response.socket.destroy()
      },
    ],
  ])('is sent as often as the service allows: %s', async (_kind, answer) => {
    server.answer((_, response) => answer(response as never))
    await expect(ask()).rejects.toMatchObject({ code: 'upstream_failed', retryable: true })
    expect(server.asked).toHaveLength(3)
  })

  test('says so plainly, without the address, which may hold a key', async () => {
    const closed = await startServer()
    await closed.close()
    const failure = await upstream
      .request({ service: testService({ attempts: 1 }), url: `${closed.origin}/?key=secret` })
      .catch((thrown) => thrown)
    expect(failure.message).toMatch(/^Test could not be asked: .*ECONNREFUSED/)
    expect(failure.message).not.toContain('secret')
  })

  test('is stopped at once, also between two attempts', async () => {
    server.answer((_, response) => response.writeHead(500).end())
    const slow = upstream.with({ backoff: { initialDelay: 20_000, maxDelay: 20_000 } })
    const stop = new AbortController()
    const request = slow.request({ service: testService(), url: server.origin, signal: stop.signal })
    while (server.asked.length === 0) await setTimeout(1)
    stop.abort()
    await expect(request).rejects.toMatchObject({ code: 'cancelled' })
    await expect(ask('/', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    expect(server.asked).toHaveLength(1)
  })

  test('to a host that is down costs no more requests, until one tries whether it is back', async () => {
    server.answer((_, response) => response.writeHead(500).end())
    const service = testService({ attempts: 1 })
    for (let count = 0; count < 5; count += 1)
      await expect(ask('/', { service })).rejects.toMatchObject({ code: 'upstream_failed' })
    const open = await ask('/', { service }).catch((thrown) => thrown)
    expect(open).toMatchObject({ code: 'waiting', waitsFor: 'Test', message: 'Test does not answer.' })
    expect(server.asked).toHaveLength(5)

    const back = Promise.withResolvers<void>()
    server.answer((_, response) => back.promise.then(() => response.end()))
    await setTimeout(open.until.getTime() - Date.now() + 10)
    const trying = ask('/', { service })
    while (server.asked.length === 0) await setTimeout(1)
    await expect(ask('/', { service })).rejects.toThrow('Test does not answer.')
    back.resolve()
    expect((await trying).status).toBe(200)
    expect((await ask('/', { service })).status).toBe(200)
    expect(server.asked).toHaveLength(2)
  })

  test('to a host that stays down fail, so that nobody waits for it without end', async () => {
    server.answer((_, response) => response.writeHead(500).end())
    const service = testService({ attempts: 1 })
    const fails = () => ask('/', { service }).catch((thrown) => thrown)
    for (let count = 0; count < 5; count += 1) await fails()
    const waiting = await fails()
    expect(waiting).toMatchObject({ code: 'waiting' })
    await setTimeout(waiting.until.getTime() - Date.now() + 10)
    expect(await fails()).toMatchObject({ code: 'upstream_failed' })
    expect(server.asked).toHaveLength(6)
    expect(await fails()).toMatchObject({ code: 'upstream_failed', message: 'Test does not answer.' })
    expect(server.asked).toHaveLength(6)
  })
})

describe('a server that asks for patience', () => {
  const answerOnce = (status: number, headers: Record<string, string>) =>
    server.answer((_, response) => {
      if (server.asked.length === 1) response.writeHead(status, headers).end()
      else response.end('ok')
    })

  test.each([429, 503])('is left alone until its time, then asked again (%i)', async (status) => {
    const times: number[] = []
    server.answer((_, response) => {
      times.push(performance.now())
      if (times.length === 1) response.writeHead(status, { 'retry-after': '0.4' }).end()
      else response.end('ok')
    })
    expect((await ask()).status).toBe(200)
    expect(times).toHaveLength(2)
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(399)
  })

  test('for longer than the service’s patience makes all wait, with its reason', async () => {
    answerOnce(429, { 'retry-after': '3600' })
    const service = testService()
    for (let count = 0; count < 2; count += 1) {
      const waiting = await ask('/', { service }).catch((thrown) => thrown)
      expect(WaitingError.isInstance(waiting)).toBe(true)
      expect(waiting.message).toBe('Test says that it has been asked too often.')
      expect(waiting.until.getTime()).toBeGreaterThan(Date.now() + 3_500_000)
    }
    expect(server.asked).toHaveLength(1)
  })

  test('without saying for how long is asked again later, but not for ever', async () => {
    answerOnce(429, {})
    const service = testService()
    expect((await ask('/', { service })).status).toBe(200)
    expect(server.asked).toHaveLength(2)
    server.answer((_, response) => response.writeHead(429).end())
    await expect(ask('/', { service })).rejects.toMatchObject({ code: 'upstream_failed', retryable: true })
    expect(server.asked).toHaveLength(3)
  })

  test('and counts connections has each closed when it was used', async () => {
    const service = testService({ connections: 1 })
    await ask('/', { service })
    expect(server.asked[0]?.headers.connection).toBe('close')
  })

  test('in words of its own is understood by its service', async () => {
    const limits = [{ name: 'credits', max: 100, window: 86_400_000 }]
    const until = new Date(Date.now() + 3_600_000)
    const pause: Service['pause'] = ({ headers }) =>
      headers['x-credits'] === '0' ? { limit: 'credits', until, reason: 'Used up.' } : undefined
    server.answer((_, response) => response.writeHead(200, { 'x-credits': '0' }).end())
    const service = testService({ limits, pause })
    await ask('/', { service, units: { credits: 10 } })
    await expect(ask('/', { service, units: { credits: 10 } })).rejects.toThrow('Used up.')
    await ask('/', { service, units: { credits: 0 } })
    expect(server.asked).toHaveLength(2)
  })
})

describe('a search', () => {
  test('that was answered is not asked again, by anybody', async () => {
    const service = testService()
    const search = () => ask('/?q=a', { service, cache: 'search' })
    const both = await Promise.all([search(), search()])
    expect(both.map(({ cached }) => cached).sort()).toEqual([false, true])
    const later = await search()
    expect(later).toMatchObject({ status: 200, cached: true, url: `${server.origin}/?q=a` })
    expect(text(later.body)).toBe('ok')
    expect(server.asked).toHaveLength(1)
    await ask('/?q=b', { service, cache: 'search' })
    await ask('/?q=a', { service, cache: 'search', headers: { accept: 'application/json' } })
    expect(server.asked).toHaveLength(3)
  })

  test('that another makes just now can be given up alone', async () => {
    const answered = Promise.withResolvers<void>()
    server.answer((_, response) => answered.promise.then(() => response.end('ok')))
    const service = testService()
    const first = ask('/', { service, cache: 'search' })
    while (server.asked.length === 0) await setTimeout(1)
    const stop = new AbortController()
    const second = ask('/', { service, cache: 'search', signal: stop.signal })
    stop.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    answered.resolve()
    expect((await first).status).toBe(200)
  })

  test('that failed, or is no search, is asked again', async () => {
    server.answer((_, response) => response.writeHead(404).end())
    const service = testService()
    for (let count = 0; count < 2; count += 1) {
      expect(await ask('/', { service, cache: 'search' })).toMatchObject({ status: 404, cached: false })
      await ask('/', { service, cache: 'search', method: 'POST', body: '' })
    }
    expect(server.asked).toHaveLength(4)
  })
})
