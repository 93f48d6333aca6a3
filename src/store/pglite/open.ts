import { PGlite } from '@electric-sql/pglite'
import { messageOf, SheafError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { createSql } from '../sql.ts'
import { clusterFolder, finishCreation, prepareFolder, refuseForeignFolder } from './folder.ts'
import { lockFolder } from './lock.ts'
import { createPglitePool } from './pool.ts'

/** Opens the embedded database in a folder, see `openDatabase`. */
export async function openPgliteDatabase(folder: string): Promise<Database> {
  refuseForeignFolder(folder)
  const lock = lockFolder(folder)
  let pglite: PGlite | undefined
  try {
    prepareFolder(folder)
    pglite = await PGlite.create(clusterFolder(folder))
    await pglite.exec('set search_path to bullmq')
    const pool = createPglitePool(pglite)
    const sql = createSql(pool)
    await migrate(sql, pool)
    finishCreation(folder)
    const engine = pglite
    const close = async () => {
      try {
        await pool.end()
        await engine.close()
      } finally {
        lock.release()
      }
    }
    let closed: Promise<void> | undefined
    return { kind: 'pglite', sql, pool, close: () => (closed ??= close()) }
  } catch (thrown) {
    await pglite?.close().catch(() => undefined)
    lock.release()
    throw SheafError.isInstance(thrown) ? thrown : unusable(folder, thrown)
  }
}

function unusable(folder: string, cause: unknown): SheafError {
  return new SheafError(
    'store_unavailable',
    `The database in ${folder} cannot be opened: ${messageOf(cause)}`,
    {
      cause,
      advice:
        'The files may be damaged or the disk full. Restore the folder from a copy, or choose another one; nothing has been deleted.',
    },
  )
}
