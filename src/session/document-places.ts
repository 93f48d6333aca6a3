import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { DocumentId } from '../contract/document.ts'
import { manifestSchema, reportDocumentSchema } from '../contract/report.ts'

/** Where the documents of a report may be found again. */
export interface DocumentPlaces {
  /** The documents, as the report lists them. */
  order: DocumentId[]
  /** Files that may hold a document: where the review read it, then those of the given folders with its hash or name. */
  pathsOf(id: DocumentId): Promise<string[]>
}

const listedSchema = z.object({ documents: z.array(reportDocumentSchema) })

/**
 * Reads what a report says of its documents' places. A report or manifest that cannot be read says nothing here; that it
 * is broken is found by who checks it.
 */
export async function findDocumentPlaces(
  report: string,
  folders: readonly string[],
): Promise<DocumentPlaces> {
  const listed = listedSchema.safeParse(await jsonOf(join(report, 'report.json')))
  const manifest = manifestSchema.safeParse(await jsonOf(join(report, 'manifest.json')))
  const documents = listed.success ? listed.data.documents : []
  const inputs = manifest.success ? manifest.data.inputs : []
  let byHash: Promise<ReadonlyMap<string, string[]>> | undefined

  return {
    order: documents.flatMap(({ id }) => (id === undefined ? [] : [id])),
    async pathsOf(id) {
      const recorded = inputs.filter(({ sha256 }) => sha256 === id).map(({ path }) => path)
      if (folders.length === 0) return recorded
      byHash ??= hashPdfs(folders)
      const files = documents.find((document) => document.id === id)?.files ?? []
      const named = folders.flatMap((folder) => files.map((file) => join(folder, file)))
      return [...new Set([...((await byHash).get(id) ?? []), ...recorded, ...named])]
    },
  }
}

async function jsonOf(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => 'null')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** All files of the folders by the SHA-256 of their bytes. */
async function hashPdfs(folders: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const paths = new Map<string, string[]>()
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const hash = createHash('sha256')
      await pipeline(createReadStream(path), hash)
      const id = hash.digest('hex')
      paths.set(id, [...(paths.get(id) ?? []), path])
    }
  return paths
}
