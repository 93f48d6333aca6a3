import type { SessionEvent } from '../contract/events.ts'
import type { EventBus } from './bus.ts'

export interface FollowRequest {
  readonly bus: Pick<EventBus, 'subscribe'>
  /** Stored events with a number above `sequence`, oldest first, at most `limit`. */
  readonly read: (session: string, sequence: number, limit: number) => Promise<SessionEvent[]>
  readonly session: string
  /** Number of the last event already known; 0 for none. */
  readonly after: number
  /** Ends the iteration. */
  readonly signal: AbortSignal
  /** How long to trust that nothing is new while nothing is announced. Milliseconds. */
  readonly patience?: number
}

const batch = 200

/**
 * A session's events in their order, each once, those to come included, until `signal` is aborted. Events are always
 * read from the store; an announcement only says when to look, and after `patience` it is looked without one, so that
 * a lost announcement delays an event and never loses it. Throws what `read` throws.
 */
export async function* follow(request: FollowRequest): AsyncGenerator<SessionEvent, void, void> {
  const { bus, read, session, signal, patience = 5_000 } = request
  let sequence = request.after
  let announced = Promise.withResolvers<void>()
  const wake = () => announced.resolve()
  // Subscribed before the first look: what is stored after that look is announced to us.
  const unsubscribe = await bus.subscribe(session, wake)
  signal.addEventListener('abort', wake)
  try {
    while (!signal.aborted) {
      announced = Promise.withResolvers()
      const events = await read(session, sequence, batch)
      for (const event of events) {
        if (signal.aborted) return
        sequence = event.sequence
        yield event
      }
      if (events.length < batch) await withPatience(announced, patience)
    }
  } finally {
    signal.removeEventListener('abort', wake)
    unsubscribe()
  }
}

async function withPatience(announced: PromiseWithResolvers<void>, milliseconds: number): Promise<void> {
  const timer = setTimeout(announced.resolve, milliseconds)
  await announced.promise
  clearTimeout(timer)
}
