import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { SheafError } from '../../errors.ts'

/** File whose lock says that a process works on the folder. */
export const lockFile = 'sheaf.lock'
/** Who holds it: for the message to the next one, and where a server can be asked instead. For its owner's eyes alone. */
const holderFile = 'holder.json'

/** An address of this machine alone, without a path or anything else that would lead astray. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  return protocol === 'http:' && origin === url && /^(127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

const serverNoteSchema = z.object({
  url: z.string().refine(isLoopback, 'is not on this machine'),
  secret: z.string().min(32).max(200),
})

/** Where a server that holds the folder is, and the token by which it knows whoever may read the folder. */
export type ServerNote = z.infer<typeof serverNoteSchema>

const holderSchema = z.object({
  pid: z.number().int(),
  since: z.iso.datetime(),
  // What is wrong with it makes the rest no worse.
  server: serverNoteSchema.optional().catch(undefined),
})
type Holder = z.infer<typeof holderSchema>

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
    writeHolder(folder, { pid: process.pid, since: now.toISOString() })
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

/** Notes in a folder whose lock this process holds that it is a server, or is none any more. The note goes with the lock. Throws SheafError `store_unavailable`. */
export function noteServer(folder: string, server: ServerNote | undefined): void {
  const since = readHolder(folder)?.since ?? new Date().toISOString()
  try {
    writeHolder(folder, { pid: process.pid, since, ...(server && { server }) })
  } catch (thrown) {
    throw unwritable(folder, thrown)
  }
}

/**
 * Whether a process holds the folder. Who takes it at this very moment may be refused, so ask only where somebody probably
 * does; nothing is changed.
 */
export function isHeld(folder: string): boolean {
  try {
    using file = new DatabaseSync(join(folder, lockFile), { timeout: 0 })
    file.exec('SELECT 1 FROM sqlite_schema')
    return false
  } catch (thrown) {
    return isBusy(thrown)
  }
}

/**
 * What a server that holds the folder has said of itself. A killed one's note stays until the next holder writes its own,
 * see {@link isHeld}. A note that others could have written is not believed.
 */
export function serverOf(folder: string): (ServerNote & { pid: number }) | undefined {
  const holder = readHolder(folder)
  if (!holder?.server) return undefined
  const file = lstatSync(join(folder, holderFile), { throwIfNoEntry: false })
  if (!file) return undefined
  const isMine = process.getuid === undefined || (file.uid === process.getuid() && (file.mode & 0o077) === 0)
  return isMine ? { pid: holder.pid, ...holder.server } : undefined
}

function writeHolder(folder: string, holder: Holder): void {
  const temporary = join(folder, `${holderFile}.${process.pid}`)
  rmSync(temporary, { force: true })
  writeFileSync(temporary, JSON.stringify(holder), { mode: 0o600, flag: 'wx' })
  renameSync(temporary, join(folder, holderFile))
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

function readHolder(folder: string): Holder | undefined {
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
