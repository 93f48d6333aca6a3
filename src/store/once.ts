import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from './database.ts'
import { giveUpLease, renewLeases, takeLease } from './leases.ts'

/** A lease whose process has ended is free after so long, in milliseconds; one that works renews it in time. */
const leaseLasts = 30_000
/** Pause before the next look at what another makes, in milliseconds. */
const lookEvery = 200

/** This process stood still for longer than its lease lasts, and another has taken over what it was about to make. */
class OvertakenError extends Error {
  constructor() {
    super('Another process had taken this over before the call was made.')
  }
}

/**
 * To be awaited right before what must not happen twice, like a call that is paid for; what it throws is to be passed on.
 */
export type Hold = () => Promise<void>

/** How something is found, or else made. Neither resolves with undefined for something that is there. */
export interface Making<Result> {
  readonly find: () => Promise<Result | undefined>
  readonly make: (hold: Hold) => Promise<Result>
  /** Waits about so many milliseconds while another makes it; what it throws ends the waiting. */
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/** Sees to it that of those who want the same thing, one makes it at a time, in the whole deployment. */
export interface Once {
  /**
   * Resolves with what `find` finds, or makes it when it is this caller's turn and there is still nothing to be found. When
   * the one who made it failed, the next one makes it. Who finds itself overtaken before it came to the point looks again.
   */
  findOrMake<Result>(name: string, making: Making<Result>): Promise<Result>
  /**
   * Does something while nobody else does what has the same name, and keeps no connection to the database meanwhile. It is done again
   * by who finds itself overtaken when it awaits `hold`.
   */
  alone<Result>(name: string, work: (hold: Hold) => Promise<Result>): Promise<Result>
}

/** @param lasts how long leases last without being renewed, in milliseconds */
export function createOnce(sql: Sql, lasts = leaseLasts): Once {
  const holder = randomUUID()
  /** What this process makes now, or waits for: its own callers need not ask the database about each other. */
  const here = new Map<string, Promise<void>>()
  let renewing: NodeJS.Timeout | undefined

  /** Does the work as the only one in this process. */
  async function aloneHere<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const ended = Promise.withResolvers<void>()
    here.set(name, ended.promise)
    // A lease that cannot be renewed ends, and the thing may be made twice; nothing worse comes of it.
    renewing ??= setInterval(
      () => void renewLeases(sql, holder, [...here.keys()], lasts).catch(() => undefined),
      lasts / 3,
    )
    try {
      return await work()
    } finally {
      here.delete(name)
      ended.resolve()
      if (here.size === 0) {
        clearInterval(renewing)
        renewing = undefined
      }
    }
  }

  async function findOrMake<Result>(name: string, { find, make, pause }: Making<Result>): Promise<Result> {
    const leased = async () => {
      if (!(await takeLease(sql, name, holder, lasts))) return undefined
      const hold = async () => {
        const own = await renewLeases(sql, holder, [name], lasts)
        if (own.length === 0) throw new OvertakenError()
      }
      try {
        // Who made it before may have ended between the look and the lease.
        return (await find()) ?? (await make(hold))
      } catch (thrown) {
        if (thrown instanceof OvertakenError) return undefined
        throw thrown
      } finally {
        await giveUpLease(sql, name, holder)
      }
    }
    for (;;) {
      const found = await find()
      if (found !== undefined) return found
      const other = here.get(name)
      const own = other === undefined ? await aloneHere(name, leased) : undefined
      if (own !== undefined) return own
      await Promise.race([other, pause(lookEvery)].filter((end) => end !== undefined))
    }
  }

  return {
    findOrMake,
    async alone(name, work) {
      const { value } = await findOrMake(name, {
        find: async () => undefined,
        make: async (hold) => ({ value: await work(hold) }),
        pause: sleep,
      })
      return value
    },
  }
}
