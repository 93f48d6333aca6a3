import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** Linux's file system in memory; containers often give it no more than 64 MB. */
const memory = '/dev/shm'
/** Bytes that the tests' folders may come to, those of three test files and whole reviews at once. */
const needed = 4 * 2 ** 30
const prefix = 'sheaf-tests-'

/**
 * Puts the folders that tests make into memory where there is room for them: a new embedded database is 1,500 files, and writing
 * them took a fifth of all tests' time. Removes them at the end, and first those of runs that were killed.
 */
export function setup(): (() => void) | undefined {
  if (!existsSync(memory)) return undefined
  for (const name of readdirSync(memory))
    if (name.startsWith(prefix) && !existsSync(`/proc/${name.slice(prefix.length)}`))
      remove(join(memory, name))
  const { bavail, bsize } = statfsSync(memory)
  if (bavail * bsize < needed) return undefined
  const folder = join(memory, `${prefix}${process.pid}`)
  mkdirSync(folder, { mode: 0o711 })
  process.env.TMPDIR = folder
  return () => remove(folder)
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
