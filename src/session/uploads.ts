import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beginningBytes, receive } from '../blobs/receive.ts'
import type { Upload } from '../contract/api/library.ts'
import type { Caller } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { forgetFiles } from '../store/library.ts'
import * as store from '../store/uploads.ts'
import type { Deployment } from './deployment.ts'

/** Where users' own papers are, and how much each may put in. */
export interface UploadLimits {
  /** Holds a folder for each user. */
  readonly folder: string
  /** Files of one user, and their bytes in all. */
  readonly mostFiles: number
  readonly mostBytes: number
  /** Bytes of one paper, and of one bibliography. */
  readonly largestPaper: number
  readonly largestBibliography: number
  /** Milliseconds without a byte after which an upload is given up. */
  readonly patience: number
}

type Parts = Pick<Deployment, 'sql' | 'uploads'>

/** Folder of a user's own papers. Named by a hash, so that no user's name is ever a path. */
export function uploadFolder({ folder }: UploadLimits, user: string): string {
  return join(folder, createHash('sha256').update(user).digest('hex').slice(0, 32))
}

/** The caller's files by name, those after `after`, at most `limit`. */
export async function listUploads(
  { sql }: Parts,
  { user }: Caller,
  page: { after?: string | undefined; limit: number },
): Promise<Upload[]> {
  return (await store.listUploads(sql, user, page)).map(shown)
}

/** One file of the caller. @throws {SheafError} `not_found`, also for what others have. */
export async function readUpload({ sql }: Parts, { user }: Caller, name: string): Promise<Upload> {
  const found = await store.findUpload(sql, user, name)
  if (!found) throw noSuchFile(name)
  return shown(found)
}

/** The bytes of a file of the caller. @throws {SheafError} `not_found`. */
export async function openUpload(
  { sql, uploads }: Parts,
  caller: Caller,
  name: string,
): Promise<{ sha256: string; open(): Promise<{ bytes: number; stream: ReadableStream }> }> {
  const { sha256 } = await readUpload({ sql, uploads }, caller, name)
  const path = join(uploadFolder(uploads, caller.user), name)
  return {
    sha256,
    async open() {
      const file = await open(path).catch(() => Promise.reject(noSuchFile(name)))
      const { size } = await file.stat()
      return { bytes: size, stream: Readable.toWeb(file.createReadStream()) as ReadableStream }
    },
  }
}

/**
 * Takes a file as it comes. One of the same name is replaced when the new one is whole; the same bytes change nothing.
 * @param announced what the sender says its length is, which is not believed but can be refused at once
 * @throws {SheafError} `too_large`; `conflict` when the user has too much; `invalid_input` when it is not what it is
 *   called, or stops coming
 */
export async function keepUpload(
  { sql, uploads }: Parts,
  { user }: Caller,
  name: string,
  body: ReadableStream<Uint8Array> | null,
  announced?: number,
): Promise<{ upload: Upload; isNew: boolean }> {
  const beside = await store.uploadsBeside(sql, user, name)
  if (beside.files >= uploads.mostFiles) throw tooMany(uploads)
  const isPaper = /\.pdf$/i.test(name)
  const check = (bytes: number) => {
    const largest = isPaper ? uploads.largestPaper : uploads.largestBibliography
    if (bytes > largest)
      throw new SheafError(
        'too_large',
        `${isPaper ? 'A paper' : 'A bibliography'} may have ${largest} bytes.`,
      )
    if (beside.bytes + bytes > uploads.mostBytes) throw tooMuch(uploads)
  }
  if (announced !== undefined) check(announced)
  const folder = uploadFolder(uploads, user)
  const received = await receive(body, folder, {
    patience: uploads.patience,
    check(bytes, beginning, isWhole) {
      check(bytes)
      if (isPaper && (isWhole || beginning.length === beginningBytes) && !beginning.includes('%PDF-'))
        throw new SheafError('invalid_input', `${name} is not a PDF: %PDF- is not in its first 1,024 bytes.`)
    },
  })
  try {
    return await store.withUploadsOf(sql, user, async (trx) => {
      const now = await store.uploadsBeside(trx, user, name)
      if (now.files >= uploads.mostFiles) throw tooMany(uploads)
      if (now.bytes + received.bytes > uploads.mostBytes) throw tooMuch(uploads)
      const before = await store.findUpload(trx, user, name)
      // Renamed also when nothing changed: the file on disk may have been lost, and a rename costs nothing.
      await rename(received.path, join(folder, name))
      if (before?.sha256 !== received.sha256)
        await store.storeUpload(trx, user, { name, bytes: received.bytes, sha256: received.sha256 })
      return { upload: shown((await store.findUpload(trx, user, name))!), isNew: before === undefined }
    })
  } finally {
    await rm(received.path, { force: true })
  }
}

/** Removes a file of the caller. Reviews that have read it keep what they found. @throws {SheafError} `not_found`. */
export async function removeUpload({ sql, uploads }: Parts, { user }: Caller, name: string): Promise<void> {
  const folder = uploadFolder(uploads, user)
  await store.withUploadsOf(sql, user, async (trx) => {
    if (!(await store.removeUpload(trx, user, name))) throw noSuchFile(name)
    await forgetFiles(trx, folder, [name])
    await rm(join(folder, name), { force: true })
  })
}

function shown({ uploadedAt, ...same }: store.StoredUpload): Upload {
  return { ...same, uploadedAt: uploadedAt.toISOString() }
}

function noSuchFile(name: string): SheafError {
  return new SheafError('not_found', `You have no file ${name}.`)
}

function tooMany({ mostFiles }: UploadLimits): SheafError {
  return new SheafError('conflict', `You have ${mostFiles} files, as many as one user may have.`, {
    advice: 'Remove some first.',
  })
}

function tooMuch({ mostBytes }: UploadLimits): SheafError {
  return new SheafError('conflict', `Your files may have ${mostBytes} bytes in all.`, {
    advice: 'Remove some first.',
  })
}
