import process from 'node:process'
import type { SessionEvent, SessionEventBody } from '../../contract/events.ts'
import { messageOf, SheafError } from '../../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { eventLines } from '../progress/event-lines.ts'
import { jsonLines } from '../progress/json-lines.ts'
import { livePicture } from '../progress/live.ts'
import { type Progress, silent } from '../progress/progress.ts'
import type { Begun, Reviews } from '../reviews/reviews.ts'
import { colors, remark } from '../terminal.ts'
import { type Outcome, sayOutcome } from './outcome.ts'

/** How a review's progress is shown. */
export interface Shown {
  json?: boolean
  quiet?: boolean
}

const ends: ReadonlySet<string> = new Set<SessionEventBody['type']>([
  'session.finished',
  'session.failed',
  'session.cancelled',
  'session.interrupted',
  'approval.required',
])

/** Whether a review rests after this event, until somebody lets it go on. */
export function isEnd({ body }: SessionEvent): boolean {
  return ends.has(body.type)
}

/**
 * Shows what happens to a session until it ends or stops, and says how. Where this process does the work, the first Ctrl-C
 * (or SIGTERM) lets running tasks finish and keeps the session to be resumed; the second stops at once, which loses only
 * those tasks. Where a server does, Ctrl-C leaves the review to it.
 * @param restsAt number of the last event by which the session was at work: it has not ended by an earlier one
 * @param watches leaves the work to others, also where this process could do it
 * @throws {SheafError} `store_unavailable` when the disk of the embedded database is full.
 */
export async function followToEnd(
  reviews: Reviews,
  { session, after }: Begun,
  shown: Shown,
  { restsAt = after, watches = false }: { restsAt?: number; watches?: boolean } = {},
): Promise<void> {
  const work = watches ? undefined : reviews.work
  const progress = progressFor(shown)
  const stopFollowing = new AbortController()
  const halted = AbortSignal.any([stopFollowing.signal, ...(work ? [work.storeFailed] : [])])
  let stopping: Promise<void> | undefined
  const stop = () => {
    if (!work) return stopFollowing.abort()
    if (stopping) process.exit(exitCodes.cancelled)
    progress.end()
    remark(colors.dim('Stopping after the tasks at hand; press Ctrl-C again to stop at once.'))
    stopping = work.interrupt(session)
    stopping.catch(() => stopFollowing.abort())
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    await work?.begin()
    let outcome: Outcome | undefined
    for await (const event of reviews.follow(session, after, halted)) {
      progress.show(event)
      if (event.sequence <= restsAt || !isEnd(event)) continue
      outcome = event.body
      break
    }
    if (work?.storeFailed.aborted) throw toBeResumed(work.storeFailed.reason, session)
    await stopping
    progress.end()
    if (!outcome && !work && stopFollowing.signal.aborted) outcome = { type: 'left' }
    if (!outcome)
      throw new SheafError('internal', `The events of session ${session} ended before the session did.`)
    sayOutcome(session, outcome, shown.json, work && { cache: work.cacheCounts() })
  } finally {
    progress.end()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** What stopped the review, with what to do about it. */
function toBeResumed(reason: unknown, session: string): SheafError {
  return new SheafError('store_unavailable', messageOf(reason), {
    cause: reason,
    advice: `Make room on the disk of the data folder. What is finished is kept; go on: sheaf research --resume ${session}`,
  })
}

/** Shows events that have been. */
export function showPast(events: readonly SessionEvent[], shown: Shown): void {
  const progress = progressFor(shown)
  for (const event of events) progress.show(event)
  progress.end()
}

function progressFor({ json, quiet }: Shown): Progress {
  if (json) return jsonLines((text) => process.stdout.write(text))
  if (quiet) return silent
  if (process.stderr.isTTY) return livePicture(process.stderr, colors)
  return eventLines((text) => process.stderr.write(text))
}
