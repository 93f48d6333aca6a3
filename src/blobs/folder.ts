import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentId } from '../contract/document.ts'
import { writeWhole } from './write-whole.ts'

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
      const path = join(folder, id.slice(0, 2), `${id}.pdf`)
      const there = await stat(path).catch(() => undefined)
      if (there?.size !== bytes.length) await writeWhole(path, bytes, 'A full text')
      return path
    },
  }
}
