import { localCaller } from '../contract/caller.ts'
import { type SessionRequest, sessionSettingsSchema } from '../contract/settings.ts'
import { appendEvent } from '../store/events.ts'
import * as sessions from '../store/sessions.ts'
import { admitSessions, refuseBacklog } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'
import { refuseTooMany } from './sessions-at-work.ts'

/**
 * Starts a review, or lets it wait while as many are at work as may; returns its session's name. The work is done by workers, here
 * or elsewhere.
 * @throws {SheafError} `too_many_requests` when its owner has as many reviews at work as one user may, or as many wait as may.
 */
export async function createSession(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'admission' | 'userSessions' | 'newSessionId'>,
  { question, settings: request, owner }: { question: string; settings: SessionRequest; owner?: string },
): Promise<string> {
  const { sql, userSessions, admission, newSessionId } = deployment
  const settings = sessionSettingsSchema.parse(request)
  const id = newSessionId()
  await sql.transaction().execute(async (transaction) => {
    await refuseTooMany(transaction, owner ?? localCaller.user, userSessions)
    await refuseBacklog(transaction, admission)
    await sessions.createSession(transaction, {
      id,
      question,
      settings,
      outputFolder: settings.output,
      owner,
    })
    await appendEvent(transaction, id, { type: 'session.created', question })
  })
  await admitSessions(deployment)
  return id
}
