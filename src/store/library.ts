import { sql } from 'kysely'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'

/** A file of a library folder as it was when it was hashed. */
export interface KnownFile {
  /** Below the folder, with `/`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Time of last change, in milliseconds since 1970 as the file system gives it, fractions included. */
  readonly modified: number
  readonly sha256: string
}

/** Adds a folder to the library, by its absolute path. Returns whether it was new. */
export async function addLibraryFolder(db: Sql, path: string): Promise<boolean> {
  const added = await db
    .insertInto('library_folders')
    .values({ path })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** The library's folders, by path. */
export async function libraryFolders(db: Sql): Promise<string[]> {
  const rows = await db.selectFrom('library_folders').select('path').orderBy('path').execute()
  return rows.map(({ path }) => path)
}

/** Takes a folder out of the library and forgets its files. Returns whether it was there. */
export function removeLibraryFolder(db: Sql, path: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await trx.deleteFrom('library_files').where('folder', '=', path).execute()
    const removed = await trx.deleteFrom('library_folders').where('path', '=', path).executeTakeFirst()
    return removed.numDeletedRows === 1n
  })
}

/** What is known of a folder's files, by path: one whose size and time are unchanged need not be hashed again. */
export async function knownFiles(db: Sql, folder: string): Promise<Map<string, KnownFile>> {
  const rows = await db
    .selectFrom('library_files')
    .select(['path', 'size', 'modified', 'sha256'])
    .where('folder', '=', folder)
    .orderBy('path')
    .execute()
  return new Map(rows.map((row) => [row.path, row]))
}

/** Stores what files hash to; what was known of the same paths is replaced. */
export async function rememberFiles(db: Sql, folder: string, files: readonly KnownFile[]): Promise<void> {
  if (files.length === 0) return
  const latest = [...new Map(files.map((file) => [file.path, file])).values()]
  await sql`
    insert into sheaf.library_files (folder, path, size, modified, sha256)
    select ${folder}, path, size, modified, sha256
    from jsonb_to_recordset(${storableJson(latest)}::jsonb)
      as row(path text, size double precision, modified double precision, sha256 text)
    on conflict (folder, path) do update
      set size = excluded.size, modified = excluded.modified, sha256 = excluded.sha256`.execute(db)
}

/** Forgets files that are gone. */
export async function forgetFiles(db: Sql, folder: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await sql`delete from sheaf.library_files where folder = ${folder} and path = any(${[...paths]}::text[])`.execute(
    db,
  )
}

/** What is known of one file. */
export async function knownFile(db: Sql, folder: string, path: string): Promise<KnownFile | undefined> {
  return db
    .selectFrom('library_files')
    .select(['path', 'size', 'modified', 'sha256'])
    .where('folder', '=', folder)
    .where('path', '=', path)
    .executeTakeFirst()
}

/** Absolute paths of files that had these bytes when they were last hashed. */
export async function filesHaving(db: Sql, sha256: string): Promise<string[]> {
  const rows = await db
    .selectFrom('library_files')
    .select(['folder', 'path'])
    .where('sha256', '=', sha256)
    .orderBy('folder')
    .orderBy('path')
    .execute()
  return rows.map(({ folder, path }) => `${folder}/${path}`)
}
