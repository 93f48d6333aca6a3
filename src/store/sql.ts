import { type DatabaseConnection, Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import type { Sql } from './database.ts'
import { asStoreFailure } from './failures.ts'
import type { Tables } from './tables.ts'

/** Typed queries over a pool, in schema `sheaf`. A server that cannot be used is a SheafError `store_unavailable`. */
export function createSql(pool: Pool): Sql {
  const dialect = new PostgresDialect({ pool })
  const createDriver = () => {
    const driver = dialect.createDriver()
    const acquire = driver.acquireConnection.bind(driver)
    driver.acquireConnection = async () => watch(await acquire().catch(rethrow))
    return driver
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver,
    },
  }).withSchema('sheaf')
}

const watched = new WeakSet<DatabaseConnection>()

/** Kysely keeps one connection object for each pool client, so each is wrapped once. */
function watch(connection: DatabaseConnection): DatabaseConnection {
  if (watched.has(connection)) return connection
  watched.add(connection)
  const execute: DatabaseConnection['executeQuery'] = connection.executeQuery.bind(connection)
  connection.executeQuery = (query, options) => execute<never>(query, options).catch(rethrow)
  return connection
}

function rethrow(thrown: unknown): never {
  throw asStoreFailure(thrown)
}
