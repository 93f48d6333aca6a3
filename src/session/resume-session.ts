import { SheafError } from '../errors.ts'
import { appendEvent } from '../store/events.ts'
import { beginRun, changeSession, getSession } from '../store/sessions.ts'
import { reopenTasks } from '../store/tasks.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'
import { refuseTooMany } from './sessions-at-work.ts'

/**
 * Goes on with a session that stopped before its end, where it was: finished tasks stay, failed ones are tried again.
 * Returns the number of the event before the one that says so.
 * @throws {SheafError} `not_found`; `conflict` when it has ended, works already, or waits for a person;
 * `too_many_requests` when its owner has as many reviews at work as one user may.
 */
export async function resumeSession(deployment: Deployment, id: string): Promise<number> {
  const resumed = await deployment.sql.transaction().execute(async (transaction) => {
    const { status, owner } = await getSession(transaction, id)
    if (status === 'interrupted' || status === 'failed')
      await refuseTooMany(transaction, owner, deployment.userSessions)
    const changed = await changeSession(transaction, id, { status: 'queued', error: null }, [
      'interrupted',
      'failed',
    ])
    if (!changed) throw cannotResume(id, status)
    await reopenTasks(transaction, id)
    await beginRun(transaction, id)
    return appendEvent(transaction, id, { type: 'session.resumed' })
  })
  await admitSessions(deployment)
  return resumed.sequence - 1
}

function cannotResume(id: string, status: string): SheafError {
  if (status === 'waiting')
    return new SheafError('conflict', `Session ${id} waits for you to approve its plan.`, {
      advice: `Approve it: sheaf sessions approve ${id}`,
    })
  return new SheafError('conflict', `Session ${id} is ${status}; there is nothing to resume.`, {
    advice: `See it: sheaf sessions show ${id}`,
  })
}
