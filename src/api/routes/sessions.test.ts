import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import { notesFolder } from '../../../test/support/sheaf.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

const settings = { analyst: 'extractive', libraryFolders: [notesFolder] }
async function start(question = 'How are quotations matched?'): Promise<string> {
  const answer = await api.send('POST', '/sessions', { json: { question, settings } })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { session_id: string }).session_id
}

test('a review is accepted at once, with its job and the event to follow from', async () => {
  const answer = await api.send('POST', '/sessions', { json: { question: ' Why? ', settings } })
  expect(answer.status).toBe(202)
  const accepted = (await answer.json()) as { job_id: string; session_id: string; after: number }
  expect(accepted).toMatchObject({ job_id: `${accepted.session_id}-1`, after: 0 })
  expect(answer.headers.get('Location')).toBe(`/api/v1/sessions/${accepted.session_id}`)
  const session = (await (await api.send('GET', `/sessions/${accepted.session_id}`)).json()) as object
  expect(session).toMatchObject({ question: 'Why?', status: 'running', owner: 'local', lastEvent: 1 })
})

test('sessions are listed in pages, newest first, and an unchanged page is not sent again', async () => {
  const ids = [await start('One?'), await start('Two?'), await start('Three?')]
  const first = await api.send('GET', '/sessions?limit=2')
  const page = (await first.json()) as { items: { id: string }[]; next: string }
  expect(page.items).toHaveLength(2)
  const rest = (await (await api.send('GET', `/sessions?limit=200&after=${page.next}`)).json()) as typeof page
  expect(rest.next).toBeUndefined()
  const all = [...page.items, ...rest.items].map(({ id }) => id)
  expect(all).toEqual(all.toSorted().toReversed())
  expect(all).toEqual(expect.arrayContaining(ids))
  const etag = first.headers.get('ETag')!
  const again = await api.send('GET', '/sessions?limit=2', { headers: { 'If-None-Match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  await api.send('POST', `/sessions/${page.items[0]!.id}/cancel`)
  expect((await api.send('GET', '/sessions?limit=2', { headers: { 'If-None-Match': etag } })).status).toBe(
    200,
  )
})

test('what is not understood, not there, or not possible now is a problem that says so', async () => {
  const problems = [
    ['POST', '/sessions', { question: '' }, 400, 'invalid_input'],
    ['POST', '/sessions', { question: 'x'.repeat(4001) }, 400, 'invalid_input'],
    ['POST', '/sessions', { question: 'Why?', settings: { surprise: 1 } }, 400, 'invalid_input'],
    ['POST', '/sessions', { question: 'Why?', settings: { libraryFolders: ['here'] } }, 400, 'invalid_input'],
    ['GET', '/sessions?limit=0', undefined, 400, 'invalid_input'],
    ['GET', '/sessions/..%2F..%2Fetc', undefined, 400, 'invalid_input'],
    ['GET', '/sessions/nobody', undefined, 404, 'not_found'],
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['POST', `/sessions/${await start()}/resume`, undefined, 409, 'conflict'],
    ['POST', `/sessions/${await start()}/plan`, {}, 409, 'conflict'],
  ] as const
  for (const [method, path, json, status, code] of problems) {
    const answer = await api.send(method, path, { json })
    expect([path, answer.status]).toEqual([path, status])
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ type: `urn:sheaf:problem:${code}`, code, status })
  }
})

test('a session that was cancelled can be deleted, and is gone then', async () => {
  const id = await start()
  expect((await api.send('DELETE', `/sessions/${id}`)).status).toBe(409)
  expect((await api.send('POST', `/sessions/${id}/cancel`)).status).toBe(204)
  expect((await api.send('DELETE', `/sessions/${id}`)).status).toBe(204)
  expect((await api.send('GET', `/sessions/${id}`)).status).toBe(404)
})
