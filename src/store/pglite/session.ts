import { setImmediate, setTimeout } from 'node:timers/promises'
import type { messages } from '@electric-sql/pglite'
import { messageOf, SheafError } from '../../errors.ts'
import type { Engine } from './engine.ts'

/** A message of PostgreSQL's wire protocol, as PGlite's parser leaves it. */
export type BackendMessage = { name: messages.MessageName; length: number }

/**
 * PGlite's one session, shared: whoever opens a transaction keeps it to himself until the transaction has ended, all
 * others queue, first come first served.
 */
export interface Session {
  /**
   * Sends wire messages that end with a Sync or a simple query and returns the answers, an ErrorResponse among them
   * where the statement failed. Throws SheafError `store_unavailable` once the engine itself has failed.
   */
  exchange(owner: object, bytes: Uint8Array): Promise<BackendMessage[]>
  /** Ends a transaction that its owner left open. Never fails: a stopped engine has none. */
  abandon(owner: object): Promise<void>
}

/** Milliseconds for which statements may run without letting timers and sockets have their turn. */
const longestBurst = 10
/** Milliseconds before each answer of an engine that has stopped. */
const pauseWhenBroken = 50

export function createSession(
  { pglite, stopped }: Engine,
  rollback: Uint8Array,
  onNotification: (message: BackendMessage) => void,
): Session {
  let holder: object | undefined
  let broken: SheafError | undefined
  let burstStarted = performance.now()
  const waiting: { owner: object; resume: () => void }[] = []

  async function acquire(owner: object): Promise<void> {
    if (holder === owner) return
    if (holder === undefined) holder = owner
    else await new Promise<void>((resume) => waiting.push({ owner, resume }))
  }

  function release(): void {
    const next = waiting.shift()
    holder = next?.owner
    next?.resume()
  }

  async function exchange(owner: object, bytes: Uint8Array): Promise<BackendMessage[]> {
    await acquire(owner)
    try {
      if (broken) {
        // A queue's worker asks again at once; without a pause it would let nothing else run.
        await setTimeout(pauseWhenBroken)
        throw broken
      }
      if (performance.now() - burstStarted > longestBurst) {
        await setImmediate()
        burstStarted = performance.now()
      }
      const answers = await pglite.execProtocolStream(bytes, { throwOnError: false })
      const end = stopped()
      if (end !== undefined) throw new Error(end)
      for (const answer of answers) if (answer.name === 'notification') onNotification(answer)
      if (!pglite.isInTransaction()) release()
      return answers.filter((answer) => answer.name !== 'notification')
    } catch (thrown) {
      broken ??= new SheafError(
        'store_unavailable',
        `The embedded database has stopped: ${stopped() ?? messageOf(thrown)}`,
        {
          cause: thrown,
          advice: 'Free some room if the disk is full, then start again; everything stored so far is kept.',
        },
      )
      release()
      throw broken
    }
  }

  return {
    exchange,
    async abandon(owner) {
      if (holder === owner && !broken) await exchange(owner, rollback).catch(() => undefined)
    },
  }
}
