import type { Kysely } from 'kysely'
import type { Pool } from 'pg'
import { openPgliteDatabase } from './pglite/open.ts'
import { openPostgresDatabase } from './postgres/open.ts'
import type { Tables } from './tables.ts'

/**
 * What every function of `store/` takes first: the database, or a transaction of it. Inside `transaction().execute(trx => …)`
 * use only `trx`: PGlite has one session, so a statement sent past an open transaction waits for its end.
 */
export type Sql = Kysely<Tables>

/** Where the database is. A PGlite folder belongs to the store alone; nothing else may be kept in it. */
export type DatabaseConfig =
  | { readonly kind: 'pglite'; readonly folder: string }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Connections at most; default 20. */
      readonly connections?: number | undefined
    }

/** An open database whose tables are there, at this version. */
export interface Database {
  readonly kind: DatabaseConfig['kind']
  /** Typed queries on Sheaf's own tables (schema `sheaf`). */
  readonly sql: Sql
  /** The same database as node-postgres' pool; the queue and the event bus stand on it. `search_path` is `bullmq`. */
  readonly pool: Pool
  /** Lets running statements end, closes all connections and gives the folder free. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Opens the database, creating or migrating its tables where needed. Throws SheafError `locked` when another process
 * works on the folder (the message names it), and `store_unavailable` when the folder or the server cannot be used;
 * in neither case is anything changed.
 */
export function openDatabase(config: DatabaseConfig): Promise<Database> {
  return config.kind === 'pglite'
    ? openPgliteDatabase(config.folder)
    : openPostgresDatabase(config.url, config.connections)
}
