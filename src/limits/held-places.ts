import type { Sql } from '../store/database.ts'
import { renewPlaces } from '../store/limits.ts'

/** Places in lines for connections whose connections this process uses. */
export interface HeldPlaces {
  /** Milliseconds for which a place is to be kept when it is taken; from then on it is renewed in time. */
  readonly lasts: number
  /** Keeps a place until it is let go of, or for so many milliseconds at most. */
  hold(ticket: string, most: number): void
  letGo(ticket: string): void
}

/**
 * Keeps places for as long as their process lives: a host is asked again soon after one that asked it was killed, and not only when
 * an answer would have been given up.
 */
export function createHeldPlaces(sql: Sql, lasts: number): HeldPlaces {
  const until = new Map<string, number>()
  let renewing: NodeJS.Timeout | undefined

  async function renew(): Promise<void> {
    for (const [ticket, end] of until) if (performance.now() > end) letGo(ticket)
    // A place that cannot be renewed ends, as that of a dead process does; the next time may go well.
    if (until.size > 0) await renewPlaces(sql, [...until.keys()], lasts).catch(() => undefined)
  }

  function letGo(ticket: string): void {
    until.delete(ticket)
    if (until.size > 0) return
    clearInterval(renewing)
    renewing = undefined
  }

  return {
    lasts,
    hold(ticket, most) {
      until.set(ticket, performance.now() + most)
      renewing ??= setInterval(() => void renew(), lasts / 4).unref()
    },
    letGo,
  }
}
