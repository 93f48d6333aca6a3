import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { SessionEvent } from '../contract/events.ts'
import { openEventStream } from './event-stream.ts'

/** A connection that takes so many writes, and then nothing until it is drained. */
function createConnection(takes: number) {
  const written: string[] = []
  let room = takes
  const connection = Object.assign(new EventEmitter(), {
    useChunkedEncodingByDefault: true,
    destroyed: false,
    writeHead: () => connection,
    cork: () => undefined,
    uncork: () => undefined,
    write: (chunk: Buffer | string) => {
      written.push(String(chunk))
      room -= 1
      return room > 0
    },
    end: (chunk: string) => void written.push(chunk),
    destroy: () => {
      connection.destroyed = true
      connection.emit('close')
    },
  })
  return {
    connection,
    ids: () =>
      written.flatMap((text) => (/^id: (\d+)/.exec(text) ? [Number(/^id: (\d+)/.exec(text)![1])] : [])),
    drain(more: number) {
      room = more
      connection.emit('drain')
    },
  }
}

/** Gives batches of ten without end, and counts what was taken. */
function createCursor() {
  const state = { taken: 0, closed: 0 }
  return {
    state,
    cursor: {
      take: () =>
        Array.from({ length: 10 }, (): SessionEvent => {
          const sequence = ++state.taken
          return { session: 's', sequence, at: '2026-01-01T00:00:00.000Z', body: { type: 'session.resumed' } }
        }),
      end: () => undefined,
      close: () => {
        state.closed += 1
      },
    },
  }
}

test('a stream takes no more than a batch ahead of its client, goes on where it was, and is closed once', async () => {
  const { connection, ids, drain } = createConnection(4)
  const { cursor, state } = createCursor()
  let closed = 0
  const stream = openEventStream(connection as unknown as ServerResponse, cursor, {
    patience: 60_000,
    onClosed: () => {
      closed += 1
    },
  })
  void stream.pump()
  void stream.pump()
  stream.beat()
  expect([ids(), state.taken]).toEqual([[1, 2, 3], 10])
  drain(9)
  expect([ids().at(-1), state.taken]).toEqual([12, 20])
  connection.destroy()
  drain(9)
  stream.end('finished')
  expect([ids().length, state.taken, state.closed, closed]).toEqual([12, 20, 1, 1])
})
