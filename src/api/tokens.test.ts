import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { notesFolder } from '../../test/support/sheaf.ts'
import { createApi } from './app.ts'

let api: TestApi
// Only watched: that two buffers were compared in constant time cannot be seen from outside.
const compared = vi.spyOn(crypto, 'timingSafeEqual')
beforeAll(async () => {
  syncBuiltinESMExports()
  api = await openTestApi({
    environment: { SHEAF_REQUIRE_LOGIN: 'true', SHEAF_USER_REQUESTS: '40', SHEAF_USER_SESSIONS: '2' },
  })
})
afterAll(async () => {
  compared.mockRestore()
  syncBuiltinESMExports()
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

interface Made {
  id: string
  token: string
  scope: string
  user: string
  expiresAt?: string
}
const me = async (authorization: string) => {
  const answer = await api.send('GET', '/me', { headers: { Authorization: authorization } })
  return { status: answer.status, said: (await answer.json()) as { detail?: string } }
}
const made = async (answer: Promise<Response>) => (await (await answer).json()) as Made

test('a token says who asks, and what is kept of it opens nothing', async () => {
  const head = await api.as('head', 'admin')
  const answer = await head('POST', '/tokens', { json: { name: ' Backup  of café ', scope: 'read' } })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  const { id, token } = (await answer.json()) as Made
  expect(token).toMatch(new RegExp(`^sheaf_${id}_[A-Za-z0-9_-]{43}$`))
  expect((await me(`Bearer ${token}`)).said).toMatchObject({ id: 'head', scope: 'read', by: 'token' })
  const secret = token.slice(-43)
  const stored = await sql<{ text: string }>`
    select (select json_agg(tokens) from sheaf.tokens)::text || (select json_agg(audit) from sheaf.audit)::text as text`.execute(
    api.app.access.sql,
  )
  for (const form of [
    secret,
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret, 'base64url').toString('hex'),
  ])
    expect(stored.rows[0]!.text).not.toContain(form)
  expect(await (await head('GET', '/tokens')).text()).not.toContain(secret)
})

test('a forged, cut, foreign or altered token says nothing', async () => {
  const token = await api.token('anna', 'write')
  const other = await api.token('ben', 'write')
  const [, id] = token.split('_')
  compared.mockClear()
  const forged = [
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}A`,
    `Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
    `Bearer sheaf_${id}_${other.slice(-43)}`,
    `Bearer sheaf_1kfw2y4-7m3pqr_${'A'.repeat(43)}`,
    `Bearer sheaf_${id}_${'A'.repeat(43)}`,
    `Bearer ${token} ${token}`,
    `Bearer sheaf_${id}'--_${token.slice(-43)}`,
    `Bearer sheaf_${id}`,
    'Bearer ',
    'Bearer',
    token,
    `Basic ${Buffer.from(`anna:${token}`).toString('base64')}`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsb2NhbCJ9.',
    `Bearer ${'x'.repeat(10_000)}`,
  ]
  for (const authorization of forged)
    expect([authorization, (await me(authorization)).status]).toEqual([authorization, 401])
  // One comparison for each that has the form of a token, known or not.
  expect(compared).toHaveBeenCalledTimes(4)
  expect((await me(`bearer  ${token}`)).status).toBe(200)
})

test('a token ends when it expires, when it is revoked, and by its owner or an administrator alone', async () => {
  const anna = await api.as('anna', 'write')
  const mine = await made(anna('POST', '/tokens', { json: { name: 'short', expiresInDays: 1 } }))
  expect((await me(`Bearer ${mine.token}`)).status).toBe(200)
  await sql`update sheaf.tokens set expires_at = now() where id = ${mine.id}`.execute(api.app.access.sql)
  expect(await me(`Bearer ${mine.token}`)).toMatchObject({
    status: 401,
    said: { detail: 'The token has expired.' },
  })

  const next = await made(anna('POST', '/tokens', { json: { name: 'next' } }))
  const ben = await api.as('ben', 'write')
  const foreign = await ben('DELETE', `/tokens/${next.id}`)
  const nobodys = await ben('DELETE', '/tokens/1kfw2y4-7m3pqr')
  expect([foreign.status, nobodys.status]).toEqual([404, 404])
  expect((await foreign.text()).replaceAll(next.id, 'ID')).toBe(
    (await nobodys.text()).replaceAll('1kfw2y4-7m3pqr', 'ID'),
  )
  expect((await me(`Bearer ${next.token}`)).status).toBe(200)
  // Another replica knows at once.
  const replica = createApi(api.context)
  expect((await anna('DELETE', `/tokens/${next.id}`)).status).toBe(204)
  const headers = { Authorization: `Bearer ${next.token}` }
  expect((await replica.request('http://127.0.0.1:4320/api/v1/me', { headers })).status).toBe(401)
  expect(await me(`Bearer ${next.token}`)).toMatchObject({ said: { detail: 'The token was revoked.' } })

  const listed = (await (await ben('GET', '/tokens?limit=1')).json()) as { items: Made[] }
  expect(listed.items.map(({ user }) => user)).toEqual(['ben'])
  const all = (await (await (await api.as('head', 'admin'))('GET', '/tokens')).json()) as { items: Made[] }
  expect(new Set(all.items.map(({ user }) => user))).toEqual(new Set(['head', 'anna', 'ben']))
})

