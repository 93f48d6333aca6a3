import { OverloadError } from '../errors.ts'
import { answerJob, reviewJob } from '../queue/jobs.ts'
import { admitSessions as admit, countWaiting, placeInLine, sessionsAtWork } from '../store/admission.ts'
import { pendingAnswers } from '../store/conversations.ts'
import type { Sql } from '../store/database.ts'
import type { Deployment } from './deployment.ts'
import { answerName, runName, startRuns } from './start-jobs.ts'

/** How many reviews a deployment takes on at once, and how many may wait for it. */
export interface Admission {
  readonly running: number
  readonly waiting: number
}

/**
 * Takes on reviews that wait, while there is room. Called whenever one begins to wait or leaves work; a process that died between
 * taking one on and adding its job is made up for by {@link keepAtWork}.
 */
export async function admitSessions({
  sql,
  queues,
  admission,
}: Pick<Deployment, 'sql' | 'queues' | 'admission'>): Promise<void> {
  await startRuns({ queues }, await admit(sql, admission.running))
}

/**
 * Sees to it that every review at work and every question without an answer has its job, whatever the queue has lost, and that no
 * review waits while there is room. It may be called by several processes at once.
 */
export async function keepAtWork(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'admission'>,
): Promise<void> {
  const { sql, queues } = deployment
  for (const { id: session, run, rank } of await sessionsAtWork(sql))
    await queues.ensure(reviewJob, { session, run, rank }, runName(session, run))
  for (const pending of await pendingAnswers(sql))
    await queues.ensure(answerJob, pending, answerName(pending.conversation, pending.answer))
  await admitSessions(deployment)
}

/** Seconds after which to come again while nothing is known of how long reviews take, and at most. */
const usualPause = 60
const longestPause = 3_600

/**
 * Refuses a review when as many wait as may.
 * @throws {OverloadError} `too_many_requests` with the time after which to come again.
 */
export async function refuseBacklog(transaction: Sql, { waiting, running }: Admission): Promise<void> {
  const count = await countWaiting(transaction)
  if (count < waiting) return
  throw new OverloadError(
    'too_many_requests',
    `${count} reviews wait to be taken on; no more are accepted.`,
    {
      retryAfter: Math.min(longestPause, Math.ceil(usualPause * Math.max(1, count / running))),
      advice: 'Send the same request again after the time that the answer names.',
    },
  )
}

/** Where a waiting review stands. */
export interface Waiting {
  /** From 1: the next one to be taken on. */
  readonly position: number
  /** When it is expected to be taken on, from how long the last reviews took; absent before any has finished. */
  readonly expectedStart?: Date
}

/** Where a review stands that waits to be taken on; undefined for one that does not. */
export async function waitingPlace(
  { sql, admission }: Pick<Deployment, 'sql' | 'admission'>,
  session: { id: string; status: string },
): Promise<Waiting | undefined> {
  if (session.status !== 'queued') return undefined
  const line = await placeInLine(sql, session.id)
  if (!line) return undefined
  const { place, medianSeconds } = line
  if (medianSeconds === undefined) return { position: place }
  const seconds = (place / admission.running) * medianSeconds
  return { position: place, expectedStart: new Date(Date.now() + seconds * 1000) }
}
