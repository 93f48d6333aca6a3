import { createHash, randomUUID } from 'node:crypto'
import {
  constants,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import type { DatabaseConfig } from '../../src/store/database.ts'
import { openDatabase } from '../../src/store/database.ts'
import { postgresUrl } from './services.ts'

/** A kind of database to loop a suite over, with a new one of it at will: empty, and at the present version. */
export interface DatabaseKind {
  readonly kind: DatabaseConfig['kind']
  /** Undefined where it cannot be had; see `describeService`. */
  readonly service: string | undefined
  create(): Promise<TestDatabase>
}

export interface TestDatabase {
  readonly config: DatabaseConfig
  /** Removes it; it must be closed. */
  remove(): Promise<void>
}

/** Both databases, PGlite first. */
export async function databaseKinds(): Promise<DatabaseKind[]> {
  const url = await postgresUrl()
  return [
    { kind: 'pglite', service: 'embedded', create: createPglite },
    { kind: 'postgres', service: url, create: () => createPostgres(url!) },
  ]
}

/** A data folder with an empty database at the present version, copied from one that is made once for all tests. */
export async function createPglite(): Promise<TestDatabase & { config: { kind: 'pglite'; folder: string } }> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-data-'))
  await copyPglite(folder)
  return {
    config: { kind: 'pglite', folder },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Copies the empty database into a folder. */
export async function copyPglite(folder: string): Promise<void> {
  cpSync(await pgliteTemplate(), folder, { recursive: true, mode: constants.COPYFILE_FICLONE })
}

async function createPostgres(url: string): Promise<TestDatabase> {
  const name = `sheaf_test_${randomUUID().replaceAll('-', '')}`
  await onServer(url, async (client) => {
    await client.query(`create database ${name} template ${await postgresTemplate(client, url)}`)
  })
  return {
    config: { kind: 'postgres', url: onDatabase(url, name) },
    remove: () =>
      onServer(url, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      }),
  }
}

function onDatabase(url: string, name: string): string {
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

async function onServer(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** The name of an empty database on this server, made by whoever is first. */
async function postgresTemplate(client: pg.Client, url: string): Promise<string> {
  const name = `sheaf_template_${versionOfTables()}`
  await client.query('select pg_advisory_lock(hashtext($1))', [name])
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 1) return name
    await client.query(`drop database if exists ${name}_new with (force)`)
    await client.query(`create database ${name}_new`)
    const database = await openDatabase({ kind: 'postgres', url: onDatabase(url, `${name}_new`) })
    await database.close()
    await client.query(`alter database ${name}_new rename to ${name}`)
    return name
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name])
  }
}

/** Another one when a migration or the version of PGlite or BullMQ changes. */
function versionOfTables(): string {
  const root = resolve(import.meta.dirname, '../..')
  const hash = createHash('sha256')
  for (const path of globSync('src/store/{migrations/*,migrate,pglite/folder}.ts', { cwd: root }).sort()) {
    hash.update(readFileSync(join(root, path)))
  }
  for (const name of ['@electric-sql/pglite', 'bullmq']) {
    hash.update(readFileSync(join(root, 'node_modules', name, 'package.json')))
  }
  return hash.digest('hex').slice(0, 16)
}

async function pgliteTemplate(): Promise<string> {
  const kept = resolve(import.meta.dirname, '../../node_modules/.cache')
  mkdirSync(kept, { recursive: true })
  const path = join(kept, `sheaf-template-${versionOfTables()}`)
  if (existsSync(path)) return path
  const made = mkdtempSync(`${path}-`)
  const database = await openDatabase({ kind: 'pglite', folder: made })
  await database.close()
  try {
    renameSync(made, path)
  } catch (thrown) {
    // Another test file was quicker.
    if (!existsSync(path)) throw thrown
    rmSync(made, { recursive: true })
  }
  return path
}
