import { basename, dirname } from 'node:path'
import type { BlobFacts } from '../../blobs/blob-store.ts'
import type { KeptDocuments } from '../../blobs/documents.ts'
import type { KeptPictures, PagePicture } from '../../blobs/pictures.ts'
import type { DocumentFailure, DocumentId, Page } from '../../contract/document.ts'
import { documentIdOf } from '../../documents/hash.ts'
import type { PdfSource, Reader, ReadOutcome } from '../../documents/reader.ts'
import { messageOf, SheafError } from '../../errors.ts'
import type { Download } from '../../sources/full-texts.ts'
import type { Sql } from '../../store/database.ts'
import { findDocument, pagesOf, storeDocument, storeFailure } from '../../store/documents.ts'
import { filesHaving, knownFile, rememberFiles } from '../../store/library.ts'

/** Documents as this deployment has read them: each file's bytes are parsed once, ever. */
export interface DocumentArchive {
  /** Reads a file, or takes it from the store when its bytes were read before. */
  readFile(path: string, signal?: AbortSignal): Promise<ReadOutcome>
  /**
   * Reads what an address gives, or takes it from the store when that address was read of late; `download` is asked
   * only where it must be. What was downloaded is kept, so that pictures can be drawn of it.
   */
  readAddress(url: string, download: () => Promise<Download>, signal?: AbortSignal): Promise<AddressRead>
  /** The pages of a document that was read; empty when it is unknown or could not be read. */
  pages(id: DocumentId): Promise<Page[]>
  /** A page as a picture: as it was drawn before, else from a file that still holds these bytes; undefined when there is none. */
  picture(id: DocumentId, page: number): Promise<PagePicture | undefined>
}

/** What reading an address came to. The pages, which are much, are in the store. */
export type AddressRead =
  | { readonly ok: true; readonly document: { readonly id: DocumentId; readonly pageCount: number } }
  | Extract<ReadOutcome | Download, { ok: false }>

/** What an address gave: a document, or why it gave none. */
export type AddressOutcome =
  | { readonly document: DocumentId }
  | { readonly refused: Extract<Download, { ok: false }> }

/** What addresses gave, remembered for a while, so that none is asked again for what it gave or refused a moment ago. */
export interface AddressMemory {
  /** What an address gave of late, or gives `ask` now; several who want to know it at once have it asked once. */
  recallOrAsk(
    url: string,
    ask: () => Promise<AddressOutcome>,
    signal: AbortSignal | undefined,
  ): Promise<AddressOutcome>
  remember(url: string, outcome: AddressOutcome): Promise<void>
}

/** Files by their places, on this machine or in the deployment's store. */
export interface ReadableFiles {
  /** Undefined where there is nothing; throws where that cannot be told. */
  find(place: string): Promise<BlobFacts | undefined>
  /** Undefined where there is nothing; throws where it cannot be read. */
  read(place: string): Promise<Buffer | undefined>
}

/** What an archive stands on. Files beyond `largestFile` bytes are left to the reader to refuse. */
export interface ArchiveParts {
  readonly sql: Sql
  readonly reader: Reader
  readonly files: ReadableFiles
  readonly documents: KeptDocuments
  readonly pictures: KeptPictures
  readonly addresses: AddressMemory
  readonly largestFile: number
}

/** Puts the archive together. */
export function createArchive(parts: ArchiveParts): DocumentArchive {
  const { sql, files, reader, pictures } = parts
  return {
    readFile: (path, signal) => readOnce(parts, path, signal),
    readAddress: (url, download, signal) => readAddressOnce(parts, url, download, signal),
    pages: (id) => pagesOf(sql, id),
    picture: (id, page) =>
      pictures.findOrDraw(id, page, async () => {
        const source = await bytesOf(sql, files, id)
        return source && reader.render({ source, page })
      }),
  }
}

async function readAddressOnce(
  parts: ArchiveParts,
  url: string,
  download: () => Promise<Download>,
  signal: AbortSignal | undefined,
): Promise<AddressRead> {
  const { sql, addresses } = parts
  const asked: { read?: AddressRead } = {}
  const ask = async () => {
    const { outcome, read } = await readDownload(parts, await download(), signal)
    asked.read = read
    return outcome
  }
  const outcome = await addresses.recallOrAsk(url, ask, signal)
  if (asked.read) return asked.read
  if ('refused' in outcome) return outcome.refused
  const stored = await storedOutcome(sql, outcome.document)
  if (stored) return stored
  // Its document is not in the store any more, or could not be read for a reason that may have passed.
  await addresses.remember(url, await ask())
  return asked.read!
}

