import type { Caller } from '../contract/caller.ts'
import type { SessionEvent } from '../contract/events.ts'
import type { EventCursor } from '../events/hub.ts'
import { eventsAfter } from '../store/events.ts'
import type { Deployment } from './deployment.ts'
import { visibleSession } from './visible-session.ts'

export type { EventCursor } from '../events/hub.ts'

/**
 * A place in a session's events, from behind event `after`, for who may see it. `onNew` is called when there may be more.
 * @throws {SheafError} `not_found`.
 */
export async function followEvents(
  { sql, hub }: Pick<Deployment, 'sql' | 'hub'>,
  caller: Caller,
  id: string,
  { after, onNew }: { after: number; onNew: () => void },
): Promise<EventCursor> {
  await visibleSession({ sql }, caller, id)
  return hub.follow(id, after, onNew)
}

/** Past events of a session, oldest first, at most `limit`. @throws {SheafError} `not_found`. */
export async function pastEvents(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  id: string,
  { after, limit }: { after: number; limit: number },
): Promise<SessionEvent[]> {
  await visibleSession({ sql }, caller, id)
  return eventsAfter(sql, id, after, limit)
}
