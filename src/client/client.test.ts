import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { createClient } from './client.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

test('calls routes by name, and throws failures as they were thrown', async () => {
  const client = createClient({
    url: 'http://127.0.0.1:4320',
    fetch: async (input, init) => api.api.request(input as string, init),
  })
  const { items } = await (await client.api.v1.sessions.$get({ query: {} })).json()
  expect(items).toEqual([])
  await expect(
    client.api.v1.sessions[':session'].$get({ param: { session: 'nobody' } }),
  ).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no session nobody.',
  })
})

test('says that a server is not there', async () => {
  const client = createClient({ url: 'http://127.0.0.1:9' })
  await expect(client.api.v1.sessions.$get({ query: {} })).rejects.toMatchObject({ code: 'upstream_failed' })
})
