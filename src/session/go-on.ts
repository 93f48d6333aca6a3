import { pendingAnswers } from '../store/conversations.ts'
import { keepAtWork } from './admit-sessions.ts'
import { startAnswer } from './answer-question.ts'
import type { Deployment } from './deployment.ts'

/**
 * Lets every review that was at work when its process ended go on where it was, and every question that had no answer yet
 * be answered. The same run again is no second one, so this may be called while others work.
 */
export async function goOnWithAbandoned(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'admission'>,
): Promise<void> {
  await keepAtWork(deployment)
  for (const pending of await pendingAnswers(deployment.sql)) await startAnswer(deployment, pending)
}
