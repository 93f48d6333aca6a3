import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { notesFolder } from '../../test/support/sheaf.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

const settings = { analyst: 'extractive', libraryFolders: [notesFolder] }
const start = (key: string, question = 'Why?') =>
  api.send('POST', '/sessions', { json: { question, settings }, headers: { 'Idempotency-Key': key } })
const count = async () =>
  ((await (await api.send('GET', '/sessions?limit=200')).json()) as { items: unknown[] }).items.length

test('a request repeated with its key starts one review, and is answered the same', async () => {
  const before = await count()
  const first = await start('"k1"')
  const again = await start('k1')
  expect(await count()).toBe(before + 1)
  expect([first.status, again.status]).toEqual([202, 202])
  expect(await again.json()).toEqual(await first.json())
  expect(again.headers.get('Location')).toBe(first.headers.get('Location'))
  expect([first, again].map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true'])
  expect(again.headers.get('Content-Type')).toMatch(/^application\/json/)
})

test('an answer without content and a refusal are given again too', async () => {
  const { session_id: id } = (await (await start('k2')).json()) as { session_id: string }
  const cancel = (key: string) =>
    api.send('POST', `/sessions/${id}/cancel`, { headers: { 'Idempotency-Key': key } })
  expect([(await cancel('k3')).status, (await cancel('k3')).status]).toEqual([204, 204])
  const refused = await cancel('k4')
  const again = await cancel('k4')
  expect([refused.status, again.status]).toEqual([409, 409])
  expect(await again.json()).toEqual(await refused.json())
  expect(again.headers.get('Content-Type')).toBe('application/problem+json')
})

test('a key used for something else, or that is none, is a problem', async () => {
  await start('k5')
  const reused = await start('k5', 'Another?')
  expect([reused.status, await reused.json()]).toEqual([422, expect.objectContaining({ code: 'key_reused' })])
  const elsewhere = await api.send('POST', '/sessions/x/cancel', { headers: { 'Idempotency-Key': 'k5' } })
  expect(elsewhere.status).toBe(422)
  for (const key of ['', ' ', 'x'.repeat(256), 'a b', '"open']) expect((await start(key)).status).toBe(400)
})
