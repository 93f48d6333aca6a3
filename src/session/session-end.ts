import type { SessionEvent, SessionEventBody, SessionStatus } from '../contract/events.ts'
import { pendingAnswers } from '../store/conversations.ts'
import { findSession } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/** Why nothing more will happen to a session by itself. */
export type SessionEnd = Extract<SessionStatus, 'finished' | 'failed' | 'cancelled'> | 'deleted'

const lastTypes: ReadonlySet<SessionEventBody['type']> = new Set([
  'session.finished',
  'session.failed',
  'session.cancelled',
  'answer.ready',
])

/** Whether an event may be its session's last; only after such a one {@link endOf} needs to be asked. */
export function mayBeLast({ body }: SessionEvent): boolean {
  return lastTypes.has(body.type)
}

/**
 * Why nothing more will happen to a session; undefined while something may, an answer to a question about it included: who
 * follows it then stays.
 */
export async function endOf({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<SessionEnd | undefined> {
  const session = await findSession(sql, id)
  if (!session) return 'deleted'
  const { status } = session
  if (status !== 'finished' && status !== 'failed' && status !== 'cancelled') return undefined
  return (await pendingAnswers(sql, id)).length > 0 ? undefined : status
}
