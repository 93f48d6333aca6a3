import { messageOf, SheafError } from '../errors.ts'
import { appendEvent } from '../store/events.ts'
import { changeSession, findSession } from '../store/sessions.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'
import { isCurrent } from './review-state.ts'

/**
 * Notes that a session's run itself has failed, for good or for longer than it is tried again, so that nobody waits for it
 * in vain. Does nothing to a session that has left that run.
 */
export async function failSession(
  deployment: Pick<Deployment, 'sql' | 'announce' | 'queues' | 'admission'>,
  { session: id, run }: { session: string; run: number },
  thrown: unknown,
): Promise<void> {
  const { sql, announce } = deployment
  const error = SheafError.isInstance(thrown)
    ? { message: thrown.message, ...(thrown.advice !== undefined && { advice: thrown.advice }) }
    : { message: `A fault of Sheaf itself: ${messageOf(thrown)}` }
  await sql.transaction().execute(async (transaction) => {
    if (!isCurrent(await findSession(transaction, id), run)) return
    if (await changeSession(transaction, id, { status: 'failed', error }, ['queued', 'running']))
      await appendEvent(transaction, id, { type: 'session.failed', ...error })
  })
  await announce(id)
  await admitSessions(deployment)
}
