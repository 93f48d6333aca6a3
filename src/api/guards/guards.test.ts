import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import type { AccessRules } from '../../access/access.ts'
import { type Api, createApi } from '../app.ts'
import { serve } from '../serve.ts'
import { networkOf } from './client-address.ts'

const publicUrl = 'https://sheaf.example.org'
let api: TestApi
/** The same server behind a proxy, where everybody has to log in. */
let guarded: Api
let token: string
beforeAll(async () => {
  api = await openTestApi()
  token = await api.token('anna', 'admin')
  guarded = apiWith({ loginRequired: true, publicUrl, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] })
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

function apiWith(rules: Partial<AccessRules>): Api {
  const { access } = api.context
  return createApi({ ...api.context, access: { ...access, rules: { ...access.rules, ...rules } } })
}

type Headers = Record<string, string>
const here = 'http://127.0.0.1:4320'
const bearer = () => ({ Authorization: `Bearer ${token}` })
const status = async (of: Api, url: string, headers: Headers = {}, init: RequestInit = {}) =>
  (await of.request(url, { ...init, headers })).status

describe('a host name', () => {
  test('that is not this machine’s is refused where nobody logs in, with a token too', async () => {
    const path = '/api/v1/sessions'
    for (const url of [
      here,
      'http://localhost:4320',
      'http://[::1]:4320',
      'http://127.8.8.8',
      'http://LOCALHOST',
    ])
      expect([url, await status(api.api, url + path)]).toEqual([url, 200])
    for (const url of [
      'http://evil.example:4320',
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'http://127.0.0.1.nip.io:4320',
      'http://0.0.0.0:4320',
      'http://192.168.0.7:4320',
      'http://localhost.:4320',
      publicUrl,
    ]) {
      expect([url, await status(api.api, url + path)]).toEqual([url, 403])
      expect([url, await status(api.api, url + path, bearer())]).toEqual([url, 403])
      expect([url, await status(api.api, here + path, { Host: new URL(url).host })]).toEqual([url, 403])
      expect([url, await status(api.api, `${url}/healthz`)]).toEqual([url, 403])
    }
    for (const host of ['evil.example@127.0.0.1', '127.0.0.1/', '127.0.0.1:4320,evil.example', '%31', ''])
      expect([host, await status(api.api, here + path, { Host: host })]).toEqual([host, 403])
  })

  test('is the public one or this machine’s where people log in; a token needs none', async () => {
    const path = '/api/v1/me'
    for (const url of [publicUrl, here]) expect([url, await status(guarded, url + path)]).toEqual([url, 401])
    for (const url of ['http://evil.example', `${publicUrl}:444`, 'http://10.0.0.7']) {
      expect([url, await status(guarded, url + path)]).toEqual([url, 403])
      expect([url, await status(guarded, url + path, bearer())]).toEqual([url, 200])
      expect([url, await status(guarded, `${url}/readyz`)]).toEqual([url, 200])
    }
  })

  test('has the port that the server listens on, on a real socket', async () => {
    const server = await serve(api.context, { host: '127.0.0.1', port: 0 })
    const { port } = new URL(server.url)
    const ask = (host: string, path = '/api/v1/me') => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      request({ port, path, headers: { host } }, (answer) => resolve(answer.resume().statusCode!))
        .on('error', reject)
        .end()
      return promise
    }
    try {
      expect(await ask(`127.0.0.1:${port}`)).toBe(200)
      expect(await ask(`localhost:${port}`)).toBe(200)
      expect(await ask('127.0.0.1:1')).toBe(403)
      expect(await ask('localhost')).toBe(403)
      expect(await ask(`rebound.example:${port}`)).toBe(403)
      expect(await ask(`127.0.0.1:${port}`, `http://rebound.example:${port}/api/v1/me`)).toBe(403)
      expect(await ask(`rebound.example:${port}`, `http://127.0.0.1:${port}/api/v1/me`)).toBe(403)
    } finally {
      await server.close(0)
    }
  })
})

