import pg from 'pg'
import { SheafError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { asStoreFailure } from '../failures.ts'
import { migrate } from '../migrate.ts'
import { createSql } from '../sql.ts'

/**
 * Connections at most: one for the event bus to listen on, the rest for statements. A queue's worker brings its own along.
 * PostgreSQL's own default limit is 100 for all processes.
 */
const usualConnections = 15

/** Opens PostgreSQL 15 or newer, see `openDatabase`. */
export async function openPostgresDatabase(url: string, connections = usualConnections): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'sheaf',
    onConnect: async (client) => {
      await client.query('set search_path to bullmq')
    },
  })
  // A lost connection fails the statement on it and is replaced by the pool. Its event, without a listener, would end
  // the process, whether the connection is idle or in use.
  pool.on('error', () => undefined)
  // BullMQ adds one for each queue and worker.
  pool.setMaxListeners(0)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const sql = createSql(pool)
  try {
    const { rows } = await pool.query<{ version: number }>(
      `select current_setting('server_version_num')::int / 10000 as version`,
    )
    const version = rows[0]?.version ?? 0
    if (version < 15) {
      throw new SheafError(
        'store_unavailable',
        `The database server is PostgreSQL ${version}; 15 is the oldest that will do.`,
        {
          advice: 'Update the server, or leave DATABASE_URL away to use the embedded database.',
        },
      )
    }
    await migrate(sql, pool)
  } catch (thrown) {
    await pool.end()
    throw asStoreFailure(thrown)
  }
  let closed: Promise<void> | undefined
  return { kind: 'postgres', sql, pool, close: () => (closed ??= pool.end()) }
}
