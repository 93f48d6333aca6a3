import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { DocumentId } from '../contract/document.ts'
import { messageOf, SheafError } from '../errors.ts'

/** Full texts that were downloaded, kept by the hash of their bytes, so that pictures can be drawn and reports verified. */
export interface BlobFolder {
  /** Keeps the bytes of a document and returns the file that holds them. The same bytes again cost nothing. */
  keep(id: DocumentId, bytes: Uint8Array): Promise<string>
}

/**
 * A blob folder on disk: `ab/abcdef….pdf`. A file appears under its name only when it is whole.
 * Its `keep` throws SheafError `store_unavailable` when the folder cannot be written.
 */
export function createBlobFolder(folder: string): BlobFolder {
  return {
    async keep(id, bytes) {
      const place = join(folder, id.slice(0, 2))
      const path = join(place, `${id}.pdf`)
      const there = await stat(path).catch(() => undefined)
      if (there?.size === bytes.length) return path
      try {
        await mkdir(place, { recursive: true, mode: 0o700 })
        const unfinished = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
        await writeFile(unfinished, bytes, { mode: 0o600, flush: true })
        await rename(unfinished, path)
      } catch (cause) {
        throw new SheafError('store_unavailable', `A full text cannot be kept: ${messageOf(cause)}`, {
          advice: `Check that ${folder} can be written and has room.`,
          cause,
        })
      }
      return path
    },
  }
}
