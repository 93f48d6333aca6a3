import process from 'node:process'
import type { App } from '../../compose.ts'
import type { SessionEventBody } from '../../contract/events.ts'
import { messageOf, SheafError } from '../../errors.ts'
import { interruptSession } from '../../session/interrupt-session.ts'
import { exitCodes } from '../exit-codes.ts'
import { eventLines } from '../progress/event-lines.ts'
import { jsonLines } from '../progress/json-lines.ts'
import { livePicture } from '../progress/live.ts'
import { type Progress, silent } from '../progress/progress.ts'
import { colors, remark } from '../terminal.ts'

/** How a review's progress is shown. */
export interface Shown {
  json?: boolean
  quiet?: boolean
}

type End = Extract<
  SessionEventBody,
  {
    type:
      | 'session.finished'
      | 'session.failed'
      | 'session.cancelled'
      | 'session.interrupted'
      | 'approval.required'
  }
>

const ends: ReadonlySet<string> = new Set<End['type']>([
  'session.finished',
  'session.failed',
  'session.cancelled',
  'session.interrupted',
  'approval.required',
])

/** How long running tasks may take to finish after Ctrl-C, in milliseconds. */
const grace = 5_000

/**
 * Works on a session and shows what happens until it ends or stops. The first Ctrl-C (or SIGTERM) lets running tasks
 * finish and keeps the session to be resumed; the second stops the process at once, which loses only those tasks.
 * @throws {SheafError} `store_unavailable` when the disk of the embedded database is full.
 */
export async function followToEnd(
  app: App,
  session: string,
  afterSequence: number,
  shown: Shown,
): Promise<End> {
  const progress = progressFor(shown)
  const stopFollowing = new AbortController()
  const halted = AbortSignal.any([stopFollowing.signal, app.storeFailed])
  let stopping: Promise<void> | undefined
  const stop = () => {
    if (stopping) process.exit(exitCodes.cancelled)
    progress.end()
    remark(colors.dim('Stopping after the tasks at hand; press Ctrl-C again to stop at once.'))
    const stopped = app.stopWorkers(grace).then(() => interruptSession(app.deployment, session))
    stopped.catch(() => stopFollowing.abort())
    stopping = stopped
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    await app.startWorkers()
    for await (const event of app.deployment.follow(session, afterSequence, halted)) {
      progress.show(event)
      if (ends.has(event.body.type)) return event.body as End
    }
    if (app.storeFailed.aborted) throw toBeResumed(app.storeFailed.reason, session)
    await stopping
    throw new SheafError('internal', `The events of session ${session} ended before the session did.`)
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

function progressFor({ json, quiet }: Shown): Progress {
  if (json) return jsonLines((text) => process.stdout.write(text))
  if (quiet) return silent
  if (process.stderr.isTTY) return livePicture(process.stderr, colors)
  return eventLines((text) => process.stderr.write(text))
}
