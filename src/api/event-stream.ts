import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { SessionEvent } from '../contract/events.ts'
import type { EventCursor } from '../session/follow-events.ts'

/** Milliseconds after which a client that lost its connection is told to come again. */
const retry = 2_000
/** The same when a server stops: spread, so that not all come to the others at the same moment. */
const retryAtStop = { from: 500, spread: 1_500 }

/** Headers of a stream of events, whose connection serves nothing else; the last one keeps nginx from collecting them. */
export const streamHeaders = {
  Connection: 'close',
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Accel-Buffering': 'no',
}

/** One client's stream of server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
  /** Sends what is new, as far as the client takes it. */
  pump(): Promise<void>
  /** Shows the client, and all between, that the stream lives. */
  beat(): void
  /** Says why nothing more comes, and closes. */
  end(reason: string): void
  /** Closes because the server stops: the client comes again, and is answered by another one. */
  leave(): void
}

/** Frames of events that several streams send: made once. */
const frames = new WeakMap<SessionEvent, Buffer>()

/**
 * Begins a stream on Node's own response, which tells when its client takes nothing. What a client has not taken waits in
 * the store, but for one batch: it is closed when it has taken nothing for `patience` milliseconds, and may come again.
 */
export function openEventStream(
  outgoing: ServerResponse,
  cursor: EventCursor,
  { patience, onClosed }: { patience: number; onClosed: () => void },
): EventStream {
  // The stream ends with its connection: chunks around each frame would double what sending it costs.
  outgoing.useChunkedEncodingByDefault = false
  outgoing.writeHead(200, streamHeaders)
  outgoing.write(`retry: ${retry}\n\n`)
  // What follows goes past Node's response, which would take twice as long; it has no connection while an earlier request
  // on the same one is being answered.
  const client: Writable = outgoing.socket ?? outgoing
  /** Taken from the cursor, not written yet. */
  let batch: readonly SessionEvent[] = []
  let state: 'ready' | 'pumping' | 'full' | 'over' = 'ready'
  let giveUp: NodeJS.Timeout | undefined

  const isOver = () => state === 'over'

  function close(): void {
    if (isOver()) return
    state = 'over'
    clearTimeout(giveUp)
    cursor.close()
    onClosed()
  }

  /** Writes what there is of the batch; false when the client has to take some first. */
  function write(): boolean {
    if (batch.length === 1) {
      const [event] = batch
      batch = []
      return client.write(frameOf(event!))
    }
    let written = 0
    let taken = true
    client.cork()
    while (taken && written < batch.length) taken = client.write(frameOf(batch[written++]!))
    client.uncork()
    batch = batch.slice(written)
    return taken
  }

  function waitForClient(): void {
    state = 'full'
    giveUp = setTimeout(() => outgoing.destroy(), patience)
  }

  const stream: EventStream = {
    async pump() {
      if (state !== 'ready') return
      state = 'pumping'
      try {
        for (;;) {
          if (batch.length === 0) {
            const taken = cursor.take()
            batch = taken instanceof Promise ? await taken : taken
            if (isOver()) return
            if (batch.length === 0) break
          }
          if (!write()) return waitForClient()
        }
      } catch {
        // The store is away; the client comes again from where it is.
        outgoing.destroy()
        return
      }
      state = 'ready'
      const end = cursor.end()
      if (end !== undefined) stream.end(end)
    },
    beat() {
      if (state === 'ready' && !client.write(':\n\n')) waitForClient()
    },
    end(reason) {
      if (isOver()) return
      outgoing.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
      close()
    },
    leave() {
      if (isOver()) return
      const { from, spread } = retryAtStop
      outgoing.end(`retry: ${Math.floor(from + Math.random() * spread)}\n: the server stops; come again\n\n`)
      close()
    },
  }
  client.on('drain', () => {
    clearTimeout(giveUp)
    if (state !== 'full') return
    state = 'ready'
    void stream.pump()
  })
  outgoing.on('close', close)
  outgoing.on('error', close)
  return stream
}

/** An event on the wire. Line breaks in its texts are escaped by JSON, so that nothing it says can begin a field. */
function frameOf(event: SessionEvent): Buffer {
  const known = frames.get(event)
  if (known) return known
  const { sequence, body } = event
  const frame = Buffer.from(`id: ${sequence}\nevent: ${body.type}\ndata: ${JSON.stringify(event)}\n\n`)
  frames.set(event, frame)
  return frame
}
