import { SheafError } from '../errors.ts'
import { appendEvent } from '../store/events.ts'
import { changeSession, getSession } from '../store/sessions.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/**
 * Stops a session for good. What it found stays readable.
 * @throws {SheafError} `not_found`; `conflict` when it has ended already.
 */
export async function cancelSession(deployment: Deployment, id: string): Promise<void> {
  const { sql, queues, announce } = deployment
  await sql.transaction().execute(async (transaction) => {
    const { status } = await getSession(transaction, id)
    const cancelled = await changeSession(transaction, id, { status: 'cancelled' }, [
      'queued',
      'running',
      'waiting',
      'interrupted',
      'failed',
    ])
    if (!cancelled) throw new SheafError('conflict', `Session ${id} is already ${status}.`)
    await appendEvent(transaction, id, { type: 'session.cancelled' })
  })
  await queues.announceCancellation(id)
  await announce(id)
  await admitSessions(deployment)
}
