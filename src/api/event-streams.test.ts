import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { type EventClient, followAs, followThrough } from '../../test/support/event-client.ts'
import type { SessionEventBody } from '../contract/events.ts'
import { createSession as startReview } from '../session/create-session.ts'
import { appendEvent } from '../store/events.ts'
import { changeSession, createSession, deleteSession } from '../store/sessions.ts'
import { removeShare, storeShare } from '../store/shares.ts'
import { type Served, serve } from './serve.ts'

let api: TestApi
let served: Served
beforeAll(async () => {
  api = await openTestApi({ streamLimits: { heartbeat: 150, patience: 300 } })
  served = await serve(api.context, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await served.close(0)
  expect(api.faults).toEqual([])
  await api[Symbol.asyncDispose]()
})

let made = 0
const sql = () => api.app.deployment.sql
async function session(): Promise<string> {
  const id = `s${++made}`
  await createSession(sql(), { id, question: 'Why?', settings: {} })
  await changeSession(sql(), id, { status: 'running' })
  return id
}
async function add(id: string, count: number, item = 'paper'): Promise<void> {
  const body: SessionEventBody = {
    type: 'item.failed',
    phase: 'read',
    item,
    message: 'No\n\nevent: end\r\rdata: x',
  }
  for (let done = 0; done < count; done++) await appendEvent(sql(), id, body)
}
async function finish(id: string): Promise<void> {
  await sql()
    .transaction()
    .execute(async (transaction) => {
      await changeSession(transaction, id, { status: 'finished' })
      await appendEvent(transaction, id, { type: 'session.finished', report: '/r' })
    })
}
const follow = (id: string, headers: Record<string, string> = {}, query = ''): EventClient =>
  followAs(`${served.url}/api/v1/sessions/${id}/events${query}`, headers)
const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('what happened and what happens is sent once, in order, as it was stored, and the end is said', async () => {
  const id = await session()
  await add(id, 150)
  const client = follow(id)
  await expect.poll(() => client.ids).toEqual(upTo(150))
  await add(id, 3)
  await finish(id)
  expect(await client.closed).toEqual({ status: 200, end: 'finished' })
  expect(client.ids).toEqual(upTo(154))
  expect(client.events.map(({ type }) => type)).toEqual([
    ...upTo(153).map(() => 'item.failed'),
    'session.finished',
  ])
  expect(client.events[0]!.data).toMatchObject({
    session: id,
    sequence: 1,
    body: { message: /^No\n\nevent: end/ },
  })
  expect(client.retry).toBe(2000)
})

test('who comes again gets what follows, by Last-Event-ID before ?after, and nothing once it has all', async () => {
  const id = await session()
  await add(id, 5)
  await finish(id)
  const cases = [
    [{}, '?after=4', [5, 6]],
    [{ 'Last-Event-ID': '3' }, '?after=1', [4, 5, 6]],
  ] as const
  for (const [headers, query, expected] of cases) {
    const client = follow(id, headers, query)
    expect(await client.closed).toEqual({ status: 200, end: 'finished' })
    expect(client.ids).toEqual(expected)
  }
  expect(await follow(id, { 'Last-Event-ID': '6' }).closed).toEqual({ status: 204 })
  expect(await follow(id, { 'Last-Event-ID': '2000000000' }).closed).toEqual({ status: 204 })
  for (const wrong of ['-1', '1.5', 'x', '99999999999'])
    expect((await follow(id, { 'Last-Event-ID': wrong }).closed).status).toBe(400)
})

test('past events are read in pages by who asks for JSON', async () => {
  const id = await session()
  await add(id, 3)
  const page = async (query: string) =>
    (
      await api.send('GET', `/sessions/${id}/events${query}`, { headers: { Accept: 'application/json' } })
    ).json()
  expect(await page('?limit=2')).toMatchObject({ items: [{ sequence: 1 }, { sequence: 2 }], next: '2' })
  expect(await page('?limit=2&after=2')).toEqual({ items: [expect.objectContaining({ sequence: 3 })] })
})

test('a review that fails as a whole says so and ends', async () => {
  // Started when a model was configured, which none is any more.
  const settings = { analyst: 'model' as const, reviewPlan: false, output: '/' }
  const id = await startReview(api.app.deployment, {
    question: 'Why?',
    settings: { ...settings, sources: ['arxiv'], libraryFolders: [] },
  })
  const client = follow(id)
  await api.app.startWorkers()
  expect(await client.closed).toEqual({ status: 200, end: 'failed' })
  expect(client.events.at(-1)!.data).toMatchObject({
    body: { type: 'session.failed', message: 'No language model is configured.' },
  })
  expect(await (await api.send('GET', `/sessions/${id}`)).json()).toMatchObject({ status: 'failed' })
})

test('a stream ends when its session is deleted or no longer shared, and others do not see it', async () => {
  const [first, second] = [await session(), await session()]
  for (const id of [first, second]) await storeShare(sql(), id, { user: 'ann', scope: 'read' })
  const [asAnn, asBob] = await Promise.all(
    ['ann', 'bob'].map(async (user) => ({ Authorization: `Bearer ${await api.token(user, 'read')}` })),
  )
  const clients = [follow(first, asAnn), follow(second, asAnn), follow(first)]
  await expect.poll(() => clients.every(({ retry }) => retry !== undefined)).toBe(true)
  expect((await follow(first, asBob).closed).status).toBe(404)
  await removeShare(sql(), first, 'ann')
  expect(await clients[0]!.closed).toEqual({ status: 200, end: 'not_found' })
  await deleteSession(sql(), second)
  const { end } = await clients[1]!.closed
  expect(['deleted', 'not_found']).toContain(end)
  // The third, whose session is still its own, lives, and shows it.
  const beats = clients[2]!.comments()
  await expect.poll(() => clients[2]!.comments()).toBeGreaterThan(beats)
  clients[2]!.leave()
})

test('a stream ends when the token that it was opened with is revoked', async () => {
  const id = await session()
  await storeShare(sql(), id, { user: 'ann', scope: 'read' })
  const [kept, revoked] = [await api.token('ann', 'read'), await api.token('ann', 'read')]
  const clients = [kept, revoked].map((token) => follow(id, { Authorization: `Bearer ${token}` }))
  await expect.poll(() => clients.every(({ retry }) => retry !== undefined)).toBe(true)
  expect((await api.send('DELETE', `/tokens/${revoked.split('_')[1]}`)).status).toBe(204)
  expect(await clients[1]!.closed).toEqual({ status: 200, end: 'unauthenticated' })
  const beats = clients[0]!.comments()
  await expect.poll(() => clients[0]!.comments()).toBeGreaterThan(beats)
  clients[0]!.leave()
})

test('a client that reads nothing is sent away, holds little meanwhile, and misses nothing when it comes again', async () => {
  const id = await session()
  const path = `/api/v1/sessions/${id}/events`
  // On a busy machine these may be found too slow too, and come again.
  const others = [followThrough(`${served.url}${path}`), followThrough(`${served.url}${path}`)]
  const idle = connect(Number(new URL(served.url).port), '127.0.0.1')
  const closed = new Promise((resolve) => idle.on('close', resolve).on('error', () => undefined))
  idle.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  idle.pause()
  // More than what the kernel keeps for both ends.
  await add(id, 300, 'x'.repeat(60_000))
  await expect.poll(() => others.every(({ ids }) => ids.length === 300), { timeout: 20_000 }).toBe(true)
  let taken = 0
  idle.on('data', (chunk) => {
    taken += chunk.length
  })
  idle.resume()
  await closed
  // The server had let go of it: what it gets is what lay in the kernel.
  expect(taken).toBeLessThan(14_000_000)
  await finish(id)
  for (const { ended, ids } of others) {
    expect(await ended).toBe('finished')
    expect(ids).toEqual(upTo(301))
  }
})

test('a request for no more than the head begins no stream, and there are only so many', async () => {
  const id = await session()
  const head = await new Promise<number | undefined>((resolve) =>
    request(`${served.url}/api/v1/sessions/${id}/events`, { method: 'HEAD' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).end(),
  )
  expect(head).toBe(200)
  const own = await serve({ ...api.context, streamLimits: { streams: 2 } }, { host: '127.0.0.1', port: 0 })
  const url = `${own.url}/api/v1/sessions/${id}/events`
  const clients = [followAs(url), followAs(url)]
  await expect.poll(() => clients.every(({ retry }) => retry !== undefined)).toBe(true)
  const refused = await fetch(url)
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
  await own.close(0)
})

test('when the server stops, clients are told when to come again', async () => {
  const id = await session()
  const own = await serve(api.context, { host: '127.0.0.1', port: 0 })
  const client = followAs(`${own.url}/api/v1/sessions/${id}/events`)
  await expect.poll(() => client.retry).toBe(2000)
  await own.close(10_000)
  expect(await client.closed).toEqual({ status: 200 })
  expect(client.retry).not.toBe(2000)
})
