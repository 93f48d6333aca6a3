import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { notesFolder } from '../../test/support/sheaf.ts'
import { type Scope, scopes } from '../contract/caller.ts'
import { createApi } from './app.ts'

/** What fits where a route's path has a name, and what its body may be: so far that only the right to it is missing. */
const named: Readonly<Record<string, string>> = {
  paper: 'p1',
  document: 'a'.repeat(64),
  page: '1',
  span: 's1',
  file: 'report.md',
  name: 'a.pdf',
  user: 'anna',
  token: '1kfw2y4-7m3pqr',
}
const bodies: Readonly<Record<string, unknown>> = {
  'post /sessions/{session}/plan': {},
  'post /sessions/{session}/gate': { state: 'approved' },
  'patch /sessions/{session}/decisions': { decisions: [{ paperId: 'p1', tier: 'core' }] },
  'put /sessions/{session}/shares/{user}': { scope: 'read' },
  'put /sessions/{session}/screening/labels/{paper}': { label: 'include' },
  'post /library/folders': { path: '/' },
  'delete /library/folders': { path: '/' },
  'post /conversations/{conversation}/messages': { text: 'Why?' },
}

let api: TestApi
/** The local person's own. */
let own: { session: string; conversation: string }
beforeAll(async () => {
  api = await openTestApi()
  const settings = { analyst: 'extractive', libraryFolders: [notesFolder] }
  const started = await api.send('POST', '/sessions', { json: { question: 'Why?', settings } })
  const opened = await api.send('POST', '/conversations', { json: {} })
  own = {
    session: ((await started.json()) as { session_id: string }).session_id,
    conversation: ((await opened.json()) as { id: string }).id,
  }
  await api.token('anna', 'read')
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

/** Every route below /api/v1 that is described, with the scope it needs as its middleware says. */
function routes(): { method: string; path: string; scope: Scope | undefined }[] {
  const guards = api.api.routes.flatMap(({ method, path, handler }) =>
    'scope' in handler ? [[`${method} ${path}`, handler.scope as Scope] as const] : [],
  )
  const scopeOf = new Map(guards)
  return api.api.openAPIRegistry.definitions
    .filter((definition) => definition.type === 'route')
    .filter(({ route }) => route.path.startsWith('/api/v1/'))
    .map(({ route: { method, path } }) => ({
      method,
      path: path.slice('/api/v1'.length),
      scope: scopeOf.get(`${method.toUpperCase()} ${path.replaceAll(/\{(.+?)\}/g, ':$1')}`),
    }))
}

const filled = (path: string, ids: Readonly<Record<string, string>>) =>
  path.replaceAll(/\{(.+?)\}/g, (_, name: string) => ids[name] ?? named[name] ?? `{${name}}`)
const bodyOf = (method: string, path: string) => {
  const json = bodies[`${method} ${path}`]
  return json === undefined ? {} : { json }
}

test('every route says what scope it needs, and who has less is refused by it', async () => {
  expect(routes().length).toBeGreaterThan(30)
  for (const { method, path, scope } of routes()) {
    expect([method, path, scope]).toEqual([method, path, expect.stringMatching(/^(read|write|admin)$/)])
    if (method !== 'get') expect([method, path, scope]).not.toEqual([method, path, 'read'])
  }
  const callers = { read: await api.as('reader', 'read'), write: await api.as('writer', 'write') }
  for (const { method, path, scope } of routes())
    for (const less of ['read', 'write'] as const) {
      if (scopes.indexOf(less) >= scopes.indexOf(scope!)) continue
      const answer = await callers[less](method.toUpperCase(), filled(path, own), bodyOf(method, path))
      expect([method, path, less, answer.status]).toEqual([method, path, less, 403])
    }
})

test('where a login is needed, every route needs it', async () => {
  const rules = { ...api.context.access.rules, loginRequired: true }
  const guarded = createApi({ ...api.context, access: { ...api.context.access, rules } })
  const paths = [...routes(), { method: 'get', path: '/openapi.json' }, { method: 'get', path: '/reference' }]
  for (const { method, path } of [...paths, { method: 'get', path: '/nowhere' }]) {
    const url = `http://127.0.0.1:4320/api/v1${filled(path, own)}`
    const answer = await guarded.request(url, { method: method.toUpperCase() })
    expect([method, path, answer.status]).toEqual([method, path, 401])
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer realm="Sheaf"')
  }
  for (const path of ['/healthz', '/readyz'])
    expect((await guarded.request(`http://127.0.0.1:4320${path}`)).status).toBe(200)
})

test.each(['session', 'conversation'] as const)(
  'nothing of another user’s %s shows that it is there',
  async (kind) => {
    const stranger = await api.as('stranger', 'write')
    const affected = routes().filter(({ path }) => path.includes(`{${kind}}`))
    expect(affected.length).toBeGreaterThan(3)
    for (const { method, path } of affected) {
      const ask = async (id: string) => {
        const answer = await stranger(
          method.toUpperCase(),
          filled(path, { [kind]: id }),
          bodyOf(method, path),
        )
        return [method, path, answer.status, (await answer.text()).replaceAll(id, 'ID')]
      }
      const [, , status, said] = await ask(own[kind])
      // A 400 here means that "named" or "bodies" above lack what the route takes.
      expect([method, path, status, said]).toEqual([
        method,
        path,
        404,
        expect.stringContaining('"not_found"'),
      ])
      expect(await ask('1kfw2y4-nobody')).toEqual([method, path, status, said])
    }
    expect((await api.send('GET', `/${kind}s/${own[kind]}`)).status).toBe(200)
    const list = (await (await stranger('GET', `/${kind}s`)).json()) as { items: unknown[] }
    expect(list.items).toEqual([])
  },
)

test('another user’s session cannot be named in a message either', async () => {
  const stranger = await api.as('stranger', 'write')
  const { id } = (await (await stranger('POST', '/conversations', { json: {} })).json()) as { id: string }
  for (const kind of ['follow_up', 'plan', 'gate'])
    expect([
      kind,
      (
        await stranger('POST', `/conversations/${id}/messages`, {
          json: { kind, text: 'yes', session: own.session },
        })
      ).status,
    ]).toEqual([kind, 404])
})

describe('a session that is shared', () => {
  const shares = () => `/sessions/${own.session}/shares`

  test('can be read, and steered where that is said too, but is its owner’s', async () => {
    const anna = await api.as('anna', 'write')
    const session = `/sessions/${own.session}`
    expect((await api.send('PUT', `${shares()}/anna`, { json: { scope: 'read' } })).status).toBe(204)
    expect((await anna('GET', session)).status).toBe(200)
    expect(((await (await anna('GET', '/sessions')).json()) as { items: unknown[] }).items).toHaveLength(1)
    expect((await anna('POST', `${session}/resume`)).status).toBe(403)
    await api.send('PUT', `${shares()}/anna`, { json: { scope: 'write' } })
    expect((await anna('POST', `${session}/resume`)).status).toBe(409)
    expect((await (await api.as('anna', 'read'))('POST', `${session}/resume`)).status).toBe(403)
    for (const [method, path, json] of [
      ['DELETE', session],
      ['GET', shares()],
      ['PUT', `${shares()}/stranger`, { scope: 'read' }],
      ['DELETE', `${shares()}/anna`],
    ] as const)
      expect([path, (await anna(method, path, { json })).status]).toEqual([path, 403])
  })

  test('is shared with known users alone, listed for its owner, and no longer seen when taken back', async () => {
    const put = async (user: string, scope: string) =>
      (await api.send('PUT', `${shares()}/${user}`, { json: { scope } })).status
    expect(await put('nobody', 'read')).toBe(404)
    expect(await put('local', 'read')).toBe(409)
    expect(await put('anna', 'admin')).toBe(400)
    await put('stranger', 'read')
    const first = (await (await api.send('GET', `${shares()}?limit=1`)).json()) as { next: string }
    expect(first).toEqual({ items: [{ user: 'anna', scope: 'write' }], next: 'anna' })
    expect(await (await api.send('GET', `${shares()}?after=${first.next}`)).json()).toEqual({
      items: [{ user: 'stranger', scope: 'read' }],
    })
    expect((await api.send('DELETE', `${shares()}/anna`)).status).toBe(204)
    expect((await api.send('DELETE', `${shares()}/anna`)).status).toBe(404)
    expect((await (await api.as('anna', 'write'))('GET', `/sessions/${own.session}`)).status).toBe(404)
  })
})

test('users are found by the beginning of a name, with nothing of them that is not needed', async () => {
  const anna = await api.as('anna', 'read')
  expect(await (await anna('GET', '/users?q=STRA')).json()).toEqual({
    items: [{ id: 'stranger', name: 'stranger' }],
  })
  for (const q of ['%25%25', '__', 'nna', "'--"])
    expect(await (await anna('GET', `/users?q=${q}`)).json()).toEqual({ items: [] })
  expect((await anna('GET', '/users?q=a')).status).toBe(400)
})

test('an administrator’s look at somebody else’s session is entered once', async () => {
  const head = await api.as('head', 'admin')
  for (const _ of [1, 2]) expect((await head('GET', `/sessions/${own.session}`)).status).toBe(200)
  await api.send('GET', `/sessions/${own.session}`)
  const log = (await (await head('GET', '/audit?action=session.foreign')).json()) as { items: object[] }
  expect(log.items).toEqual([
    expect.objectContaining({ user: 'head', target: `/sessions/${own.session}`, outcome: 'done' }),
  ])
})
