import { localCaller } from '../contract/caller.ts'
import { type SessionRequest, sessionSettingsSchema } from '../contract/settings.ts'
import { reviewJob } from '../queue/jobs.ts'
import { appendEvent } from '../store/events.ts'
import * as sessions from '../store/sessions.ts'
import type { Deployment } from './deployment.ts'
import { refuseTooMany } from './sessions-at-work.ts'

/**
 * Starts a review; returns its session's name. The work is done by workers, here or elsewhere.
 * @throws {SheafError} `too_many_requests` when its owner has as many reviews at work as one user may.
 */
export async function createSession(
  { sql, queues, userSessions, newSessionId }: Deployment,
  { question, settings: request, owner }: { question: string; settings: SessionRequest; owner?: string },
): Promise<string> {
  const settings = sessionSettingsSchema.parse(request)
  const id = newSessionId()
  await sql.transaction().execute(async (transaction) => {
    await refuseTooMany(transaction, owner ?? localCaller.user, userSessions)
    await sessions.createSession(transaction, {
      id,
      question,
      settings,
      outputFolder: settings.output,
      owner,
    })
    await appendEvent(transaction, id, { type: 'session.created', question })
  })
  await startRun({ queues }, id, 1)
  return id
}

/** Puts the spine of a session's run into the queue. The same run again is no second one. */
export async function startRun(
  { queues }: Pick<Deployment, 'queues'>,
  session: string,
  run: number,
): Promise<void> {
  await queues.add(reviewJob, { session, run }, runName(session, run))
}

/** The name of the job that does a session's run. */
export function runName(session: string, run: number): string {
  return `${session}-${run}`
}
