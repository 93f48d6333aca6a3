import type { LimitState } from './exchange.ts'

const minute = 60_000

/** A limit per minute as a server counts it. Times are milliseconds of any clock that does not go back. */
export interface Meter {
  readonly limit: number
  /** How long until this much may be taken; 0 when now. Infinity when never. */
  wait(amount: number, now: number): number
  take(amount: number, now: number): void
  state(now: number): LimitState
  /** Largest share of the limit that was used within any one minute so far. */
  readonly peak: number
}

/** Counts what was taken in the last 60 seconds. */
export function createWindow(limit: number): Meter {
  let taken: { at: number; amount: number }[] = []
  let peak = 0
  const used = (now: number): number => {
    taken = taken.filter(({ at }) => at > now - minute)
    return taken.reduce((sum, { amount }) => sum + amount, 0)
  }
  return {
    limit,
    wait(amount, now) {
      if (amount > limit) return Number.POSITIVE_INFINITY
      let over = used(now) + amount - limit
      if (over <= 0) return 0
      for (const { at, amount: gone } of taken) {
        over -= gone
        if (over <= 0) return at + minute - now
      }
      return minute
    },
    take(amount, now) {
      taken.push({ at: now, amount })
      peak = Math.max(peak, used(now) / limit)
    },
    state(now) {
      const remaining = Math.max(0, limit - used(now))
      const last = taken.at(-1)
      return { limit, remaining, resetAfter: last === undefined ? 0 : last.at + minute - now }
    },
    get peak() {
      return peak
    },
  }
}

/** A bucket that holds a minute's amount and fills evenly; what is taken beyond it has to be filled up first. */
export function createBucket(limit: number): Meter {
  let level = limit
  let filledAt = Number.NEGATIVE_INFINITY
  let peak = 0
  const fill = (now: number): number => {
    if (now > filledAt) {
      level = Math.min(
        limit,
        filledAt === Number.NEGATIVE_INFINITY ? limit : level + ((now - filledAt) * limit) / minute,
      )
      filledAt = now
    }
    return level
  }
  return {
    limit,
    wait(amount, now) {
      if (amount > limit) return Number.POSITIVE_INFINITY
      return Math.max(0, ((amount - fill(now)) * minute) / limit)
    },
    take(amount, now) {
      level = fill(now) - amount
      peak = Math.max(peak, 1 - level / limit)
    },
    state(now) {
      const remaining = Math.max(0, fill(now))
      return { limit, remaining, resetAfter: ((limit - remaining) * minute) / limit }
    },
    get peak() {
      return peak
    },
  }
}
