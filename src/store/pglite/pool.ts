import pg from 'pg'
import { createConnection, type PgliteConnection, rollbackMessage } from './connection.ts'
import type { Engine } from './engine.ts'
import { createSession } from './session.ts'

/**
 * node-postgres' own pool over PGlite, so that Kysely, BullMQ and the event bus meet the very same object, value
 * conversions and errors on both databases. Its clients share PGlite's single session, see `session.ts`; each of them
 * hears every notification, as LISTEN holds for the session.
 */
export function createPglitePool(engine: Engine): pg.Pool {
  const connections = new Set<PgliteConnection>()
  const session = createSession(engine, rollbackMessage, (message) => {
    for (const connection of connections) connection.emit('notification', message)
  })

  class PgliteClient extends pg.Client {
    constructor() {
      const connection = createConnection(session)
      super({ connection } as unknown as pg.ClientConfig)
      connections.add(connection)
      connection.once('end', () => connections.delete(connection))
    }
  }

  const pool = new pg.Pool({ Client: PgliteClient, max: 1000, idleTimeoutMillis: 0, keepAlive: true })
  // BullMQ listens for errors once for each queue and worker.
  pool.setMaxListeners(0)
  pool.on('release', (_error, client) => {
    const { connection } = client as unknown as { connection: PgliteConnection }
    void connection.abandon()
  })
  return pool
}
