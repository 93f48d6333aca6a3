import { type LabOptions, type RunningLab, startLab } from '../../lab/lab.ts'
import type { Cache } from '../../src/cache/cache.ts'
import { createCache } from '../../src/cache/create-cache.ts'
import { createLimits } from '../../src/limits/database-limits.ts'
import { openDatabase, type Sql } from '../../src/store/database.ts'
import { createUpstream, type OpenUpstream } from '../../src/upstream/create-upstream.ts'
import { createPglite } from '../../test/support/databases.ts'

/** Simulated services and hosts that take their time, and the way to them over a new embedded database. */
export interface SourcesStage extends AsyncDisposable {
  readonly lab: RunningLab
  readonly sql: Sql
  /** Empty. */
  readonly cache: Cache
  readonly upstream: OpenUpstream
}

/** Opens one. */
export async function openSourcesStage(options: LabOptions): Promise<SourcesStage> {
  const lab = await startLab({ seed: 1, latency: 'realistic', ...options })
  const data = await createPglite()
  const database = await openDatabase(data.config)
  const { sql } = database
  const cache = createCache({ sql })
  const upstream = createUpstream({ limits: createLimits(sql), cache, allowedHosts: [...lab.allowedHosts] })
  return {
    lab,
    sql,
    cache,
    upstream,
    async [Symbol.asyncDispose]() {
      await upstream.close()
      await cache.close()
      await database.close()
      await data.remove()
      await lab.close()
    },
  }
}
