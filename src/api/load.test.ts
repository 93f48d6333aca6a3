import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ loadLimits: { loopDelay: 25, span: 200, requests: 3 } })
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

const list = () => api.send('GET', '/sessions')
const health = async () => (await api.api.request('http://127.0.0.1/healthz')).status

test('more requests than may be under way are told to come again, and the others are answered', async () => {
  await expect.poll(async () => (await list()).status).toBe(200)
  const { promise, resolve } = Promise.withResolvers<void>()
  const under = [1, 2, 3].map(() => openSlowly(promise))
  const refused = await list()
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
  expect(await refused.json()).toMatchObject({ code: 'overloaded', detail: '3 requests are under way.' })
  expect(await health()).toBe(200)
  resolve()
  expect((await Promise.all(under)).map(({ status }) => status)).toEqual([201, 201, 201])
  expect((await list()).status).toBe(200)
})

test('a process that has no time takes no requests but for its health, until it has time again', async () => {
  const busy = setInterval(() => {
    const end = performance.now() + 80
    while (performance.now() < end);
  }, 1)
  await expect.poll(async () => (await list()).status, { timeout: 10_000 }).toBe(503)
  expect(await health()).toBe(200)
  clearInterval(busy)
  await expect.poll(async () => (await list()).status, { timeout: 10_000 }).toBe(200)
})

/** Opens a conversation with a request whose body comes whole only later. */
function openSlowly(later: Promise<void>): Promise<Response> {
  const body = new ReadableStream({
    async start(controller) {
      await later
      controller.enqueue(new TextEncoder().encode('{}'))
      controller.close()
    },
  })
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' }
  return Promise.resolve(
    api.api.request(new Request('http://127.0.0.1:4320/api/v1/conversations', request as RequestInit)),
  )
}
