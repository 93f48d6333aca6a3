import type { ServerResponse } from 'node:http'
import { type Credentials, stillKnown } from '../access/identify.ts'
import type { Caller } from '../contract/caller.ts'
import { OverloadError } from '../errors.ts'
import { followEvents } from '../session/follow-events.ts'
import { stillVisible } from '../session/visible-session.ts'
import type { ApiContext } from './context.ts'
import { type EventStream, openEventStream } from './event-stream.ts'

/** How streams are kept. */
export interface StreamLimits {
  /** Streams open at once; each takes memory and a file descriptor. */
  readonly streams: number
  /** Between signs of life on a stream; with each its client's right to it is looked at again. Milliseconds. */
  readonly heartbeat: number
  /** For how long a client may take nothing before its stream is closed. Milliseconds. */
  readonly patience: number
}

/** Proxies and browsers commonly give up a silent connection after 30 to 60 s. */
const usualLimits: StreamLimits = { streams: 10_000, heartbeat: 15_000, patience: 30_000 }
/** Seconds after which who was turned away should come again. */
const retryAfter = 5
/** Heartbeats are spread over their time, so that neither clients nor the store are asked all at once. */
const turns = 15

/** A token or login is looked at again with every so many heartbeats: each costs the store a query or two. */
const looksAtCredentials = 4

/** All streams of events that this process has open. */
export interface EventStreams {
  /**
   * Follows a session from behind event `after` on a response that nothing has been written to. Returns false, with
   * nothing written, when the session has ended and the client has seen all of it.
   * @throws {SheafError} `not_found`; `overloaded` when as many are open as may be.
   */
  open(
    outgoing: ServerResponse,
    follower: { caller: Caller; credentials: Credentials; session: string; after: number },
  ): Promise<boolean>
  /** Ends all streams so that their clients go on elsewhere. Safe to call twice. */
  close(): void
}

interface Open {
  readonly stream: EventStream
  readonly caller: Caller
  readonly credentials: Credentials
  readonly session: string
  readonly turn: number
  beats: number
}

/** Makes the keeper of all streams. */
export function createEventStreams({
  deployment,
  access,
  report,
  streamLimits = {},
  telemetry,
}: Pick<ApiContext, 'deployment' | 'access' | 'report' | 'streamLimits' | 'telemetry'>): EventStreams {
  const { streams: most, heartbeat, patience } = { ...usualLimits, ...streamLimits }
  const streams = new Set<Open>()
  telemetry?.measure.watchStreams(() => streams.size)
  let opened = 0
  let turn = 0
  const beating = setInterval(() => {
    turn = (turn + 1) % turns
    void beat([...streams].filter((one) => one.turn === turn))
  }, heartbeat / turns)
  beating.unref()

  async function beat(due: readonly Open[]): Promise<void> {
    if (due.length === 0) return
    const looked = due.filter((one) => one.beats++ % looksAtCredentials === 0)
    try {
      const allowed = await stillVisible(deployment, due)
      const known = await stillKnown(
        access,
        looked.map(({ credentials }) => credentials),
      )
      for (const [place, { stream }] of due.entries()) if (!allowed[place]) stream.end('not_found')
      for (const [place, { stream }] of looked.entries()) if (!known[place]) stream.end('unauthenticated')
    } catch (thrown) {
      // While the store is away nobody learns anything new, and nobody needs to be sent away for it.
      report(thrown)
    }
    for (const { stream } of due) stream.beat()
  }

  return {
    async open(outgoing, { caller, credentials, session, after }) {
      if (streams.size >= most)
        throw new OverloadError('overloaded', `${most} streams of events are open.`, { retryAfter })
      let stream: EventStream | undefined
      const onNew = () => void stream?.pump()
      const cursor = await followEvents(deployment, caller, session, { after, onNew })
      if (cursor.end() !== undefined || outgoing.destroyed) {
        cursor.close()
        return outgoing.destroyed
      }
      const one: Open = {
        stream: openEventStream(outgoing, cursor, { patience, onClosed: () => streams.delete(one) }),
        caller,
        credentials,
        session,
        turn: opened++ % turns,
        beats: 1,
      }
      streams.add(one)
      stream = one.stream
      void stream.pump()
      return true
    },
    close() {
      clearInterval(beating)
      for (const { stream } of streams) stream.leave()
    },
  }
}
