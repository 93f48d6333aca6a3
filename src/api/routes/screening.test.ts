import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import type { Paper } from '../../contract/paper.ts'
import { createSession } from '../../session/create-session.ts'
import { storePapers } from '../../store/papers.ts'
import { changeSession } from '../../store/sessions.ts'
import { storeShare } from '../../store/shares.ts'

/** Users by name, with the scope of their token. */
const users = [
  ['ada', 'ada', 'write'],
  ['ben', 'ben', 'write'],
  ['eve', 'eve', 'write'],
  ['reader', 'ada', 'read'],
] as const
const tokens = new Map<string, string>()

let api: TestApi
let session: string
beforeAll(async () => {
  api = await openTestApi()
  for (const [name, user, scope] of users) tokens.set(name, await api.token(user, scope))
  session = await newSession()
  const papers = ['moths', 'lamps', 'rivers'].map((word, index) => paperAbout(word, index))
  await storePapers(api.app.deployment.sql, session, papers)
  await storeShare(api.app.deployment.sql, session, { user: 'ben', scope: 'read' })
  await changeSession(api.app.deployment.sql, session, { status: 'finished', phase: 'report' })
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

function newSession(): Promise<string> {
  return createSession(api.app.deployment, {
    question: 'How do lamps change the flight of moths?',
    settings: {
      analyst: 'extractive',
      sources: ['library'],
      libraryFolders: ['/nowhere'],
      reviewPlan: false,
      output: '/nowhere/else',
    },
    owner: 'ada',
  })
}

function paperAbout(word: string, index: number): Paper {
  return {
    id: `p${index}`,
    fields: {
      title: `On ${word}`,
      authors: [],
      abstract: `A study of ${word} and what is known of ${word}.`,
    },
    provenance: {},
    records: [`library:${word}.pdf`],
    mergedBecause: [],
  }
}

async function ask(who: string, method: string, path: string, json?: unknown) {
  const answer = await api.send(method, `/sessions/${session}/screening${path}`, {
    headers: credentials(who),
    ...(json !== undefined && { json }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}

test('the papers that teach most are given, labelled, and taken back, one after the other', async () => {
  const first = (await ask('ada', 'GET', '/next')).body.paper
  expect(['On moths', 'On lamps']).toContain(first.fields.title)
  expect((await ask('ada', 'PUT', `/labels/${first.id}`, { label: 'include' })).status).toBe(204)
  const second = (await ask('ada', 'GET', '/next')).body.paper
  expect(second.id).not.toBe(first.id)
  const reason = { label: 'exclude', reason: '<script>alert(1)</script> not on this' }
  expect((await ask('ada', 'PUT', `/labels/${second.id}`, reason)).status).toBe(204)

  const { body } = await ask('ada', 'GET', '?limit=1')
  expect(body).toMatchObject({ total: 3, labelled: 2, included: 1, advice: { stop: false } })
  expect(body.labels).toEqual({ items: [{ paperId: first.id, label: 'include' }], next: first.id })
  expect((await ask('ada', 'GET', `?limit=1&after=${first.id}`)).body.labels).toEqual({
    items: [{ paperId: second.id, ...reason }],
  })

  expect((await ask('ada', 'DELETE', '/labels/last')).body).toEqual({ paperId: second.id })
  expect((await ask('ada', 'GET', '/next')).body.paper.id).toBe(second.id)
  expect((await ask('ada', 'DELETE', '/labels/last')).body).toEqual({ paperId: first.id })
  expect((await ask('ada', 'DELETE', '/labels/last')).body).toEqual({})
  for (const id of ['p0', 'p1', 'p2'])
    expect((await ask('ada', 'PUT', `/labels/${id}`, { label: 'maybe' })).status).toBe(204)
  expect((await ask('ada', 'GET', '/next')).body).toEqual({})
})

test('others see no more of it than was shared with them', async () => {
  const statuses = async (who: string) => [
    (await ask(who, 'GET', '')).status,
    (await ask(who, 'GET', '/next')).status,
    (await ask(who, 'PUT', '/labels/p0', { label: 'include' })).status,
    (await ask(who, 'DELETE', '/labels/last')).status,
    (await ask(who, 'POST', '/redo')).status,
  ]
  expect(await statuses('')).toEqual([401, 401, 401, 401, 401])
  expect(await statuses('eve')).toEqual([404, 404, 404, 404, 404])
  expect(await statuses('ben')).toEqual([200, 200, 403, 403, 403])
  expect(await statuses('reader')).toEqual([200, 200, 403, 403, 403])
})

test('what cannot be labelled, or not so, or not now, is refused', async () => {
  const refused = [
    ['PUT', '/labels/nobody', { label: 'include' }, 404],
    ['PUT', '/labels/..%2F..%2Fetc', { label: 'include' }, 404],
    ['PUT', '/labels/p0', { label: 'perhaps' }, 400],
    ['PUT', '/labels/p0', { label: 'include', reason: 'x'.repeat(401) }, 400],
    ['GET', '?after=nobody', undefined, 400],
  ] as const
  for (const [method, path, json, status] of refused)
    expect([path, (await ask('ada', method, path, json)).status]).toEqual([path, status])
  const resting = session
  session = await newSession()
  expect(await ask('ada', 'GET', '/next')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  session = resting
})

test('the review then goes on from its screening, and cannot be taught while it does', async () => {
  const { status, body } = await ask('ada', 'POST', '/redo')
  expect(status).toBe(202)
  expect(body).toMatchObject({ job_id: `${session}-2`, session_id: session })
  expect((await ask('ada', 'POST', '/redo')).status).toBe(409)
  expect((await ask('ada', 'GET', '/next')).status).toBe(409)
})

/** What a user's request brings; of somebody nobody knows, a token that is none. */
function credentials(who: string): Record<string, string> {
  return { Authorization: `Bearer ${tokens.get(who) ?? who}` }
}
