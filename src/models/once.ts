import { randomUUID } from 'node:crypto'
import type { Sql } from '../store/database.ts'
import { claimQuestion, giveUpClaim, renewClaims } from '../store/model-answers.ts'
import { pause, stopIfAborted } from './stopping.ts'

/** A claim whose process has ended is free after so long, in milliseconds; one that works renews it in time. */
const claimLasts = 30_000
/** Pause before the next look at a question that another asks, in milliseconds. */
const lookEvery = 200

/** Sees to it that of those who have the same question, one asks at a time, in the whole deployment. */
export interface Once {
  /**
   * Resolves with what `find` finds, or asks when it is this caller's turn and there is still nothing to be found. When
   * the one who asked failed, the next one asks.
   */
  findOrAsk<Result>(
    question: string,
    find: () => Promise<Result | undefined>,
    ask: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>
}

/** @param lasts how long claims last without being renewed, in milliseconds */
export function createOnce(sql: Sql, lasts = claimLasts): Once {
  const holder = randomUUID()
  /** What this process asks now, or waits for: its own callers need not ask the database about each other. */
  const here = new Map<string, Promise<void>>()
  let renewing: NodeJS.Timeout | undefined

  /** Does the work as the only one in this process. */
  async function aloneHere<Result>(question: string, work: () => Promise<Result>): Promise<Result> {
    const ended = Promise.withResolvers<void>()
    here.set(question, ended.promise)
    // A claim that cannot be renewed ends, and the question may be asked twice; nothing worse comes of it.
    renewing ??= setInterval(() => void renewClaims(sql, holder, lasts).catch(() => undefined), lasts / 3)
    try {
      return await work()
    } finally {
      here.delete(question)
      ended.resolve()
      if (here.size === 0) {
        clearInterval(renewing)
        renewing = undefined
      }
    }
  }

  return {
    async findOrAsk(question, find, ask, signal) {
      const claimed = async () => {
        if (!(await claimQuestion(sql, question, holder, lasts))) return undefined
        try {
          // Who asked before may have ended between the look and the claim.
          return (await find()) ?? (await ask())
        } finally {
          await giveUpClaim(sql, question, holder)
        }
      }
      for (;;) {
        stopIfAborted(signal)
        const found = await find()
        if (found !== undefined) return found
        const other = here.get(question)
        const own = other === undefined ? await aloneHere(question, claimed) : undefined
        if (own !== undefined) return own
        await Promise.race([other, pause(lookEvery, signal)].filter((end) => end !== undefined))
      }
    },
  }
}
