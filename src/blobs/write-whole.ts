import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { messageOf, SheafError } from '../errors.ts'

/**
 * Writes a file that appears under its name only when it is whole, whoever else writes it too, and can be read by its owner alone.
 * @param what names the content in the failure's sentence, as `A full text`
 * @throws {SheafError} `store_unavailable` when the folder cannot be written
 */
export async function writeWhole(path: string, bytes: Uint8Array, what: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const unfinished = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
    await writeFile(unfinished, bytes, { mode: 0o600, flush: true })
    await rename(unfinished, path)
  } catch (cause) {
    throw new SheafError('store_unavailable', `${what} cannot be kept: ${messageOf(cause)}`, {
      advice: `Check that ${dirname(path)} can be written and has room.`,
      cause,
    })
  }
}
