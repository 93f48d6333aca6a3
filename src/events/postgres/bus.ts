import { setTimeout } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { EventBus } from '../bus.ts'
import { createSubscribers } from '../subscribers.ts'

/** Channel of LISTEN and NOTIFY; `store/events.ts` notifies it itself, with each event it stores. */
const channel = 'sheaf_events'
/** Milliseconds between attempts to listen again when the connection is lost. */
const pause = 1_000

/**
 * The event bus on PostgreSQL's LISTEN and NOTIFY, PGlite's included. One connection of the pool listens for the whole
 * process. Resolves when it does; throws what the pool throws when the server is away.
 */
export async function createPostgresBus(pool: Pool, onError: (error: unknown) => void): Promise<EventBus> {
  const subscribers = createSubscribers()
  const closing = new AbortController()
  /** Undefined while its connection is lost. */
  let listener: PoolClient | undefined

  async function listen(): Promise<void> {
    const client = await pool.connect()
    try {
      client.on('notification', ({ payload }) => subscribers.notify(payload ?? ''))
      client.on('error', (error) => {
        // Lost before it listens, its statement fails too, and is dealt with below.
        if (listener !== client) return
        onError(error)
        listener = undefined
        client.release(true)
        void listenAgain()
      })
      await client.query(`listen ${channel}`)
      closing.signal.throwIfAborted()
      listener = client
    } catch (thrown) {
      client.removeAllListeners()
      client.release(true)
      throw thrown
    }
  }

  async function listenAgain(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await listen()
        return subscribers.notifyAll()
      } catch (thrown) {
        if (!closing.signal.aborted) onError(thrown)
        await setTimeout(pause, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
      }
    }
  }

  await listen()
  return {
    async publish(topic) {
      await pool.query('select pg_notify($1, $2)', [channel, topic])
    },
    subscribe: async (topic, onNew) => subscribers.add(topic, onNew),
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      subscribers.clear()
      listener?.removeAllListeners()
      listener?.release(true)
    },
  }
}