test('nobody gives more than they have', async () => {
  const tryAs = async (scope: 'read' | 'write' | 'admin', json: object) =>
    (await (await api.as('carla', scope))('POST', '/tokens', { json: { name: 'x', ...json } })).status
  expect(await tryAs('read', { scope: 'read' })).toBe(403)
  expect(await tryAs('write', { scope: 'admin' })).toBe(403)
  expect(await tryAs('write', { user: 'anna' })).toBe(403)
  expect(await tryAs('admin', { scope: 'admin', user: 'dora' })).toBe(201)
  expect(await tryAs('admin', { user: 'u-0123456789abcdef0123' })).toBe(404)
  for (const json of [{ name: '' }, { user: 'A B' }, { user: '../x' }, { expiresInDays: 0 }, { more: 1 }])
    expect([json, await tryAs('admin', json)]).toEqual([json, 400])
  // Not in time either: a token that expires makes none that outlives it.
  const carla = await api.as('carla', 'write')
  const short = await made(carla('POST', '/tokens', { json: { name: 'short', expiresInDays: 1 } }))
  const longer = await made(
    api.send('POST', '/tokens', {
      headers: { Authorization: `Bearer ${short.token}` },
      json: { name: 'longer', expiresInDays: 100 },
    }),
  )
  expect(longer.expiresAt).toBe(short.expiresAt)
})

test('a user has so many requests a minute, and so many reviews at work', async () => {
  const dirk = await api.as('dirk', 'write')
  const settings = { analyst: 'extractive', libraryFolders: [notesFolder] }
  const admin = await api.as('emil', 'admin')
  const start = () => admin('POST', '/sessions', { json: { question: 'Why?', settings } })
  const started = await Promise.all([start(), start(), start(), start()])
  expect(started.map(({ status }) => status).toSorted()).toEqual([202, 202, 429, 429])
  const refused = started.find(({ status }) => status === 429)!
  expect(refused.headers.get('Retry-After')).toBe('60')
  const { session_id } = (await started.find(({ status }) => status === 202)!.json()) as {
    session_id: string
  }
  await admin('POST', `/sessions/${session_id}/cancel`)
  expect((await start()).status).toBe(202)

  const answers = await Promise.all(Array.from({ length: 45 }, () => dirk('GET', '/me')))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(40)
  const late = answers.find(({ status }) => status === 429)!
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect(answers[0]!.headers.get('RateLimit-Policy')).toBe('"user";q=40;w=60')
  expect(answers[0]!.headers.get('RateLimit')).toMatch(/^"user";r=39;t=\d+$/)
  expect((await admin('GET', '/me')).status).toBe(200)
})

test('what was done is in the log, with who and how it ended, and never a secret', async () => {
  const head = await api.as('head', 'admin')
  const token = await made(head('POST', '/tokens', { json: { name: 'for the log' } }))
  await head('DELETE', `/tokens/${token.id}`)
  await head('DELETE', `/tokens/${'0'.repeat(14)}`)
  await head('POST', '/sessions', { json: { question: '' } })
  await me(`Bearer ${token.token}`)
  const log = (query: string) => head('GET', `/audit?${query}`)
  const page = (await (await log('limit=5')).json()) as { items: Record<string, string>[]; next: string }
  expect(page.items.map(({ action, target, outcome, user }) => [action, target, outcome, user])).toEqual([
    ['login', 'token', 'unauthenticated', undefined],
    ['session.started', '/sessions', 'invalid_input', 'head'],
    ['token.revoked', `/tokens/${'0'.repeat(14)}`, 'not_found', 'head'],
    ['token.revoked', `/tokens/${token.id}`, 'done', 'head'],
    ['token.made', `/tokens/${token.id}`, 'done', 'head'],
  ])
  expect(JSON.stringify(page)).not.toContain(token.token.slice(-43))
  expect(page.items[0]).toMatchObject({ token: token.id })
  const older = (await (await log(`limit=1&after=${page.next}`)).json()) as typeof page
  expect(Number(older.items[0]!.id)).toBeLessThan(Number(page.next))
  const filtered = (await (
    await log('user=head&action=token.made&since=2020-01-01T00:00:00Z')
  ).json()) as typeof page
  expect(new Set(filtered.items.map(({ action, user }) => `${action} ${user}`))).toEqual(
    new Set(['token.made head']),
  )
  expect(await (await log('until=2020-01-01T00:00:00Z')).json()).toEqual({ items: [] })
  expect((await log('after=x')).status).toBe(400)
})

test('who sends many wrong tokens from one address is told to wait; a right one from there still passes', async () => {
  const right = `Bearer ${await api.token('anna', 'read')}`
  const statuses: number[] = []
  for (let tried = 0; tried < 40; tried++) statuses.push((await me('Bearer wrong')).status)
  expect(new Set(statuses)).toEqual(new Set([401, 429]))
  expect(statuses.at(-1)).toBe(429)
  expect((await me(right)).status).toBe(200)
  const { count } = await api.app.access.sql
    .selectFrom('audit')
    .select((column) => column.fn.countAll<string>().as('count'))
    .where('action', '=', 'login')
    .executeTakeFirstOrThrow()
  expect(Number(count)).toBeLessThanOrEqual(30)
})
