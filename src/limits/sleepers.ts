import type { Share } from '../store/limits.ts'

/** One who has a turn that is yet to come. Times are the process's own, as `performance.now()` gives them. */
export interface Sleeper {
  readonly turn: string
  readonly shares: readonly Share[]
  /** When the turn comes, at the earliest and at the latest that the clocks allow. */
  soonest: number
  latest: number
  /** Set while it sleeps: looks at `soonest` anew. */
  wake?: (() => void) | undefined
}

/** Those of this process who wait for their turns at one service. */
export interface Sleepers {
  readonly size: number
  /** Waits until `before` milliseconds before the turn, wherever that is moved meanwhile, or until the signal. */
  sleep(sleeper: Sleeper, before: number, signal: AbortSignal | undefined): Promise<void>
  /** Moves turns up as soon as possible: there may be more room than there was. */
  moveUp(): void
}

/** How often turns are moved up for what others gave back, in milliseconds; different for each look, lest processes meet. */
const lookEvery = () => 750 + Math.random() * 500
/** A turn that is nearer than this is left where it is. */
const near = 20

/**
 * Keeps those who wait, and looks now and then whether their turns can be earlier: what was taken for those before them is
 * often more than was used in the end.
 * @param move moves the turns of these sleepers up, given in the order of their turns
 */
export function createSleepers(move: (sleepers: readonly Sleeper[]) => Promise<void>): Sleepers {
  const sleepers = new Set<Sleeper>()
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let again = false

  async function look(): Promise<void> {
    if (looking) {
      again = true
      return
    }
    looking = true
    clearTimeout(timer)
    timer = undefined
    do {
      again = false
      const far = [...sleepers].filter(({ soonest }) => soonest - performance.now() > near)
      const inOrder = far.sort((a, b) => Number(BigInt(a.turn) - BigInt(b.turn)))
      // A database that cannot be asked is told to each sleeper by its own next question; until then, turns stay.
      if (inOrder.length > 0) await move(inOrder).catch(() => undefined)
    } while (again)
    looking = false
    lookLater()
  }

  function lookLater(): void {
    if (timer === undefined && !looking && sleepers.size > 0) timer = setTimeout(look, lookEvery()).unref()
  }

  return {
    get size() {
      return sleepers.size
    },
    async sleep(sleeper, before, signal) {
      sleepers.add(sleeper)
      lookLater()
      for (;;) {
        const left = sleeper.soonest - before - performance.now()
        if (left <= 0 || signal?.aborted) break
        await doze(left, sleeper, signal)
      }
      sleepers.delete(sleeper)
    },
    moveUp() {
      if (sleepers.size > 0) void look()
    },
  }
}

function doze(milliseconds: number, sleeper: Sleeper, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
    sleeper.wake = end
  })
}
