import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../../../test/support/api.ts'
import { notesFolder } from '../../../test/support/sheaf.ts'
import { type Served, serve } from '../../api/serve.ts'
import type { ReviewRequest } from '../../contract/api/session.ts'
import type { SessionEvent } from '../../contract/events.ts'
import { appendEvent } from '../../store/events.ts'
import { storePapers } from '../../store/papers.ts'
import { changeSession } from '../../store/sessions.ts'
import { localReviews } from './local.ts'
import { remoteReviews } from './remote.ts'
import type { Reviews } from './reviews.ts'
import type { HoldingServer } from './server.ts'

/** Both ways to the same database: what one does the other sees. Nothing works on it. */
let api: TestApi
let served: Served
let here: HoldingServer
let local: Reviews
let remote: Reviews
beforeAll(async () => {
  api = await openTestApi()
  served = await serve(api.context, { host: '127.0.0.1', port: 0 })
  here = { pid: process.pid, address: { url: served.url } }
  local = localReviews(api.app)
  remote = remoteReviews(here, async () => here)
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await remote.close()
  await served.close(0)
  await api[Symbol.asyncDispose]()
})

const request: ReviewRequest = {
  analyst: 'extractive',
  libraryFolders: [notesFolder],
  output: '/tmp/nowhere',
}

/** What both say to the same question, or the words of the same failure. */
async function bothSay(ask: (reviews: Reviews) => Promise<unknown>): Promise<unknown> {
  const [without, through] = await Promise.all(
    [local, remote].map((reviews) =>
      ask(reviews).catch(({ code, message, advice }) => ({ code, message, advice })),
    ),
  )
  expect(JSON.stringify(through, null, 1)).toBe(JSON.stringify(without, null, 1))
  return through
}

async function startWithPapers(): Promise<string> {
  const { session } = await remote.start('How do lamps change the flight of moths?', request)
  const papers = ['moths', 'lamps', 'rivers'].map((word) => ({
    id: `p-${word}`,
    fields: { title: `On ${word}`, authors: [], abstract: `A study of ${word}.` },
    provenance: {},
    records: [`library:${word}.pdf`],
    mergedBecause: [],
  }))
  await storePapers(api.app.deployment.sql, session, papers)
  await changeSession(api.app.deployment.sql, session, { status: 'failed', error: { message: 'Why not?' } })
  return session
}

test('reviews are the same from both sides', async () => {
  const { session, after } = await remote.start('Why?', { ...request, reviewPlan: true })
  expect(after).toBe(0)
  expect(await bothSay((reviews) => reviews.read(session))).toMatchObject({
    status: 'running',
    question: 'Why?',
  })
  expect(await bothSay((reviews) => reviews.show(session))).toMatchObject({ events: [{ sequence: 1 }] })
  await bothSay((reviews) => reviews.list(1000))
  await bothSay((reviews) => reviews.list(1))
  await bothSay((reviews) => reviews.cost(session))
  expect(await bothSay((reviews) => reviews.plan('Why?', request))).toMatchObject({ output: '/tmp/nowhere' })
  await remote.cancel(session)
  expect(await bothSay((reviews) => reviews.cancel(session))).toMatchObject({ code: 'conflict' })
  await local.remove(session)
  expect(await bothSay((reviews) => reviews.read(session))).toMatchObject({ code: 'not_found' })
})

test('failures are the same from both sides', async () => {
  const { session } = await local.start('Why?', request)
  const asked: ((reviews: Reviews) => Promise<unknown>)[] = [
    (reviews) => reviews.read('nobody'),
    (reviews) => reviews.show('../../etc'),
    (reviews) => reviews.cost('nobody'),
    (reviews) => reviews.cancel('nobody'),
    (reviews) => reviews.remove(session),
    (reviews) => reviews.resume(session),
    (reviews) => reviews.approvePlan(session, undefined),
    (reviews) => reviews.answerGate(session, 'rejected'),
    (reviews) => reviews.screening(session),
    (reviews) => reviews.redoScreening(session),
    (reviews) => reviews.start('Why?', { ...request, sources: ['moon'] }),
    (reviews) => reviews.addLibraryFolder('/no/such/folder'),
    (reviews) => reviews.removeLibraryFolder('/no/such/folder'),
  ]
  for (const ask of asked) expect(await bothSay(ask)).toHaveProperty('code')
})

test('the library is the same from both sides', async () => {
  expect(await remote.addLibraryFolder(notesFolder)).toBe(true)
  expect(await bothSay((reviews) => reviews.addLibraryFolder(notesFolder))).toBe(false)
  expect(await bothSay((reviews) => reviews.libraryFolders())).toEqual([notesFolder])
  await remote.removeLibraryFolder(notesFolder)
  expect(await bothSay((reviews) => reviews.libraryFolders())).toEqual([])
})

test('screening is taught from both sides', async () => {
  const session = await startWithPapers()
  const next = async () => (await bothSay((reviews) => reviews.nextToLabel(session))) as { id: string }
  const first = await next()
  await remote.label(session, { paperId: first.id, label: 'include', reason: 'a “reason”' })
  const second = await next()
  expect(second.id).not.toBe(first.id)
  await local.label(session, { paperId: second.id, label: 'exclude' })
  expect(await bothSay((reviews) => reviews.labels(session))).toHaveLength(2)
  expect(await remote.screening(session)).toMatchObject(await local.screening(session))
  expect(await remote.undoLabel(session)).toBe(second.id)
  expect(await next()).toEqual(second)
  const begun = await remote.redoScreening(session)
  expect(begun).toEqual({ session, after: 1 })
  await local.cancel(session)
})

test('events come through a server as they are, also when it goes away and another comes', async () => {
  const { sql } = api.app.deployment
  const { session } = await local.start('Why?', request)
  const places = { now: here as HoldingServer | undefined }
  const patience = { patience: 20_000, between: 10 }
  const first = await serve(api.context, { host: '127.0.0.1', port: 0 })
  const follower = remoteReviews({ pid: 1, address: { url: first.url } }, async () => places.now, patience)
  places.now = undefined
  const seen: SessionEvent[] = []
  const stop = new AbortController()
  const following = (async () => {
    for await (const event of follower.follow(session, 0, stop.signal)) seen.push(event)
  })()
  const until = async (count: number) => {
    while (seen.length < count) await delay(10)
  }
  await until(1)
  await appendEvent(sql, session, { type: 'phase.started', phase: 'plan' })
  await until(2)
  await first.close(0)
  await appendEvent(sql, session, { type: 'phase.progress', phase: 'plan', done: 1 })
  const second = await serve(api.context, { host: '127.0.0.1', port: 0 })
  places.now = { pid: 2, address: { url: second.url } }
  await local.cancel(session)
  await following
  expect(seen).toEqual((await local.show(session)).events)
  expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
  await second.close(0)
})

test('a server that does not come back is given up, and what becomes of the review is said', async () => {
  const gone = remoteReviews({ pid: 1, address: { url: 'http://127.0.0.1:9' } }, async () => undefined, {
    patience: 0,
    between: 1,
  })
  const events = gone.follow('0000000-0000', 0, new AbortController().signal)
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'store_unavailable',
    advice: expect.stringContaining('sheaf sessions follow 0000000-0000'),
  })
})
