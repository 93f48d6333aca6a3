import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPglite, type TestDatabase } from '../../../test/support/databases.ts'
import { type Database, openDatabase } from '../database.ts'
import { storeDocument } from '../documents.ts'

let data: TestDatabase & { config: { kind: 'pglite'; folder: string } }
beforeEach(async () => {
  data = await createPglite()
})
afterEach(() => data.remove())

const unusable = (advice: RegExp) => ({ code: 'store_unavailable', advice: expect.stringMatching(advice) })
const open = (folder = data.config.folder) => openDatabase({ kind: 'pglite', folder })
const within = (path: string) => join(data.config.folder, path)

/** Names and sizes of all files but the lock's and PostgreSQL's caches, to tell that nothing was touched. */
function listing(folder = data.config.folder): string[] {
  const files = spawnSync('find', [folder, '-type', 'f', '-printf', '%P %s\\n']).stdout.toString()
  return files
    .split('\n')
    .filter((line) => !/^(sheaf\.lock|holder|.*pg_internal\.init )/.test(line))
    .sort()
}

describe('a data folder that cannot be used', () => {
  test.each([
    ['a control file cut short', () => truncateSync(within('postgres/global/pg_control'), 100)],
    ['a catalogue cut short', () => truncateSync(within('postgres/base/5/1259'), 5000)],
    ['a missing log', () => rmSync(within('postgres/pg_wal'), { recursive: true })],
    ['a missing PG_VERSION, for which PGlite would begin anew', () => rmSync(within('postgres/PG_VERSION'))],
    [
      'a catalogue of noise',
      () => writeFileSync(within('postgres/base/5/1259'), Buffer.alloc(65536, 'noise')),
    ],
  ])('%s is told, and nothing is deleted', async (_name, damage) => {
    damage()
    const before = listing()
    await expect(open()).rejects.toMatchObject(unusable(/Restore the folder from a copy/))
    const after = new Set(listing().map((line) => line.split(' ')[0]))
    expect(before.filter((line) => !after.has(line.split(' ')[0]))).toEqual([])
  })

  test('one of another PostgreSQL is left as it is', async () => {
    writeFileSync(within('postgres/PG_VERSION'), '17\n')
    const before = listing()
    await expect(open()).rejects.toMatchObject(unusable(/version of Sheaf that made it/))
    expect(listing()).toEqual(before)
  })

  test('one of a newer Sheaf that this one gets on with is used, and left as it is', async () => {
    let database = await open()
    await sql`insert into sheaf.migration (name, timestamp) values ('9998-more', 'then')`.execute(
      database.sql,
    )
    await database.close()
    database = await open()
    const { rows } = await sql<{ name: string }>`select max(name) as name from sheaf.migration`.execute(
      database.sql,
    )
    expect(rows).toEqual([{ name: '9998-more' }])
    await database.close()
  })

  test('one of a newer Sheaf that has changed too much is left as it is', async () => {
    let database = await open()
    await sql`update sheaf.compatible set oldest = '9999-later'`.execute(database.sql)
    await sql`insert into sheaf.migration (name, timestamp) values ('9999-later', 'then')`.execute(
      database.sql,
    )
    await database.close()
    await expect(open()).rejects.toMatchObject(unusable(/Update Sheaf/))
    await expect(open()).rejects.toMatchObject({ code: 'store_unavailable' })
    rmSync(data.config.folder, { recursive: true })
    data = await createPglite()
    database = await open()
    await database.close()
  })

  test('a folder of something else is left as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sheaf-other-'))
    writeFileSync(join(folder, 'thesis.docx'), 'years of work')
    await expect(open(folder)).rejects.toMatchObject(unusable(/empty or a new folder/))
    expect(readdirSync(folder)).toEqual(['thesis.docx'])
    rmSync(folder, { recursive: true })
  })
})

