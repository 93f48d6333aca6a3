import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SheafError } from '../errors.ts'
import * as store from '../store/library.ts'
import type { Deployment } from './deployment.ts'

/** Absolute paths of the folders that are reviewed when none is named. */
export function libraryFolders({ sql }: Pick<Deployment, 'sql'>): Promise<string[]> {
  return store.libraryFolders(sql)
}

/** Adds a folder. Returns its absolute path and whether it was new. @throws {SheafError} `not_found` when it is none. */
export async function addLibraryFolder(
  { sql }: Pick<Deployment, 'sql'>,
  folder: string,
): Promise<{ path: string; isNew: boolean }> {
  const path = resolve(folder)
  const there = await stat(path).catch(() => undefined)
  if (!there?.isDirectory()) throw new SheafError('not_found', `There is no folder ${path}.`)
  return { path, isNew: await store.addLibraryFolder(sql, path) }
}

/** Forgets a folder; its files stay. Returns its absolute path. @throws {SheafError} `not_found`. */
export async function removeLibraryFolder({ sql }: Pick<Deployment, 'sql'>, folder: string): Promise<string> {
  const path = resolve(folder)
  if (await store.removeLibraryFolder(sql, path)) return path
  throw new SheafError('not_found', `${path} is not in the library.`, {
    advice: '"sheaf library" lists its folders.',
  })
}
