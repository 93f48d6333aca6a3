import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { SheafError } from '../../errors.ts'

/** File whose lock says that a process works on the folder. */
export const lockFile = 'sheaf.lock'
/** Who holds it, for the message to the next one. Never trusted for anything else. */
const holderFile = 'holder.json'

const holderSchema = z.object({ pid: z.number().int(), since: z.iso.datetime() })

/** Held until released, or until the process ends in whatever way. */
export interface FolderLock {
  release(): void
}

/**
 * Takes a folder for this process alone. The lock is one of the operating system on an SQLite file (an exclusive
 * transaction, https://www.sqlite.org/lockingv3.html): the kernel drops it when the process dies, so nothing can go
 * stale, no process number is ever compared, and of two starters exactly one wins. SQLite is how Node reaches such a
 * lock without a native module. Throws SheafError `locked`, or `store_unavailable` when the folder cannot be written.
 */
export function lockFolder(folder: string, now: Date = new Date()): FolderLock {
  let file: DatabaseSync
  try {
    mkdirSync(folder, { recursive: true })
    file = new DatabaseSync(join(folder, lockFile), { timeout: 0 })
  } catch (thrown) {
    throw unwritable(folder, thrown)
  }
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    file.close()
    throw isBusy(thrown) ? locked(folder) : unwritable(folder, thrown)
  }
  try {
    const temporary = join(folder, `${holderFile}.${process.pid}`)
    writeFileSync(temporary, JSON.stringify({ pid: process.pid, since: now.toISOString() }))
    renameSync(temporary, join(folder, holderFile))
  } catch (thrown) {
    file.close()
    throw unwritable(folder, thrown)
  }
  return {
    release() {
      if (!file.isOpen) return
      rmSync(join(folder, holderFile), { force: true })
      file.close()
    },
  }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === sqliteBusy
}

function locked(folder: string): SheafError {
  const holder = readHolder(folder)
  const who = holder ? `process ${holder.pid} since ${holder.since}` : 'another process'
  return new SheafError('locked', `The data folder ${folder} is in use by ${who}.`, {
    advice: 'Wait until it has finished, stop it, or choose another data folder. Nothing has been changed.',
  })
}

function readHolder(folder: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(folder, holderFile), 'utf8')))
  } catch {
    // The holder has not written it yet: it is known that the folder is locked, only not by whom.
    return undefined
  }
}

function unwritable(folder: string, cause: unknown): SheafError {
  return new SheafError('store_unavailable', `The data folder ${folder} cannot be written.`, {
    cause,
    advice: 'Check that the path is a folder, that you may write to it, and that the disk has room.',
  })
}
