import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import { notesFolder } from '../../../test/support/sheaf.ts'
import { createSession } from '../../session/create-session.ts'
import { beginTask, failTask } from '../../store/tasks.ts'

/** Users by name, with the scope of their token. */
const users = [
  ['ada', 'ada', 'write'],
  ['eve', 'eve', 'write'],
  ['reader', 'ada', 'read'],
] as const
const tokens = new Map<string, string>()
let api: TestApi
let session: string
beforeAll(async () => {
  api = await openTestApi()
  for (const [name, user, scope] of users) tokens.set(name, await api.token(user, scope))
  const { deployment } = api.app
  session = await createSession(deployment, {
    question: 'Why?',
    settings: {
      analyst: 'extractive',
      sources: ['library'],
      libraryFolders: [notesFolder],
      reviewPlan: false,
      output: '/nowhere',
    },
    owner: 'ada',
  })
  for (const item of ['a', 'b', `c/${'long/'.repeat(100)}`]) {
    await beginTask(deployment.sql, { session, key: `fetch/${item}`, phase: 'collect' })
    await failTask(deployment.sql, session, `fetch/${item}`, { item, message: 'It cannot be read.' })
  }
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

async function ask(who: string, method: string, path: string, json?: unknown) {
  const answer = await api.send(method, path, {
    headers: credentials(who),
    ...(json !== undefined && { json }),
  })
  const body = JSON.parse(await answer.text())
  return { status: answer.status, body, etag: answer.headers.get('ETag') }
}

test('what failed is listed in pages, whatever it is called', async () => {
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 3; page++) {
    const { body } = await ask('ada', 'GET', `/sessions/${session}/failures?limit=1${after}`)
    expect(body.items[0]).toMatchObject({ phase: 'collect', message: 'It cannot be read.' })
    expect(Object.keys(body.items[0])).not.toContain('key')
    seen.push(body.items[0].item)
    after = `&after=${encodeURIComponent(body.next ?? '')}`
  }
  expect(seen).toEqual(['a', 'b', `c/${'long/'.repeat(100)}`])
  expect(after).toBe('&after=')
})

test('a review that asked no model has cost nothing', async () => {
  const { body, etag } = await ask('ada', 'GET', `/sessions/${session}/cost`)
  expect(body).toMatchObject({ lines: [], total: { calls: 0, tokens: 0, cost: 0 } })
  const again = await api.send('GET', `/sessions/${session}/cost`, {
    headers: { ...credentials('ada'), 'If-None-Match': etag! },
  })
  expect(again.status).toBe(304)
})

test('neither is there for others', async () => {
  for (const path of ['cost', 'failures'])
    expect((await ask('eve', 'GET', `/sessions/${session}/${path}`)).status).toBe(404)
})

test('a plan says what would be read, and starts nothing', async () => {
  const asked = { question: ' How are quotations matched? ', settings: { analyst: 'extractive' } }
  const folder = { libraryFolders: [notesFolder], output: '/tmp/there' }
  const request = { ...asked, settings: { ...asked.settings, ...folder } }
  const { status, body } = await ask('root', 'POST', '/plans', request)
  expect(status).toBe(200)
  expect(body).toMatchObject({ plan: { question: 'How are quotations matched?' }, output: '/tmp/there' })
  expect(body.items).toContainEqual({ source: 'library', reference: '03-quotation-matching.pdf' })
  expect((await ask('root', 'GET', '/sessions')).body.items).toHaveLength(1)

  expect((await ask('ada', 'POST', '/plans', request)).status).toBe(403)
  expect((await ask('reader', 'POST', '/plans', asked)).status).toBe(403)
  const named = { ...asked, settings: { ...asked.settings, identifiers: ['10.1000/1'] } }
  const open = await ask('ada', 'POST', '/plans', named)
  expect(open.status).toBe(200)
  expect(open.body.output).toBeUndefined()
})

/** What a user's request brings; nobody in particular is whoever sits at the machine. */
function credentials(who: string): Record<string, string> {
  const token = tokens.get(who)
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}
