import type { Cache } from '../../src/cache/cache.ts'
import { createCache } from '../../src/cache/create-cache.ts'
import { createLimits } from '../../src/limits/database-limits.ts'
import type { Limits } from '../../src/limits/limits.ts'
import { openDatabase } from '../../src/store/database.ts'
import { createCircuits } from '../../src/upstream/circuits.ts'
import {
  createUpstream,
  type OpenUpstream,
  type UpstreamOptions,
} from '../../src/upstream/create-upstream.ts'
import type { Service } from '../../src/upstream/upstream.ts'
import { createPglite } from './databases.ts'

/** The real way out over an embedded database, with pauses that tests can wait for. */
export interface TestUpstream extends OpenUpstream {
  readonly limits: Limits
  readonly cache: Cache
  /** Another one over the same database. */
  with(options: Partial<UpstreamOptions>): OpenUpstream
}

/** Opens one, with a database that `close` removes. */
export async function openUpstream(): Promise<TestUpstream> {
  const data = await createPglite()
  const database = await openDatabase(data.config)
  const limits = createLimits(database.sql)
  const cache = createCache({ sql: database.sql })
  const opened: OpenUpstream[] = []
  const open = (options: Partial<UpstreamOptions>) => {
    const upstream = createUpstream({
      limits,
      cache,
      backoff: { initialDelay: 5, maxDelay: 20 },
      circuits: createCircuits({ firstBreak: 500 }),
      ...options,
    })
    opened.push(upstream)
    return upstream
  }
  const upstream = open({})
  return {
    request: upstream.request,
    limits,
    cache,
    with: open,
    async close() {
      for (const one of opened) await one.close()
      await cache.close()
      await database.close()
      await data.remove()
    },
  }
}

let services = 0

/** A service that nobody else asks. */
export function testService(given: Partial<Service> = {}): Service {
  services += 1
  return {
    name: `test-${services}`,
    title: 'Test',
    limits: [],
    patience: 5000,
    timeout: 5000,
    attempts: 3,
    guarded: false,
    ...given,
  }
}
