import { DatabaseDriver } from 'bentocache/drivers/database'
import type { CreateDriverResult, DatabaseAdapter, L2CacheDriver } from 'bentocache/types'
import {
  clearCacheEntries,
  deleteCacheEntries,
  pruneCacheEntries,
  readCacheEntry,
  writeCacheEntry,
} from '../store/cache.ts'
import type { Sql } from '../store/database.ts'

/** Expired entries are cleared away with the first writing and then with every so many. */
const writesBetweenPrunings = 200

/**
 * Bentocache over our own table. Its adapter for Kysely compares times with numbers where it prunes, which PostgreSQL
 * refuses, and ends the database with the cache.
 */
export function databaseDriver(sql: Sql, prefix: string): CreateDriverResult<L2CacheDriver> {
  const options = { prefix, autoCreateTable: false, pruneInterval: false } as const
  return { options, factory: (config) => new DatabaseDriver(createAdapter(sql), { ...options, ...config }) }
}

function createAdapter(sql: Sql): DatabaseAdapter {
  let writes = 0
  return {
    setTableName: () => undefined,
    createTableIfNotExists: async () => undefined,
    disconnect: async () => undefined,
    async get(key) {
      const entry = await readCacheEntry(sql, key)
      return entry && { value: entry.value, expiresAt: entry.expiresAt?.getTime() ?? null }
    },
    async set({ key, value, expiresAt }) {
      if (writes++ % writesBetweenPrunings === 0) await pruneCacheEntries(sql, new Date())
      await writeCacheEntry(sql, key, { value, expiresAt })
    },
    delete: async (key) => (await deleteCacheEntries(sql, [key])) > 0,
    deleteMany: (keys) => deleteCacheEntries(sql, keys),
    clear: (prefixOfKeys) => clearCacheEntries(sql, prefixOfKeys),
    pruneExpiredEntries: () => pruneCacheEntries(sql, new Date()),
  }
}
