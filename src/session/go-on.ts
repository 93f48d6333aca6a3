import { pendingAnswers } from '../store/conversations.ts'
import { listSessions } from '../store/sessions.ts'
import { startAnswer } from './answer-question.ts'
import { startRun } from './create-session.ts'
import type { Deployment } from './deployment.ts'

/**
 * Lets every review that was at work when its process ended go on where it was, and every question that had no answer yet
 * be answered. The same run again is no second one, so
 * this may be called while others work.
 */
export async function goOnWithAbandoned({ sql, queues }: Pick<Deployment, 'sql' | 'queues'>): Promise<void> {
  const abandoned = await listSessions(sql, { limit: 100_000, statuses: ['queued', 'running'] })
  for (const { id, run } of abandoned) await startRun({ queues }, id, run)
  for (const pending of await pendingAnswers(sql)) await startAnswer({ queues }, pending)
}
