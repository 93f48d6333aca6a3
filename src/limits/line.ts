import { SheafError } from '../errors.ts'
import type { TurnRequest } from './limits.ts'

/** A request that waits for its turn. Times are the process's own, as `performance.now()` gives them. */
export interface Waiter {
  readonly request: TurnRequest
  /** When it asked. */
  readonly since: number
  /** How much later than its time its turn may be used, in milliseconds. */
  allowance: number
  /** What it holds in the database, to be given back if it fails. */
  turn?: string | undefined
  ticket?: string | undefined
}

/** A turn that was entered for a waiter: when it comes, at the earliest and at the latest that it may be used. */
export interface Entered {
  readonly soonest: number
  readonly latest: number
}

/** What came of one look at those who wait, all in the order of the line. */
export interface Look {
  /** For the first of them, their turns. */
  readonly entered: readonly Entered[]
  /** Others that need not wait any longer, by their position, and why. */
  readonly refused: ReadonlyMap<number, Error>
  /** Milliseconds until the next look makes sense. */
  readonly pause: number
}

/** Those of one process who wait for one service, in the order of asking. */
export interface Line {
  readonly isEmpty: boolean
  /**
   * Waits until a turn is entered; `isFirst` is for those who had one and could not use it.
   * @throws why there is none, or what stopped it
   */
  stand(waiter: Waiter, isFirst: boolean): Promise<Entered>
  /** There may be more room than there was: looks at once. */
  look(): void
}

interface Standing {
  readonly waiter: Waiter
  /** Whether it is looked at just now: what it holds is known only afterwards. */
  isSeen: boolean
  readonly resolve: (entered: Entered) => void
  readonly reject: (thrown: unknown) => void
}

/** Makes a line; `look` enters turns for those in front and is called for as long as somebody waits. */
export function createLine(look: (waiters: readonly Waiter[]) => Promise<Look>): Line {
  let standing: Standing[] = []
  let isServing = false
  let endPause = () => {}
  let isNew = false

  async function serve(): Promise<void> {
    isServing = true
    while (standing.length > 0) {
      isNew = false
      const seen = standing
      for (const one of seen) one.isSeen = true
      let pause = 0
      try {
        const outcome = await look(seen.map(({ waiter }) => waiter))
        seen.forEach((one, position) => {
          one.isSeen = false
          const { service, signal } = one.waiter.request
          const entered = outcome.entered[position]
          const refused = signal?.aborted ? stopped(service.title, signal) : outcome.refused.get(position)
          if (entered === undefined && refused === undefined) return
          leave(one)
          if (refused !== undefined) one.reject(refused)
          else one.resolve(entered!)
        })
        pause = outcome.pause
      } catch (thrown) {
        for (const one of seen) {
          leave(one)
          one.reject(thrown)
        }
      }
      const [first] = standing
      // Who came during the look and stands in front now has not been looked at.
      if (first !== undefined && seen.includes(first) && pause > 0 && !isNew)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause)
          endPause = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
    isServing = false
  }

  function leave(one: Standing): void {
    standing = standing.filter((other) => other !== one)
  }

  function lookAtOnce(): void {
    isNew = true
    endPause()
    if (!isServing) void serve()
  }

  return {
    get isEmpty() {
      return standing.length === 0 && !isServing
    },
    async stand(waiter, isFirst) {
      const { service, signal } = waiter.request
      let stop = () => {}
      try {
        return await new Promise<Entered>((resolve, reject) => {
          const one: Standing = { waiter, isSeen: false, resolve, reject }
          stop = () => {
            if (one.isSeen) return
            leave(one)
            reject(stopped(service.title, signal))
          }
          if (signal?.aborted) return stop()
          signal?.addEventListener('abort', stop, { once: true })
          standing = isFirst ? [one, ...standing] : [...standing, one]
          if (isFirst || standing.length === 1) lookAtOnce()
        })
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    },
    look() {
      if (standing.length > 0) lookAtOnce()
    },
  }
}

/** Why a wait ended that its caller stopped. */
export function stopped(title: string, signal: AbortSignal | undefined): unknown {
  if (SheafError.isInstance(signal?.reason)) return signal.reason
  return new SheafError('cancelled', `Waiting for ${title} was stopped.`)
}
