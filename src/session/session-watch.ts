import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { takeLease } from '../store/leases.ts'
import { keepAtWork } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/** Milliseconds between looks, and for which one process looks for all: a little less, so that no look is left out. */
const looksEvery = 10_000
const leaseLasts = 9_000

/** The looking after sessions, until it is stopped. */
export interface SessionWatch {
  stop(): Promise<void>
}

/**
 * Looks from time to time that no session at work is without its job and none waits while there is room: after a queue that
 * lost what it was told last (a Redis that failed over), or a process that died between two steps. Of all processes one does it.
 */
export function startSessionWatch(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'admission'>,
  onError: (error: unknown) => void,
): SessionWatch {
  const stopping = new AbortController()
  const holder = randomUUID()
  const look = async () => {
    for (;;) {
      await setTimeout(looksEvery, undefined, { signal: stopping.signal, ref: false })
      try {
        if (await takeLease(deployment.sql, 'session watch', holder, leaseLasts)) await keepAtWork(deployment)
      } catch (thrown) {
        if (!stopping.signal.aborted) onError(thrown)
      }
    }
  }
  const ended = look().catch(() => undefined)
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}
