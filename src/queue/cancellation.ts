import { SheafError } from '../errors.ts'
import type { Cancellation } from './queues.ts'

/** What a session's cancellation is announced under. */
export function cancellationTopic(session: string): string {
  return `cancel/${session}`
}

/**
 * Aborts a job when its session is cancelled. Returns how to stop watching. Throws SheafError `cancelled` when it has
 * been cancelled already.
 */
export async function watchCancellation(
  payload: unknown,
  controller: AbortController,
  cancellation: Cancellation | undefined,
): Promise<() => void> {
  const { session } = payload as { session?: unknown }
  if (!cancellation || typeof session !== 'string') return () => undefined
  const cancelled = () => new SheafError('cancelled', `Session ${session} has been cancelled.`)
  const look = () => {
    cancellation.isCancelled(session).then(
      (is) => is && controller.abort(cancelled()),
      // Not to be told now: a store that fails meets the job itself at its next statement.
      () => undefined,
    )
  }
  const unwatch = await cancellation.announcements.subscribe(cancellationTopic(session), look)
  try {
    if (await cancellation.isCancelled(session)) throw cancelled()
    return unwatch
  } catch (thrown) {
    unwatch()
    throw thrown
  }
}
