import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SheafError } from '../../errors.ts'
import { lockFile } from './lock.ts'

/** PostgreSQL's major version inside PGlite; a folder of another one cannot be opened. */
const postgresVersion = '18'
/** Stands in the folder while its database is made for the first time, and only then. */
const creationMark = 'being-created'

/** Where PGlite keeps its files. */
export function clusterFolder(folder: string): string {
  return join(folder, 'postgres')
}

/**
 * Refuses a folder of something else, before even a lock is put into it. Throws SheafError `store_unavailable`.
 */
export function refuseForeignFolder(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, lockFile))) return
  const [other] = statSync(folder).isDirectory() ? readdirSync(folder) : [folder]
  if (other === undefined) return
  throw new SheafError('store_unavailable', `${folder} is not a data folder of Sheaf: it holds ${other}.`, {
    advice: 'Choose an empty or a new folder for the database. Nothing has been changed.',
  })
}

/**
 * Looks at a locked folder before PGlite does, which would make a new database over what it does not know. A first
 * start that was killed leaves a mark, and only such a beginning, which never held anything, is cleared away.
 * Throws SheafError `store_unavailable` for damaged database files and those of another version.
 */
export function prepareFolder(folder: string): void {
  const cluster = clusterFolder(folder)
  const mark = join(folder, creationMark)
  if (existsSync(mark)) rmSync(cluster, { recursive: true, force: true })
  if (existsSync(cluster)) requireCluster(folder)
  else writeFileSync(mark, 'The database beside this file is being made; it holds nothing yet.\n')
}

/** Takes the mark away once the new database has all its tables. */
export function finishCreation(folder: string): void {
  rmSync(join(folder, creationMark), { force: true })
}

/** Files and folders without which PostgreSQL cannot start and PGlite might begin anew. */
const essentials = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal', 'postgresql.conf']

function requireCluster(folder: string): void {
  const cluster = clusterFolder(folder)
  const missing = essentials.find((name) => !existsSync(join(cluster, name)))
  if (missing !== undefined) {
    throw new SheafError(
      'store_unavailable',
      `The database in ${folder} is damaged: ${missing} is missing.`,
      {
        advice: 'Restore the folder from a copy, or choose another one. Nothing has been changed.',
      },
    )
  }
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (version !== postgresVersion) {
    throw new SheafError(
      'store_unavailable',
      `The database in ${folder} is of PostgreSQL ${version.slice(0, 20)}, not ${postgresVersion}.`,
      {
        advice:
          'Open it with the version of Sheaf that made it, or choose another folder. Nothing has been changed.',
      },
    )
  }
}
