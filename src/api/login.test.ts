import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { startIdentityProvider, type TestIdentityProvider } from '../../test/support/identity-provider.ts'
import { createApi } from './app.ts'

const here = 'http://127.0.0.1:4320'
let api: TestApi
let provider: TestIdentityProvider
beforeAll(async () => {
  provider = await startIdentityProvider(`${here}/auth/callback`)
  api = await openTestApi({
    environment: {
      SHEAF_PUBLIC_URL: here,
      SHEAF_OIDC_ISSUER: provider.issuer,
      SHEAF_OIDC_CLIENT_ID: provider.client.id,
      SHEAF_OIDC_CLIENT_SECRET: provider.client.secret,
      SHEAF_OIDC_ALLOWED_DOMAINS: 'example.org',
      SHEAF_ADMINS: 'Head@example.org, sub-1, fake@example.org',
    },
  })
  provider.accounts
    .set('anna', { email: 'Anna@Example.org', email_verified: true, name: 'Anna <b>A.</b>' })
    .set('head', { email: 'head@example.org', email_verified: true })
    .set('sub-1', { email: 'sub@example.org', email_verified: true })
    .set('liar', { email: 'head@example.org', email_verified: false })
    .set('stranger', { email: 'head@example.org.evil.net', email_verified: true })
    .set('fake@example.org', { email: 'other@example.org', email_verified: true })
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})
beforeEach(() => sql`truncate sheaf.logins, sheaf.audit`.execute(api.app.access.sql))

/** Every request comes from another address, so that none has knocked too often. */
let requests = 0
function get(path: string, cookie = ''): Promise<Response> {
  const socket = { remoteAddress: `10.0.0.${++requests}`, localPort: 4320 }
  return Promise.resolve(api.api.request(`${here}${path}`, { headers: { cookie } }, { incoming: { socket } }))
}

/** The cookies that an answer sets, as a browser would send them. */
function cookiesOf(answer: Response): string {
  const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]!)
  return set.filter((cookie) => !cookie.endsWith('=')).join('; ')
}

async function begin(path = '/auth/login'): Promise<{ cookie: string; url: string }> {
  const answer = await get(path)
  expect(answer.status).toBe(302)
  return { cookie: cookiesOf(answer), url: answer.headers.get('Location')! }
}

/** How far a login came: the callback is what the provider sent the browser back to. */
async function callbackAs(subject: string): Promise<{ cookie: string; callback: URL }> {
  const { cookie, url } = await begin()
  return { cookie, callback: await provider.logIn(url, subject) }
}

const finish = (callback: URL, cookie: string) => get(callback.pathname + callback.search, cookie)

async function logIn(subject: string): Promise<string> {
  const { cookie, callback } = await callbackAs(subject)
  const answer = await finish(callback, cookie)
  expect(answer.status).toBe(302)
  return cookiesOf(answer)
}

const lastAudit = async () => {
  const rows = await api.app.access.sql.selectFrom('audit').selectAll().orderBy('id', 'desc').execute()
  return rows.map(({ action, outcome }) => `${action} ${outcome}`)
}

