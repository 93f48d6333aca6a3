import type { Caller } from '../contract/caller.ts'
import type { SessionEvent, SessionStatus } from '../contract/events.ts'
import type { Gate } from '../contract/gates.ts'
import type { TaskFailure } from '../contract/report.ts'
import { eventsAfter } from '../store/events.ts'
import { getSession, listSessions as listStored, type Session } from '../store/sessions.ts'
import { failedTasks, taskFailures } from '../store/tasks.ts'
import { pendingGate } from './answer-gate.ts'
import type { Deployment } from './deployment.ts'

export type { Session } from '../store/sessions.ts'

/** Sessions that a caller may see, newest first, at most `limit`. */
export function listSessions(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  {
    limit,
    before,
    status,
  }: { limit: number; before?: string | undefined; status?: SessionStatus | undefined },
): Promise<Session[]> {
  return listStored(sql, {
    limit,
    before,
    statuses: status && [status],
    visibleTo: caller.scope === 'admin' ? undefined : caller.user,
  })
}

/** One session with all that happened to it, and what it waits for beside its plan. @throws {SheafError} `not_found`. */
export async function showSession(
  { sql }: Pick<Deployment, 'sql'>,
  id: string,
): Promise<{ session: Session; gate?: Gate; events: SessionEvent[]; failures: TaskFailure[] }> {
  const session = await getSession(sql, id)
  const gate = await pendingGate({ sql }, id)
  return {
    session,
    ...(gate && { gate }),
    events: await eventsAfter(sql, id, 0, mostEvents),
    failures: await taskFailures(sql, id),
  }
}

/** The most events of a session that are shown at once. */
const mostEvents = 100_000

/** What finally failed of a session, by the names of its tasks: those after one, at most `limit`. */
export function listFailures(
  { sql }: Pick<Deployment, 'sql'>,
  id: string,
  page: { after?: string | undefined; limit: number },
): Promise<(TaskFailure & { key: string })[]> {
  return failedTasks(sql, id, page)
}
