import { get, type IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { type SessionEvent, sessionEventSchema } from '../../src/contract/events.ts'

/** How a stream was closed: with which status it was answered, and the reason of its end where one was said. */
export interface Closed {
  status: number
  end?: string
}

/** A client of one stream of events. */
export interface EventClient {
  readonly events: { type: string; data: SessionEvent }[]
  readonly ids: number[]
  /** Milliseconds after which to come again, as last told; undefined before anything has come. */
  readonly retry: number | undefined
  comments(): number
  /** Resolves when the server has closed it; rejects when the connection is lost. */
  readonly closed: Promise<Closed>
  leave(): void
}

/** Follows a stream of server-sent events on one connection, parsed as WHATWG HTML 9.2.6 says. */
export function followAs(url: string, headers: Record<string, string> = {}): EventClient {
  const events: EventClient['events'] = []
  const ids: number[] = []
  let retry: number | undefined
  let comments = 0
  let end: string | undefined
  let rest = ''
  const { promise: closed, resolve, reject } = Promise.withResolvers<Closed>()
  // Whoever does not wait for the end need not hear how it came.
  closed.catch(() => undefined)

  function take(block: string): void {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
      if (name === '') comments += 1
      else if (name === 'retry') retry = Number(value)
      else fields.set(name, value)
    }
    const data = fields.get('data')
    if (data === undefined) return
    if (fields.get('event') === 'end') end = (JSON.parse(data) as { reason: string }).reason
    else {
      const event = sessionEventSchema.parse(JSON.parse(data))
      events.push({ type: fields.get('event')!, data: event })
      ids.push(Number(fields.get('id')))
    }
  }

  const request = get(url, { headers, agent: false }, (answer: IncomingMessage) => {
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      if (answer.headers['content-type']?.startsWith('text/event-stream')) blocks.forEach(take)
    })
    answer.on('end', () => resolve({ status: answer.statusCode!, ...(end !== undefined && { end }) }))
    answer.on('error', reject)
  })
  request.on('error', reject)
  return {
    events,
    ids,
    get retry() {
      return retry
    },
    comments: () => comments,
    closed,
    leave: () => void request.destroy(),
  }
}

/** A client that comes again from where it was whenever its connection is lost, until the end is said. */
export interface LastingClient {
  readonly ids: readonly number[]
  /** How often it had to come again. */
  readonly returns: () => number
  /** Resolves with the reason of the end. */
  readonly ended: Promise<string | undefined>
}

/** Milliseconds before a lost connection is made again; a browser would wait for longer. */
const pause = 100

/** Follows a session as a browser's EventSource does. */
export function followThrough(url: string, headers: Record<string, string> = {}): LastingClient {
  const ids: number[] = []
  let returns = -1
  async function go(): Promise<string | undefined> {
    for (;;) {
      returns += 1
      const last = ids.at(-1)
      const client = followAs(url, {
        ...headers,
        ...(last !== undefined && { 'Last-Event-ID': String(last) }),
      })
      const taking = setInterval(() => ids.push(...client.ids.splice(0)), 5)
      const closed = await client.closed.catch(() => undefined)
      clearInterval(taking)
      ids.push(...client.ids.splice(0))
      if (closed?.end !== undefined || closed?.status === 204) return closed.end
      await setTimeout(pause)
    }
  }
  return { ids, returns: () => returns, ended: go() }
}
