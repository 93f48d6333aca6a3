import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/support/http.ts'
import { openUpstream, type TestUpstream, testService } from '../../test/support/upstream.ts'
import { checkedLookup, type LookupAll } from './guard.ts'

let inside: TestServer
let inside6: TestServer | undefined
let outside: TestServer
let upstream: TestUpstream
beforeAll(async () => {
  inside = await startServer()
  inside6 = await startServer('::1').catch(() => undefined)
  outside = await startServer()
  upstream = await openUpstream()
})
afterAll(async () => {
  await upstream.close()
  await Promise.all([inside.close(), inside6?.close(), outside.close()])
})
beforeEach(() => {
  for (const server of [inside, inside6]) server?.answer((_, response) => response.end('secret'))
})

const service = () => testService({ guarded: true })
const refused = { code: 'address_refused', advice: expect.stringContaining('HOST:PORT') }

/** A name server with these answers, one after another, the last one for ever. */
function resolving(...answers: string[][]): { lookup: LookupAll; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    lookup(hostname, _options, callback) {
      asked.push(hostname)
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    },
  }
}

describe('an address from outside is refused', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00:ec2::254]/',
    'http://user@example.org/',
    'http://user:word@example.org/',
    'http://example.org:22/',
    'http://example.org:8080/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'ftp://example.org/a.pdf',
    'data:application/pdf,%25PDF',
    'javascript:alert(1)',
  ])('as it stands: %s', async (url) => {
    await expect(upstream.request({ service: service(), url })).rejects.toMatchObject(refused)
  })

  test.each(['http://[fe80::1%25eth0]/', 'http://999.1.1.1/', 'http://', 'no address'])(
    'when it is none: %s',
    async (url) => {
      await expect(upstream.request({ service: service(), url })).rejects.toMatchObject({
        code: 'address_refused',
      })
    },
  )

  test.each([
    ['a private one', [['10.0.0.1']]],
    ['loopback', [['127.0.0.1']]],
    ['loopback of IPv6', [['::1']]],
    ['mapped loopback', [['::ffff:127.0.0.1']]],
    ['a public and a private one', [['93.184.216.34', '192.168.0.1']]],
    ['a private and a public one', [['fd00::1', '2606:2800:220:1::1']]],
    ['a zone', [['fe80::1%1']]],
  ])('when its name leads to %s', async (_kind, answers) => {
    const { lookup, asked } = resolving(...answers)
    const guarded = upstream.with({ lookup })
    for (const url of ['http://papers.example/', 'https://papers.example/', 'http://papers.example./'])
      await expect(guarded.request({ service: service(), url })).rejects.toMatchObject(refused)
    expect(asked.length).toBe(3)
  })

  test('when the system’s own names lead inside', async () => {
    for (const url of ['http://localhost/', 'http://LOCALHOST:443/'])
      await expect(upstream.request({ service: service(), url })).rejects.toMatchObject(refused)
  })

  test.each([
    ['127.0.0.1', () => `http://127.0.0.1:${inside.port}/`],
    ['127.0.0.1 at the port of web sites', () => 'http://127.0.0.1/'],
    ['[::1]', () => `http://[::1]:${inside6?.port ?? 80}/`],
    ['localhost', () => `http://localhost:${inside.port}/`],
    ['a number', () => `http://2130706433:${inside.port}/`],
    ['the cloud’s metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a user of loopback', () => `http://${outside.host}@127.0.0.1:${inside.port}/`],
    ['a file', () => 'file:///etc/passwd'],
    ['an address without scheme', () => `//127.0.0.1:${inside.port}/`],
  ])('when a host that is allowed redirects to %s', async (_kind, target) => {
    outside.answer((_, response) => response.writeHead(302, { location: target() }).end())
    const guarded = upstream.with({ allowedHosts: [outside.host] })
    const given = { service: service(), url: `${outside.origin}/paper.pdf` }
    await expect(guarded.request(given)).rejects.toMatchObject({ code: 'address_refused' })
    expect(outside.asked).toHaveLength(1)
    expect([...inside.asked, ...(inside6?.asked ?? [])]).toEqual([])
  })

  test('when a service of ours redirects to another host inside', async () => {
    outside.answer((_, response) => response.writeHead(302, { location: `${inside.origin}/` }).end())
    await expect(
      upstream.request({ service: testService(), url: `${outside.origin}/` }),
    ).rejects.toMatchObject(refused)
    expect(inside.asked).toEqual([])
  })
})

describe('an address that is allowed', () => {
  test('is reached by number and by name, at its port alone', async () => {
    const { lookup } = resolving(['127.0.0.1'])
    const allowedHosts = [inside.host, `Lab.example:${inside.port}`]
    const guarded = upstream.with({ allowedHosts, lookup })
    const { status } = await guarded.request({ service: service(), url: inside.origin })
    expect(status).toBe(200)
    await expect(guarded.request({ service: service(), url: outside.origin })).rejects.toMatchObject(refused)
  })

  test('may be one of IPv6; without a server there it is not reached, but not refused', async () => {
    const guarded = upstream.with({ allowedHosts: [inside6?.host ?? '[::1]:9'] })
    const answer = guarded.request({ service: service(), url: inside6?.origin ?? 'http://[::1]:9/' })
    if (inside6) expect((await answer).status).toBe(200)
    else await expect(answer).rejects.toMatchObject({ code: 'upstream_failed' })
  })
})

describe('a name that changes from a public to a private address (rebinding)', () => {
  /** What a socket is told to connect to; nothing is connected to here. */
  const resolve = (lookup: LookupAll, options: { all: boolean }) =>
    new Promise((settle, fail) =>
      checkedLookup(lookup)('papers.example', options, (error, address) =>
        error ? fail(error) : settle(address),
      ),
    )

  test('is looked up once for a connection, which goes to what was checked', async () => {
    const first = resolving(['93.184.216.34', '2606:2800:220:1::1'], ['127.0.0.1'])
    expect(await resolve(first.lookup, { all: true })).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:2800:220:1::1', family: 6 },
    ])
    expect(first.asked).toEqual(['papers.example'])
    await expect(resolve(first.lookup, { all: true })).rejects.toMatchObject(refused)
    const second = resolving(['93.184.216.34'], ['127.0.0.1'])
    expect(await resolve(second.lookup, { all: false })).toBe('93.184.216.34')
    await expect(resolve(second.lookup, { all: false })).rejects.toMatchObject(refused)
  })

  test('is found out when it is asked for again after a failure', async () => {
    let looked = 0
    const lookup: LookupAll = (_hostname, _options, callback) => {
      looked += 1
      if (looked === 1) callback(Object.assign(new Error('later'), { code: 'EAI_AGAIN' }), [])
      else callback(null, [{ address: '127.0.0.1', family: 4 }])
    }
    const given = { service: service(), url: 'http://papers.example/' }
    await expect(upstream.with({ lookup }).request(given)).rejects.toMatchObject(refused)
    expect(looked).toBe(2)
  })

  test('that has no address at all cannot be asked', async () => {
    const { lookup } = resolving([])
    await expect(resolve(lookup, { all: false })).rejects.toMatchObject({ code: 'ENOTFOUND' })
    await expect(
      upstream.with({ lookup }).request({ service: service(), url: 'http://papers.example/' }),
    ).rejects.toMatchObject({ code: 'upstream_failed' })
  })
})
