import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SessionEvent } from '../contract/events.ts'
import { streamEvents } from './events.ts'

const event = (sequence: number): SessionEvent => ({
  session: 's1',
  sequence,
  at: '2026-01-02T03:04:05.000Z',
  body: { type: 'phase.started', phase: 'read' },
})
const frame = (sequence: number) =>
  `id: ${sequence}\nevent: phase.started\ndata: ${JSON.stringify(event(sequence))}\n\n`

/** Answers the next request; what was asked for is kept. */
let answer: (response: ServerResponse) => void
let asked: string[] = []
let server: Server
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    answer(response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function numbers(after: number, signal = new AbortController().signal): Promise<number[]> {
  const { port } = server.address() as AddressInfo
  const address = { url: `http://127.0.0.1:${port}`, token: 'secret' }
  const seen: number[] = []
  for await (const { sequence } of streamEvents(address, 's1', after, signal)) seen.push(sequence)
  return seen
}

test('events are taken as they come, however they are cut, until the server says the end', async () => {
  const text = `retry: 2000\n\n${frame(3)}:\n\n${frame(4)}event: end\ndata: {"reason":"finished"}\n\n`
  answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (const part of text.match(/[\s\S]{1,7}/g)!) response.write(part)
  }
  expect(await numbers(2)).toEqual([3, 4])
  expect(asked).toEqual(['/api/v1/sessions/s1/events?after=2 Bearer secret'])
})

test('a session of which all was seen gives nothing', async () => {
  answer = (response) => response.writeHead(204).end()
  expect(await numbers(9)).toEqual([])
})

test('a stream that breaks off, or ends without a word, can be taken up again', async () => {
  answer = (response) => response.writeHead(200).end(frame(1))
  await expect(numbers(0)).rejects.toMatchObject({ code: 'upstream_failed', retryable: true })
  answer = (response) => {
    response.writeHead(200).write(frame(1))
    setImmediate(() => response.destroy())
  }
  await expect(numbers(0)).rejects.toMatchObject({ code: 'upstream_failed', retryable: true })
})

test('what is no event of this version says so, and is not asked for again', async () => {
  answer = (response) => response.writeHead(200).end('data: {"sequence":"many"}\n\n')
  await expect(numbers(0)).rejects.toMatchObject({ code: 'upstream_failed', retryable: false })
})

test('who follows may stop', async () => {
  const stop = new AbortController()
  answer = (response) => {
    response.writeHead(200).write(frame(1))
    setImmediate(() => stop.abort())
  }
  await expect(numbers(0, stop.signal)).rejects.toThrow()
})
