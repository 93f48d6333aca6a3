import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { databaseKinds, type TestDatabase } from '../../test/support/databases.ts'
import { describeService } from '../../test/support/services.ts'
import { openDatabase } from '../store/database.ts'
import { createLimits } from './database-limits.ts'

const window = 300
const most = 3
const connections = 2
/** The machine that runs the tests is busy, so requests take their time to arrive. */
const margin = 150
const service = {
  name: 'strict',
  title: 'Strict',
  limits: [{ name: 'requests', max: most, window }],
  connections,
  patience: 60_000,
  timeout: 10_000,
}

/** A server that counts what clients did wrong, and the data of a database for them to meet in. */
let server: Awaited<ReturnType<typeof startServer>>
let data: TestDatabase

async function startServer() {
  const arrivals: number[] = []
  let under = 0
  const seen = { tooEarly: 0, tooMany: 0, answered: 0 }
  const http = createServer(async (_request, response) => {
    const now = performance.now()
    arrivals.push(now)
    if (arrivals.filter((at) => now - at < window).length > most) seen.tooEarly += 1
    under += 1
    if (under > connections) seen.tooMany += 1
    await setTimeout(50 + Math.random() * 60)
    under -= 1
    seen.answered += 1
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`
  return { url, seen, close: () => http.close().closeAllConnections() }
}

beforeEach(async () => {
  server = await startServer()
})
afterEach(async () => {
  server.close()
  await data.remove()
})

for (const { kind, service: database, create } of await databaseKinds()) {
  describeService(database, `those who compete for a service on ${kind}`, () => {
    test('never ask too early or too many at once', async () => {
      data = await create()
      if (data.config.kind === 'postgres') await competingProcesses(data.config.url)
      else await competingInstances(data.config)
      expect(server.seen).toEqual({ tooEarly: 0, tooMany: 0, answered: 10 })
    })
  })
}

/** Two processes, as a deployment with several workers has. */
async function competingProcesses(databaseUrl: string): Promise<void> {
  await openDatabase({ kind: 'postgres', url: databaseUrl }).then((database) => database.close())
  const children = [1, 2].map(() => fork(join(import.meta.dirname, 'limits.process.ts'), { execArgv: [] }))
  for (const child of children)
    child.send({ databaseUrl, serverUrl: server.url, service, margin, requests: 5 })
  const codes = await Promise.all(children.map((child) => once(child, 'exit')))
  expect(codes.map(([code]) => code)).toEqual([0, 0])
}

/** An embedded database has one process, in which two of everything stand for two. */
async function competingInstances(config: TestDatabase['config']): Promise<void> {
  const opened = await openDatabase(config)
  const instances = [1, 2].map(() => createLimits(opened.sql, { margin }))
  const requests = Array.from({ length: 10 }, async (_, index) => {
    const turn = await instances[index % 2]!.take({ service })
    await (await fetch(server.url)).text()
    await turn.release()
  })
  await Promise.all(requests)
  await opened.close()
}