describe('a start', () => {
  test('clears away a first start that was killed', async () => {
    rmSync(within('postgres/base'), { recursive: true })
    writeFileSync(within('being-created'), '')
    const database = await open()
    expect(await database.sql.selectFrom('sessions').selectAll().execute()).toEqual([])
    await database.close()
    expect(readdirSync(data.config.folder)).not.toContain('being-created')
  })

  test('gives the folder free when it fails', async () => {
    const control = within('postgres/global/pg_control')
    cpSync(control, within('kept'))
    truncateSync(control, 0)
    await expect(open()).rejects.toMatchObject({ code: 'store_unavailable' })
    cpSync(within('kept'), control)
    const database = await open()
    await database.close()
    await database.close()
  })
})

/** Small file systems of their own need root and mount(8). */
const mounts =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mkdirAt('sheaf-mount-probe')]).status === 0
if (mounts) spawnSync('umount', [mkdirAt('sheaf-mount-probe')])

function mkdirAt(name: string): string {
  const path = join(tmpdir(), name)
  mkdirSync(path, { recursive: true })
  return path
}

describe.skipIf(!mounts)('a file system (needs root and mount)', () => {
  let folder: string
  const remount = (options: string) => spawnSync('mount', ['-o', `remount,${options}`, folder])
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sheaf-mount-'))
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=70m', 'tmpfs', folder])
    cpSync(data.config.folder, join(folder, 'data'), { recursive: true })
  })
  afterEach(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })

  test('that is read-only is told', async () => {
    remount('ro')
    await expect(open(join(folder, 'data'))).rejects.toMatchObject(unusable(/may write/))
  })

  test('that is full is told and loses nothing that was stored', async () => {
    let database = await open(join(folder, 'data'))
    let stored = 0
    const failure = await fill(database, () => {
      stored += 1
    })
    expect(failure).toMatchObject(unusable(/room/))
    expect(failure).toMatchObject({ message: expect.stringContaining('No space left on device') })
    await database.close()

    remount('size=200m')
    database = await open(join(folder, 'data'))
    const there = await database.sql.selectFrom('documents').select('id').execute()
    expect(there).toHaveLength(stored)
    await database.close()
  })

  test('without room for the log stops the engine, but neither the process nor what comes later', async () => {
    let database = await open(join(folder, 'data'))
    await storeDocument(database.sql, { id: '0'.repeat(64), ...empty })
    spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'ballast')}`, 'bs=64k'])
    const writeLog = sql`select pg_logical_emit_message(false, 'fill', repeat('x', 2000000))`
    const failure = await (async () => {
      for (let written = 0; written < 40; written += 1) await writeLog.execute(database.sql)
    })().catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject(unusable(/start again/))
    expect(failure).toMatchObject({ message: expect.stringContaining('No space left on device') })
    await expect(sql`select 1`.execute(database.sql)).rejects.toMatchObject({ code: 'store_unavailable' })
    await database.close()

    rmSync(join(folder, 'ballast'))
    database = await open(join(folder, 'data'))
    expect(await database.sql.selectFrom('documents').select('id').execute()).toHaveLength(1)
    await database.close()
  })

  test('without room for the first database is told', async () => {
    remount('size=41m')
    appendFileSync(join(folder, 'ballast'), Buffer.alloc(1))
    await expect(open(join(folder, 'new'))).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})

const empty = { byteLength: 1, metadata: {}, pageFailures: [], pages: [] }

/** Stores documents of a megabyte each until that fails. */
async function fill(database: Database, onStored: () => void): Promise<unknown> {
  for (let index = 0; index < 100; index += 1) {
    const text = randomBytes(750_000).toString('base64')
    const page = { number: 1, width: 1, height: 1, text, lines: [], boxes: Buffer.alloc(0) }
    const id = index.toString(16).padStart(64, '0')
    try {
      await storeDocument(database.sql, { ...empty, id, pages: [page] })
      onStored()
    } catch (thrown) {
      return thrown
    }
  }
  return undefined
}