test('a person logs in, goes on where they were, and is somebody until they log out', async () => {
  expect((await get('/api/v1/me')).status).toBe(401)
  const { cookie, url } = await begin('/auth/login?return_to=/sessions/x%3Fy=1')
  expect(new URL(url).searchParams.get('code_challenge_method')).toBe('S256')
  const answer = await finish(await provider.logIn(url, 'anna'), cookie)
  expect(answer.headers.get('Location')).toBe(`${here}/sessions/x?y=1`)
  expect(answer.headers.getSetCookie().at(-1)).toMatch(
    /^sheaf=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const login = cookiesOf(answer)
  const me = (await (await get('/api/v1/me', login)).json()) as { id: string }
  expect(me).toMatchObject({
    name: 'Anna <b>A.</b>',
    email: 'anna@example.org',
    scope: 'write',
    by: 'login',
  })
  const second = await logIn('anna')
  expect(((await (await get('/api/v1/me', second)).json()) as { id: string }).id).toBe(me.id)
  const headers = { cookie: login, Origin: here, 'Sec-Fetch-Site': 'same-origin' }
  expect((await api.api.request(`${here}/auth/logout`, { method: 'POST', headers })).status).toBe(204)
  expect((await get('/api/v1/me', login)).status).toBe(401)
  expect((await get('/api/v1/me', second)).status).toBe(200)
  expect(await lastAudit()).toEqual(['logout done', 'login done', 'login done'])
})

test('only verified addresses and subjects make administrators, only allowed domains get in', async () => {
  const scopeOf = async (subject: string) =>
    ((await (await get('/api/v1/me', await logIn(subject))).json()) as { scope: string }).scope
  expect(await scopeOf('head')).toBe('admin')
  expect(await scopeOf('sub-1')).toBe('admin')
  expect(await scopeOf('fake@example.org')).toBe('write')
  for (const subject of ['liar', 'stranger']) {
    const { cookie, callback } = await callbackAs(subject)
    const answer = await finish(callback, cookie)
    expect([subject, answer.status, cookiesOf(answer)]).toEqual([subject, 403, ''])
  }
  const emails = await api.app.access.sql.selectFrom('users').select('email').execute()
  expect(emails.map(({ email }) => email)).not.toContain('head@example.org.evil.net')
  expect((await lastAudit())[0]).toBe('login forbidden')
})

test('an answer of the provider that was tampered with, or is not for this browser, proves nothing', async () => {
  const refused = async (change: (parts: { cookie: string; callback: URL }) => unknown) => {
    const parts = await callbackAs('anna')
    await change(parts)
    const answer = await finish(parts.callback, parts.cookie)
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(cookiesOf(answer)).toBe('')
  }
  const changeAttempt = (value: string) =>
    sql`update sheaf.login_attempts set value = value || ${value}::jsonb`.execute(api.app.access.sql)
  await refused(({ callback }) => callback.searchParams.set('state', 'another'))
  await refused(({ callback }) => callback.searchParams.delete('state'))
  await refused(({ callback }) => callback.searchParams.set('iss', 'https://evil.example'))
  await refused(({ callback }) => callback.searchParams.delete('iss'))
  await refused(({ callback }) => callback.searchParams.set('code', 'guessed'))
  await refused(({ callback }) => callback.searchParams.append('code', 'second'))
  await refused(({ callback }) => callback.searchParams.set('error', 'access_denied'))
  await refused(() => changeAttempt('{"nonce":"another"}'))
  await refused(() => changeAttempt('{"verifier":"another-that-is-43-characters-long-as-they-are"}'))
  await refused(() => sql`update sheaf.login_attempts set expires_at = now()`.execute(api.app.access.sql))
  await refused((parts) => {
    parts.cookie = ''
  })
  // The victim's browser is given the attacker's answer (login CSRF).
  const attacker = await callbackAs('anna')
  await refused((parts) => {
    parts.callback = attacker.callback
  })
  expect((await lastAudit())[0]).toBe('login unauthenticated')
})

test('a code is good once', async () => {
  const { cookie, callback } = await callbackAs('anna')
  const kept = await api.app.access.sql.selectFrom('login_attempts').selectAll().execute()
  expect((await finish(callback, cookie)).status).toBe(302)
  expect((await finish(callback, cookie)).status).toBe(401)
  // Also where we had forgotten that it was used.
  for (const row of kept)
    await api.app.access.sql
      .insertInto('login_attempts')
      .values({ ...row, value: JSON.stringify(row.value) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  expect((await finish(callback, cookie)).status).toBe(401)
})

test('a login leads back to this server alone', async () => {
  for (const path of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    '/x\r\nSet-Cookie: sheaf=stolen',
    'evil.example',
    'http://127.0.0.1:4321/',
    '@evil.example',
  ]) {
    const answer = await get(`/auth/login?return_to=${encodeURIComponent(path)}`)
    expect([path, answer.status]).toEqual([path, 400])
  }
  const { cookie, url } = await begin(`/auth/login?return_to=${encodeURIComponent('/.//evil.example')}`)
  const answer = await finish(await provider.logIn(url, 'anna'), cookie)
  expect(new URL(answer.headers.get('Location')!, here).host).toBe('127.0.0.1:4320')
})

test('a login ends when it was not used for long, after a week, and with the right to be here', async () => {
  const login = await logIn('anna')
  const statusAfter = async (change: string) => {
    await sql.raw(`update sheaf.logins set ${change}`).execute(api.app.access.sql)
    return (await get('/api/v1/me', login)).status
  }
  expect(await statusAfter(`seen_at = now() - interval '11 hours'`)).toBe(200)
  expect(await statusAfter(`seen_at = now() - interval '13 hours'`)).toBe(401)
  expect(await statusAfter(`seen_at = now(), expires_at = now() + interval '1 minute'`)).toBe(200)
  expect(await statusAfter('expires_at = now()')).toBe(401)
  await statusAfter(`expires_at = now() + interval '1 day'`)
  await sql`update sheaf.users set email = 'anna@elsewhere.net' where subject = 'anna'`.execute(
    api.app.access.sql,
  )
  expect((await get('/api/v1/me', login)).status).toBe(401)
  await logIn('anna')
  expect((await get('/api/v1/me', login)).status).toBe(200)
})

test('the cookie of a login is worth nothing to a page of another origin', async () => {
  const cookie = await logIn('head')
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const plain = { 'Content-Type': 'text/plain' }
  const attempts: [string, string, Record<string, string>][] = [
    ['POST', '/api/v1/tokens', { ...form, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
    ['POST', '/api/v1/tokens', { ...plain, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['POST', '/api/v1/tokens', { ...plain, Origin: 'null' }],
    ['POST', '/api/v1/tokens', { ...form, Origin: 'https://evil.example' }],
    ['POST', '/auth/logout', { ...form, Origin: 'https://evil.example' }],
    ['GET', '/api/v1/audit', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ]
  for (const [method, path, headers] of attempts) {
    const init = {
      method,
      headers: { ...headers, cookie },
      ...(method === 'POST' && { body: '{"name":"x"}' }),
    }
    expect([path, headers, (await api.api.request(here + path, init)).status]).toEqual([path, headers, 403])
  }
  expect((await get('/api/v1/me', cookie)).status).toBe(200)
  const own = await get('/api/v1/tokens', cookie)
  expect(await own.json()).toEqual({ items: [] })
})

test('over https the cookies are this host’s alone, and others are not taken for them', async () => {
  const { access } = api.context
  const publicUrl = 'https://sheaf.example.org'
  const secure = createApi({ ...api.context, access: { ...access, rules: { ...access.rules, publicUrl } } })
  const answer = await secure.request(`${publicUrl}/auth/login`)
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Host-sheaf-login=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ])
  const login = await logIn('anna')
  const me = async (cookie: string) =>
    (await secure.request(`${publicUrl}/api/v1/me`, { headers: { cookie } })).status
  expect(await me(`__Host-${login}`)).toBe(200)
  expect(await me(login)).toBe(401)
})

test('what is kept of logins opens nothing', async () => {
  const login = await logIn('anna')
  const { rows } = await sql<{ text: string }>`
    select row_to_json(logins)::text || encode(secret_hash, 'base64') as text from sheaf.logins`.execute(
    api.app.access.sql,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]!.text).not.toContain(login.split('=')[1]!)
  for (const forged of ['sheaf=', 'sheaf=x', `${login}x`, login.slice(0, -1), login.replace('=', '-login=')])
    expect((await get('/api/v1/me', forged)).status).toBe(401)
})
