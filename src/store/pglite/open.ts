import { messageOf, SheafError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { createSql } from '../sql.ts'
import { type Engine, startEngine } from './engine.ts'
import { clusterFolder, finishCreation, prepareFolder, refuseForeignFolder } from './folder.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { createPglitePool } from './pool.ts'

/** Opens the embedded database in a folder, see `openDatabase`. */
export async function openPgliteDatabase(folder: string): Promise<Database> {
  refuseForeignFolder(folder)
  const lock = lockFolder(folder)
  let engine: Engine | undefined
  try {
    prepareFolder(folder)
    engine = await startEngine(clusterFolder(folder))
    await engine.pglite.exec('set search_path to bullmq')
    const database = openOn(engine, lock)
    await migrate(database.sql, database.pool)
    finishCreation(folder)
    return database
  } catch (thrown) {
    if (engine) await stop(engine)
    lock.release()
    throw SheafError.isInstance(thrown) ? thrown : unusable(folder, thrown)
  }
}

function openOn(engine: Engine, lock: FolderLock): Database {
  const pool = createPglitePool(engine)
  let closed: Promise<void> | undefined
  async function close() {
    try {
      await pool.end()
      await stop(engine)
    } finally {
      lock.release()
    }
  }
  return { kind: 'pglite', sql: createSql(pool), pool, close: () => (closed ??= close()) }
}

/** An engine that has stopped by itself is not called again: its files are as after a crash, which it recovers from. */
async function stop(engine: Engine): Promise<void> {
  if (engine.stopped() === undefined) await engine.pglite.close()
}

function unusable(folder: string, cause: unknown): SheafError {
  return new SheafError(
    'store_unavailable',
    `The database in ${folder} cannot be opened: ${reasonOf(cause)}`,
    {
      cause,
      advice:
        'The files may be damaged or the disk full. Restore the folder from a copy, or choose another one; nothing has been deleted.',
    },
  )
}

/** Emscripten's file system throws objects with an errno of its own (WASI's) and no message. */
const fullDisk = 51

function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('errno' in cause) || cause instanceof Error)
    return messageOf(cause)
  return cause.errno === fullDisk ? 'there is no room left on its disk' : `file error ${cause.errno}`
}
