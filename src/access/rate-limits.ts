import type { Pool } from 'pg'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import { connectRedis, type RedisConnection } from '../redis.ts'

/** Where requests are counted: where the deployment's replicas all look. */
export type RateLimitBackend =
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly pool: Pool }
  | { readonly kind: 'redis'; readonly url: string }

/** What counting a request came to. */
export interface Allowance {
  readonly allowed: boolean
  /** Requests in a minute, and how many are left of them. */
  readonly limit: number
  readonly left: number
  /** Seconds until the minute is over. */
  readonly reset: number
}

/** Counts what each user, or each address, does in a minute. */
export interface RateLimits {
  /** Requests of one user. */
  request(user: string): Promise<Allowance>
  /** Logins begun, and wrong credentials sent, from one address. */
  knock(address: string): Promise<Allowance>
  close(): Promise<void>
}

const seconds = 60

/** Opens the counters. One that cannot be reached is stood in for by this process' memory: a limit must not stop a service. */
export function createRateLimits(
  backend: RateLimitBackend,
  { requests, knocks }: { requests: number; knocks: number },
): RateLimits {
  const redis = backend.kind === 'redis' ? connect(backend.url) : undefined
  // A process that has just started would count its first requests alone.
  const tried =
    redis && new Promise<void>((resolve) => void redis.once('ready', resolve).once('error', () => resolve()))
  const limiter = (keyPrefix: string, points: number): RateLimiterAbstract => {
    const memory = new RateLimiterMemory({ keyPrefix, points, duration: seconds })
    const shared = {
      keyPrefix,
      points,
      duration: seconds,
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: memory,
    }
    if (redis) return new RateLimiterRedis({ ...shared, storeClient: redis, rejectIfRedisNotReady: true })
    if (backend.kind !== 'postgres') return memory
    return new RateLimiterPostgres({
      ...shared,
      storeClient: backend.pool,
      storeType: 'pool',
      schemaName: 'sheaf',
      tableName: 'rate_limits',
      tableCreated: true,
    })
  }
  const counters = { request: limiter('requests', requests), knock: limiter('knocks', knocks) }
  return {
    async request(user) {
      await tried
      return count(counters.request, requests, user)
    },
    async knock(address) {
      await tried
      return count(counters.knock, knocks, address)
    },
    async close() {
      redis?.disconnect()
    },
  }
}

async function count(limiter: RateLimiterAbstract, limit: number, key: string): Promise<Allowance> {
  try {
    return allowance(true, limit, await limiter.consume(key))
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return allowance(false, limit, thrown)
    throw thrown
  }
}

function allowance(allowed: boolean, limit: number, came: RateLimiterRes): Allowance {
  const reset = Math.max(1, Math.ceil(came.msBeforeNext / 1000))
  return { allowed, limit, left: Math.max(0, came.remainingPoints), reset }
}

function connect(url: string): RedisConnection {
  const redis = connectRedis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 1000,
  })
  // Each count that fails for it is made in memory.
  redis.on('error', () => undefined)
  return redis
}