async function readDownload(
  { sql, reader, documents }: ArchiveParts,
  downloaded: Download,
  signal: AbortSignal | undefined,
): Promise<{ outcome: AddressOutcome; read: AddressRead }> {
  if (!downloaded.ok) return { outcome: { refused: downloaded }, read: downloaded }
  const id = documentIdOf(downloaded.bytes)
  const path = await documents.keep(id, downloaded.bytes)
  const read =
    (await storedOutcome(sql, id)) ?? withoutPages(await readAndStore(sql, reader, downloaded.bytes, signal))
  const file = { path: basename(path), size: downloaded.bytes.length, modified: 0, sha256: id }
  await rememberFiles(sql, dirname(path), [file])
  return { outcome: { document: id }, read }
}

async function readOnce(
  { sql, files, reader, largestFile }: ArchiveParts,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadOutcome> {
  const file = await openable(files.find(path))
  if ('failure' in file) return file
  const known = await knownFile(sql, dirname(path), basename(path))
  if (known?.size === file.bytes && known.modified === file.modified) {
    const stored = await fromStore(sql, known.sha256)
    if (stored) return stored
  }
  if (file.bytes > largestFile) return reader.read(path, signal)
  const bytes = await openable(files.read(path))
  if ('failure' in bytes) return bytes
  const id = documentIdOf(bytes)
  const outcome = (await fromStore(sql, id)) ?? (await readAndStore(sql, reader, bytes, signal))
  await rememberFiles(sql, dirname(path), [
    { path: basename(path), size: file.bytes, modified: file.modified, sha256: id },
  ])
  return outcome
}

/** What is wrong with a file is an outcome; that the store is away for a while is none. */
async function openable<Value extends object>(
  asked: Promise<Value | undefined>,
): Promise<Value | (ReadOutcome & { ok: false })> {
  let why: unknown = 'it is not there'
  try {
    const value = await asked
    if (value) return value
  } catch (thrown) {
    if (SheafError.isInstance(thrown) && thrown.retryable) throw thrown
    why = thrown
  }
  const message = `The file cannot be opened: ${messageOf(why)}`
  return { ok: false, failure: { code: 'file_unreadable', message } }
}

/** Failures that may be the machine's and not the file's: such a file is tried again the next time it is asked for. */
const passing: ReadonlySet<DocumentFailure['code']> = new Set([
  'timed_out',
  'out_of_memory',
  'engine_crashed',
])

async function fromStore(sql: Sql, id: DocumentId): Promise<ReadOutcome | undefined> {
  const stored = await storedOutcome(sql, id)
  if (!stored?.ok) return stored
  const { pageCount: _, ...document } = stored.document
  return { ok: true, document: { ...document, pages: await pagesOf(sql, id) } }
}

async function storedOutcome(sql: Sql, id: DocumentId) {
  const document = await findDocument(sql, id)
  if (!document) return undefined
  const { failure, byteLength } = document
  if (failure && passing.has(failure.code)) return undefined
  if (failure) return { ok: false, id, byteLength, failure } as const
  return { ok: true, document } as const
}

function withoutPages(outcome: ReadOutcome): AddressRead {
  if (!outcome.ok) return outcome
  const { id, pages } = outcome.document
  return { ok: true, document: { id, pageCount: pages.length } }
}

async function readAndStore(
  sql: Sql,
  reader: Reader,
  source: PdfSource,
  signal: AbortSignal | undefined,
): Promise<ReadOutcome> {
  const outcome = await reader.read(source, signal)
  if (outcome.ok) await storeDocument(sql, outcome.document)
  else if (outcome.id !== undefined && outcome.byteLength !== undefined)
    await storeFailure(sql, { id: outcome.id, byteLength: outcome.byteLength }, outcome.failure)
  return outcome
}

async function bytesOf(sql: Sql, files: ReadableFiles, id: DocumentId): Promise<Uint8Array | undefined> {
  for (const path of await filesHaving(sql, id)) {
    const bytes = await openable(files.read(path))
    if (!('failure' in bytes) && documentIdOf(bytes) === id) return bytes
  }
  return undefined
}
