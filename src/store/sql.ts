import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import type { Sql } from './database.ts'
import type { Tables } from './tables.ts'

/** Typed queries over a pool, in schema `sheaf`. */
export function createSql(pool: Pool): Sql {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema('sheaf')
}