describe('a page of another origin', () => {
  const post = (headers: Headers, body = '{"question":"Why?","settings":{"analyst":"extractive"}}') =>
    status(api.api, `${here}/api/v1/sessions`, headers, { method: 'POST', body })
  const json = { 'Content-Type': 'application/json' }

  test('changes nothing and reads nothing, whatever it sends', async () => {
    const form = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    }
    const attacks: Headers[] = [
      { ...json, Origin: 'https://evil.example' },
      { ...json, Origin: 'null' },
      { ...json, Origin: 'http://127.0.0.1:4321' },
      { ...json, Origin: 'http://127.0.0.1' },
      { ...json, Origin: 'https://127.0.0.1:4320' },
      { ...json, Origin: 'http://localhost:4320' },
      { ...json, Origin: `${here}.evil.example` },
      { ...json, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
      { ...json, 'Sec-Fetch-Site': 'same-site' },
      { ...json, 'Sec-Fetch-Site': 'same-origin, none' },
      { ...form, 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
      { ...form, 'Sec-Fetch-Site': 'cross-site' },
      { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    ]
    for (const headers of attacks) expect([headers, await post(headers)]).toEqual([headers, 403])
    for (const headers of attacks.map(({ 'Content-Type': _, ...kept }) => kept))
      for (const path of ['/api/v1/sessions', '/api/v1/openapi.json', '/auth/login', '/readyz'])
        if (headers['Sec-Fetch-Mode'] !== 'navigate' || path.startsWith('/api/'))
          expect([headers, path, await status(api.api, here + path, headers)]).toEqual([headers, path, 403])
    const preflight = {
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization',
    }
    const asked = await api.api.request(`${here}/api/v1/sessions`, { method: 'OPTIONS', headers: preflight })
    expect([asked.status, asked.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
    const list = (await (await api.send('GET', '/sessions')).json()) as { items: unknown[] }
    expect(list.items).toEqual([])
  })

  test('may link to a page, but not show it in a frame', async () => {
    const link = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    }
    expect(await status(api.api, `${here}/api/v1/reference`, link)).toBe(200)
    expect(await status(api.api, `${here}/sessions/x`, link)).toBe(404)
    expect(await status(api.api, `${here}/api/v1/sessions`, link)).toBe(403)
    expect(await status(api.api, `${here}/api/v1/reference`, { ...link, 'Sec-Fetch-Dest': 'iframe' })).toBe(
      403,
    )
    expect(await status(api.api, `${here}/auth/logout`, link, { method: 'POST' })).toBe(403)
  })

  test('is told from our own, from a person’s address bar, and from programs', async () => {
    const path = '/api/v1/tokens'
    for (const headers of [
      { Origin: here, 'Sec-Fetch-Site': 'same-origin' },
      { Origin: here },
      { 'Sec-Fetch-Site': 'none' },
      {},
    ] as Headers[])
      expect([headers, await status(api.api, here + path, headers)]).toEqual([headers, 200])
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect(await status(guarded, publicUrl + path, { ...foreign, ...bearer() })).toBe(200)
    expect(await status(guarded, publicUrl + path, { Origin: publicUrl })).toBe(401)
    expect(await status(guarded, publicUrl + path, { Origin: 'http://sheaf.example.org' })).toBe(403)
    // A browser adds Basic by itself to an address with a password.
    expect(await status(api.api, here + path, { ...foreign, Authorization: 'Basic YTpi' })).toBe(403)
  })

  test('cannot make a simple request pass for JSON, even where its origin is not told', async () => {
    const session = 'https://x'
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain;application/json',
      'application/jsonx',
      'application/x+json',
    ]
    for (const type of types) {
      expect([type, await post({ 'Content-Type': type })]).toEqual([type, 400])
      // Every field of this body may be left out.
      const plan = `${here}/api/v1/sessions/nobody/plan`
      expect([
        type,
        await status(api.api, plan, { 'Content-Type': type }, { method: 'POST', body: session }),
      ]).toEqual([type, 400])
    }
    const blob = { method: 'POST', body: new Blob(['{}']) }
    expect(await status(api.api, `${here}/api/v1/conversations`, { 'Content-Length': '2' }, blob)).toBe(400)
    expect(await post({ 'Content-Type': 'Application/JSON; charset=utf-8' }, '{"question":""}')).toBe(400)
    expect((await api.send('POST', '/conversations', { json: {} })).status).toBe(201)
  })
})

describe('an address', () => {
  /** Makes a wrong token stand in the log; returns the address it was entered with. */
  const entered = async (remoteAddress: string, forwarded?: string) => {
    const headers: Headers = {
      Authorization: 'Bearer wrong',
      ...(forwarded && { 'X-Forwarded-For': forwarded }),
    }
    await guarded.request(`${publicUrl}/api/v1/me`, { headers }, { incoming: { socket: { remoteAddress } } })
    const { address } = await api.app.access.sql
      .selectFrom('audit')
      .select('address')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return address
  }

  test('is what a trusted proxy says, and never the client’s own word', async () => {
    expect(await entered('203.0.113.5', '198.51.100.1')).toBe('203.0.113.5')
    expect(await entered('127.0.0.1', '198.51.100.1')).toBe('198.51.100.1')
    expect(await entered('::ffff:127.0.0.1', '6.6.6.6, 198.51.100.1, 10.1.2.3')).toBe('198.51.100.1')
    expect(await entered('127.0.0.1', "6.6.6.6, <script>'")).toBe('127.0.0.1')
    expect(await entered('127.0.0.1')).toBe('127.0.0.1')
    expect(await entered('2001:db8::1', '198.51.100.1')).toBe('2001:db8::1')
  })

  test('of IPv6 is counted by its network', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2:ffff::'))
    expect(networkOf('2001:db8:1:2::')).not.toBe(networkOf('2001:db8:1:3::'))
    expect(networkOf('203.0.113.5')).toBe('203.0.113.5')
  })
})

test('headers that end a line end nothing', async () => {
  for (const path of [
    '/api/v1/sessions/x%0d%0aSet-Cookie:%20a=b',
    '/auth/login?return_to=/%0d%0aX-Evil:1',
    '/%0d%0aX-Evil:%201',
  ]) {
    const answer = await api.api.request(here + path)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect([answer.headers.get('X-Evil'), answer.headers.get('Set-Cookie')]).toEqual([null, null])
  }
})
