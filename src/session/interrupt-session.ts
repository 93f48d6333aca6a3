import { appendEvent } from '../store/events.ts'
import { changeSession, listSessions } from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'

/** Notes that a session's process stops before the end, so that it can be resumed. Does nothing to one that rests. */
export async function interruptSession(
  { sql, announce }: Pick<Deployment, 'sql' | 'announce'>,
  id: string,
): Promise<void> {
  await sql.transaction().execute(async (transaction) => {
    const changed = await changeSession(transaction, id, { status: 'interrupted' }, ['queued', 'running'])
    if (changed) await appendEvent(transaction, id, { type: 'session.interrupted' })
  })
  await announce(id)
}

/** Notes the same of every session that a killed process left at work. Only for who holds the data folder alone. */
export async function interruptAbandoned(deployment: Pick<Deployment, 'sql' | 'announce'>): Promise<void> {
  const abandoned = await listSessions(deployment.sql, { limit: 100_000, statuses: ['queued', 'running'] })
  for (const { id } of abandoned) await interruptSession(deployment, id)
}
