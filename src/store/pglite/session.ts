import { setImmediate } from 'node:timers/promises'
import type { messages, PGlite } from '@electric-sql/pglite'
import { SheafError } from '../../errors.ts'

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
  /** Ends a transaction that its owner left open. */
  abandon(owner: object): Promise<void>
}

/** Statements run without letting timers and sockets have their turn for at most this long. */
const longestBurst = 10

export function createSession(
  pglite: PGlite,
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
      if (broken) throw broken
      if (performance.now() - burstStarted > longestBurst) {
        await setImmediate()
        burstStarted = performance.now()
      }
      const answers = await pglite.execProtocolStream(bytes, { throwOnError: false })
      for (const answer of answers) if (answer.name === 'notification') onNotification(answer)
      if (!pglite.isInTransaction()) release()
      return answers.filter((answer) => answer.name !== 'notification')
    } catch (thrown) {
      broken ??= new SheafError('store_unavailable', 'The embedded database has stopped.', {
        cause: thrown,
        advice: 'Free disk space if the disk is full, then start again: everything stored so far is kept.',
      })
      release()
      throw broken
    }
  }

  return {
    exchange,
    async abandon(owner) {
      if (holder === owner) await exchange(owner, rollback)
    },
  }
}
