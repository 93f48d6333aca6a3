import { queueNames, regionalQueues, regionQueue } from '../queue/jobs.ts'
import type { Queues } from '../queue/queues.ts'
import { isReady } from '../session/readiness.ts'
import type { Sql } from '../store/database.ts'
import { sessionsAtWork } from '../store/sessions.ts'
import type { StateSource } from './telemetry.ts'

/** What the state is read from. */
export interface StateParts {
  readonly sql: Sql
  readonly queues: Pick<Queues, 'counts'>
  /** Regions that may have queues of their own. */
  readonly regions: readonly string[]
  /** Aborted when the embedded database cannot go on: it still answers what is asked, and takes nothing new. */
  readonly storeFailed: AbortSignal
}

/** Reads from database and queues how the whole deployment stands. */
export function stateOf({ sql, queues, regions, storeFailed }: StateParts): StateSource {
  const ofRegions = regions.flatMap((region) => regionalQueues.map((name) => regionQueue(name, region)))
  return {
    isReady: async () => !storeFailed.aborted && (await isReady({ sql })),
    async read() {
      const { count, oldest } = await sessionsAtWork(sql)
      const counted = await Promise.all(
        [...queueNames, ...ofRegions].map(async (queue) => {
          const { waiting, active, delayed, waitingChildren, failed } = await queues.counts(queue)
          const states = { waiting, active, delayed, waiting_children: waitingChildren, failed }
          return Object.entries(states).map(([state, jobs]) => ({ queue, state, jobs }))
        }),
      )
      return { activeSessions: count, oldestActive: oldest, queues: counted.flat() }
    },
  }
}
