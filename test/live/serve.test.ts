import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outputFiles } from '../../src/publish/outputs.ts'
import { startBalancer } from '../support/balancer.ts'
import { databaseKinds } from '../support/databases.ts'
import { followThrough, type LastingClient } from '../support/event-client.ts'
import { describeService } from '../support/services.ts'
import { createPlace, notesFolder, type Place, type Running } from '../support/sheaf.ts'

const [, postgres] = await databaseKinds()

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function serve(place: Place, port: number, environment: NodeJS.ProcessEnv = {}): Promise<Running> {
  const running = place.start(['serve', '--port', String(port)], {
    SHEAF_READER_THREADS: '1',
    ...environment,
  })
  await running.until(/Sheaf serves on/)
  return running
}

/** Starts a review of the notes by the API alone and follows it with some clients. */
async function startReview(port: number, place: Place, headers: Record<string, string> = {}) {
  const out = join(place.folder, 'report')
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'once', ...headers },
    body: JSON.stringify({
      question: 'How are quotations matched, and what does matching miss?',
      settings: { analyst: 'extractive', libraryFolders: [notesFolder], output: out },
    }),
  })
  expect(answer.status).toBe(202)
  const { session_id: id } = (await answer.json()) as { session_id: string }
  const url = `http://127.0.0.1:${port}/api/v1/sessions/${id}/events`
  const clients = Array.from({ length: 6 }, () => followThrough(url, headers))
  return { id, out, clients, url: `http://127.0.0.1:${port}/api/v1/sessions/${id}` }
}

async function until(clients: readonly LastingClient[], count: number): Promise<void> {
  await expect
    .poll(() => Math.max(...clients.map(({ ids }) => ids.length)), { timeout: 60_000, interval: 5 })
    .toBeGreaterThanOrEqual(count)
}

/** Every client has seen every event once and in order, and the report is whole and holds. */
async function expectWhole(
  place: Place,
  clients: readonly LastingClient[],
  { out, url, headers = {} }: { out: string; url: string; headers?: Record<string, string> },
) {
  for (const client of clients) expect(['finished', undefined]).toContain(await client.ended)
  const { lastEvent, status } = (await (await fetch(url, { headers })).json()) as {
    lastEvent: number
    status: string
  }
  expect(status).toBe('finished')
  const all = Array.from({ length: lastEvent }, (_, index) => index + 1)
  for (const { ids } of clients) expect(ids).toEqual(all)
  expect(readdirSync(out)).toEqual(expect.arrayContaining([...outputFiles]))
  expect((await place.sheaf('verify', out)).code).toBe(0)
}

test('killed in the middle of a review and started again, a server goes on by itself, and no client misses or repeats an event', async () => {
  using place = await createPlace()
  const port = await freePort()
  let server = await serve(place, port)
  const { out, clients, url } = await startReview(port, place)
  for (const seen of [8, 24]) {
    await until(clients, seen)
    server.process.kill('SIGKILL')
    await server.ended
    server = await serve(place, port)
  }
  await expectWhole(place, clients, { out, url })
  for (const client of clients) expect(client.returns()).toBeGreaterThanOrEqual(2)
  server.process.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
}, 120_000)

describeService(postgres?.service, 'two servers on one database', () => {
  test('one killed in the middle of a review, clients and work go on at the other, and nothing is lost', async () => {
    using place = await createPlace()
    const database = await postgres!.create()
    // Behind a balancer requests come under its port, which only a server that asks for a login takes.
    const environment = {
      DATABASE_URL: database.config.kind === 'postgres' ? database.config.url : '',
      SHEAF_REQUIRE_LOGIN: 'true',
    }
    const made = await place.start(['tokens', 'create', 'test', '--scope', 'admin'], environment).ended
    const headers = { Authorization: `Bearer ${made.stdout.trim()}` }
    const ports = [await freePort(), await freePort()]
    const servers = await Promise.all(ports.map((port) => serve(place, port, environment)))
    {
      await using balancer = await startBalancer(ports)
      const { out, clients, url } = await startReview(balancer.port, place, headers)
      await until(clients, 10)
      servers[0]!.process.kill('SIGKILL')
      await expectWhole(place, clients, { out, url, headers })
      // Half of the clients were at the one that died.
      expect(clients.filter((client) => client.returns() > 0).length).toBeGreaterThanOrEqual(2)
    }
    servers[1]!.process.kill('SIGTERM')
    expect((await servers[1]!.ended).code).toBe(0)
    await database.remove()
  }, 180_000)
})
