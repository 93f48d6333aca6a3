import { type Cluster, Redis } from 'ioredis'
import { SheafError } from './errors.ts'
import { OrderlyCluster } from './redis-cluster.ts'
import { settledWithin } from './settled-within.ts'

/** A connection to a Redis or Valkey, whatever stands behind it. */
export type RedisConnection = Redis | Cluster

/** How long a connection waits for its server; in milliseconds, as ioredis names it. */
export interface RedisPatience {
  readonly maxRetriesPerRequest?: number | null
  readonly connectTimeout?: number
  readonly commandTimeout?: number
  readonly enableOfflineQueue?: boolean
  readonly lazyConnect?: boolean
}

/** Where a Redis is, as its address says. */
interface RedisPlace {
  readonly kind: 'sentinel' | 'cluster'
  readonly isSecure: boolean
  readonly username?: string
  readonly password?: string
  readonly nodes: readonly { host: string; port: number }[]
  /** The name that the sentinels know the server by, and the number of the database. */
  readonly name: string
  readonly database: number
}

const pattern =
  /^redis(?<secure>s?)\+(?<kind>sentinel|cluster):\/\/(?:(?<username>[^:@/]*):(?<password>[^@/]*)@)?(?<nodes>[^/]+?)(?:\/(?<name>[^/?]*))?(?:\/(?<database>\d+))?$/

const usualPorts = { sentinel: 26_379, cluster: 6_379 }

function nodeOf(text: string, usualPort: number): { host: string; port: number } | undefined {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? []
  const host = inBrackets ?? plain
  return host === undefined ? undefined : { host, port: port === undefined ? usualPort : Number(port) }
}

/** Understands an address of several nodes; undefined for one that is none. */
function placeOf(url: string): RedisPlace | undefined {
  const found = pattern.exec(url)?.groups
  if (!found) return undefined
  const kind = found.kind as RedisPlace['kind']
  const nodes = found.nodes!.split(',').map((node) => nodeOf(node, usualPorts[kind]))
  if (nodes.includes(undefined) || (kind === 'sentinel' && !found.name)) return undefined
  return {
    kind,
    isSecure: found.secure === 's',
    ...(found.username && { username: decodeURIComponent(found.username) }),
    ...(found.password && { password: decodeURIComponent(found.password) }),
    nodes: nodes.filter((node) => node !== undefined),
    name: found.name ?? '',
    database: Number(found.database ?? 0),
  }
}

/**
 * Whether an address leads to a Redis: `redis://…`, `redis+sentinel://HOST:PORT,HOST:PORT/NAME`, or
 * `redis+cluster://HOST:PORT,HOST:PORT`, each with `rediss` for TLS and with `USER:PASSWORD@` before the hosts.
 */
export function isRedisUrl(url: string): boolean {
  return /^rediss?:\/\/[^\s/]+/.test(url) || placeOf(url) !== undefined
}

/**
 * Connects to the Redis of an address, see {@link isRedisUrl}. A server that fails over is found again by itself.
 * @throws {SheafError} `invalid_input` for an address that is none
 */
export function connectRedis(url: string, options: RedisPatience): RedisConnection {
  if (/^rediss?:\/\//.test(url)) return new Redis(url, options)
  const place = placeOf(url)
  if (!place)
    throw new SheafError('invalid_input', 'REDIS_URL is no address of a Redis.', {
      advice:
        'Write redis://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/NAME or redis+cluster://HOST:PORT.',
    })
  const { kind, nodes, name, database: db, username, password, isSecure } = place
  const shared = {
    ...options,
    ...(username && { username }),
    ...(password && { password }),
    ...(isSecure && { tls: {} }),
  }
  if (kind === 'cluster') {
    // As often as a single server is asked again: without a word from here it gives up within 2 s, and a replica takes longer than that.
    const isPatient = options.maxRetriesPerRequest === null
    return new OrderlyCluster([...nodes], {
      redisOptions: shared,
      ...(isPatient && { maxRedirections: Number.POSITIVE_INFINITY }),
    })
  }
  return new Redis({
    ...shared,
    sentinels: [...nodes],
    name,
    db,
    ...(isSecure && { enableTLSForSentinelMode: true }),
    // One that was demoted may answer for a moment longer; what it refuses to write is sent to the new one.
    reconnectOnError: ({ message }: Error) => (message.startsWith('READONLY') ? 2 : false),
  })
}

/** What ioredis says when it gives up a command, or finds nobody, for want of a connection. */
const lostConnection =
  /^(Connection is closed|Too many Cluster redirections|Failed to refresh slots cache|None of startup nodes is available)/

/** Whether a failure says that Redis cannot be reached just now. Whatever was asked of it, it will do once it is back. */
export function isRedisAway(thrown: unknown): boolean {
  return thrown instanceof Error && lostConnection.test(thrown.message)
}

/** Milliseconds for which the end of connections is waited for. */
const closingPatience = 3_000

/**
 * Waits until connections are closed, but not for ever: one to a cluster that has lost a node may never say that it is (seen with
 * ioredis 6.0), and nothing more is asked over it.
 */
export async function closedInTime(closing: Promise<unknown>): Promise<void> {
  await settledWithin(closing, closingPatience)
}

/** Milliseconds for which a sign of life is waited for. */
const pingPatience = 1_000

/** Whether a server answers over its connection; one that was cut a moment ago still looks ready. */
export async function answersInTime(connection: RedisConnection): Promise<boolean> {
  if (connection.status !== 'ready') return false
  return settledWithin(connection.ping(), pingPatience).catch(() => false)
}

/** Closes a connection: one to a server that is away at once, as it would say goodbye only when that is back. */
export async function closeConnection(connection: RedisConnection): Promise<void> {
  const sayGoodbye = () => settledWithin(connection.quit(), closingPatience).catch(() => false)
  const isClosed = connection.status === 'ready' && (await sayGoodbye())
  if (!isClosed) connection.disconnect()
}
