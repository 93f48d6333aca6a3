import { EventSourceParserStream } from 'eventsource-parser/stream'
import { pageSchema } from '../contract/api/paging.ts'
import { type SessionEvent, sessionEventSchema } from '../contract/events.ts'
import { messageOf, SheafError } from '../errors.ts'
import { contentOf, request, type ServerAddress } from './client.ts'

/**
 * A session's events after the one numbered `after`, as a server sends them (WHATWG HTML, 9.2), until it says that no more
 * will come or `signal` aborts.
 * @throws {SheafError} `upstream_failed`, retryable when the connection is lost: go on after the last event that came.
 */
export async function* streamEvents(
  server: ServerAddress,
  session: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent, void, void> {
  const path = `/api/v1/sessions/${session}/events?after=${after}`
  const { status, body } = await request(server, path, { headers: { Accept: 'text/event-stream' }, signal })
  if (status === 204 || !body) return
  const frames = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  try {
    for await (const { event, data } of frames) {
      if (event === 'end') return
      yield eventIn(data)
    }
  } catch (thrown) {
    if (SheafError.isInstance(thrown) || signal.aborted) throw thrown
    throw lost(server, messageOf(thrown))
  }
  throw lost(server, 'it closed the connection')
}

/** One page of a session's events that have been, oldest first. */
export async function pastEvents(
  server: ServerAddress,
  session: string,
  page: { limit: string; after?: string },
) {
  const path = `/api/v1/sessions/${session}/events?${new URLSearchParams(page)}`
  const answer = await request(server, path, { headers: { Accept: 'application/json' } })
  return contentOf(pageSchema(sessionEventSchema), answer)
}

function eventIn(data: string): SessionEvent {
  try {
    return sessionEventSchema.parse(JSON.parse(data))
  } catch (cause) {
    throw new SheafError('upstream_failed', 'The Sheaf server sent an event that is not understood here.', {
      advice: 'Use the same version of Sheaf as the server.',
      cause,
    })
  }
}

function lost({ url }: ServerAddress, reason: string): SheafError {
  return new SheafError('upstream_failed', `The events of the Sheaf server at ${url} broke off: ${reason}.`, {
    retryable: true,
  })
}
