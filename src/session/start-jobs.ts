import { type AnswerPayload, answerJob, reviewJob } from '../queue/jobs.ts'
import { settledWithin } from '../settled-within.ts'
import type { Admitted } from '../store/admission.ts'
import type { Deployment } from './deployment.ts'

/**
 * Milliseconds for which a queue that is away is waited for. Whoever asked need not wait for longer: what is to be done is stored, the
 * queue takes it when it is back, and what it does not then know is found by the session watch.
 */
const patience = 1_000

/** The name of the job that does a session's run. */
export function runName(session: string, run: number): string {
  return `${session}-${run}`
}

/** The name of the job that answers into a message. */
export function answerName(conversation: string, answer: number): string {
  return `answer-${conversation}-${answer}`
}

/** Puts the spines of sessions' runs into the queue. The same run again is no second one. */
export async function startRuns(
  { queues }: Pick<Deployment, 'queues'>,
  sessions: readonly Admitted[],
): Promise<void> {
  const added = sessions.map(({ id: session, run, rank }) =>
    queues.add(reviewJob, { session, run, rank }, runName(session, run)),
  )
  await settledWithin(Promise.all(added), patience)
}

/** Leaves a question to a job. The same again is no second one. */
export async function startAnswer(
  { queues }: Pick<Deployment, 'queues'>,
  payload: AnswerPayload,
): Promise<void> {
  await settledWithin(
    queues.add(answerJob, payload, answerName(payload.conversation, payload.answer)),
    patience,
  )
}
