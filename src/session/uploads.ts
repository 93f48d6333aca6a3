import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { BlobStore, OpenBlob } from '../blobs/blob-store.ts'
import { beginningBytes, receive } from '../blobs/receive.ts'
import type { Upload } from '../contract/api/library.ts'
import type { Caller } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { forgetFiles } from '../store/library.ts'
import * as store from '../store/uploads.ts'
import type { Deployment } from './deployment.ts'

/** How much each user may put in. */
export interface UploadLimits {
  /** Files of one user, and their bytes in all. */
  readonly mostFiles: number
  readonly mostBytes: number
  /** Bytes of one paper, and of one bibliography. */
  readonly largestPaper: number
  readonly largestBibliography: number
  /** Milliseconds without a byte after which an upload is given up. */
  readonly patience: number
}

type Parts = Pick<Deployment, 'sql' | 'blobs' | 'uploads' | 'once'>

/** Place of a user's own papers, or of one of them. Named by a hash, so that no user's name is ever a path. */
export function uploadPlace(blobs: BlobStore, user: string, ...name: string[]): string {
  return blobs.placeOf('library', createHash('sha256').update(user).digest('hex').slice(0, 32), ...name)
}

/** The caller's files by name, those after `after`, at most `limit`. */
export async function listUploads(
  { sql }: Pick<Parts, 'sql'>,
  { user }: Caller,
  page: { after?: string | undefined; limit: number },
): Promise<Upload[]> {
  return (await store.listUploads(sql, user, page)).map(shown)
}

/** One file of the caller. @throws {SheafError} `not_found`, also for what others have. */
export async function readUpload(
  { sql }: Pick<Parts, 'sql'>,
  { user }: Caller,
  name: string,
): Promise<Upload> {
  const found = await store.findUpload(sql, user, name)
  if (!found) throw noSuchFile(name)
  return shown(found)
}

/** The bytes of a file of the caller. @throws {SheafError} `not_found`. */
export async function openUpload(
  { sql, blobs }: Pick<Parts, 'sql' | 'blobs'>,
  caller: Caller,
  name: string,
): Promise<{ sha256: string; open(): Promise<OpenBlob> }> {
  const { sha256 } = await readUpload({ sql }, caller, name)
  return {
    sha256,
    async open() {
      const blob = await blobs.open(uploadPlace(blobs, caller.user, name))
      if (!blob) throw noSuchFile(name)
      return blob
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
  { sql, blobs, uploads, once }: Parts,
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
  const place = uploadPlace(blobs, user, name)
  const received = await receive(body, blobs.receivingFolder(place), {
    patience: uploads.patience,
    check(bytes, beginning, isWhole) {
      check(bytes)
      if (isPaper && (isWhole || beginning.length === beginningBytes) && !beginning.includes('%PDF-'))
        throw new SheafError('invalid_input', `${name} is not a PDF: %PDF- is not in its first 1,024 bytes.`)
    },
  })
  try {
    return await once.alone(turnOf(user), async (hold) => {
      const now = await store.uploadsBeside(sql, user, name)
      if (now.files >= uploads.mostFiles) throw tooMany(uploads)
      if (now.bytes + received.bytes > uploads.mostBytes) throw tooMuch(uploads)
      const before = await store.findUpload(sql, user, name)
      await hold()
      // Taken also when nothing changed: what was kept may have been lost.
      await blobs.take(place, received)
      if (before?.sha256 !== received.sha256)
        await sql.transaction().execute(async (trx) => {
          await store.storeUpload(trx, user, { name, bytes: received.bytes, sha256: received.sha256 })
          // A bucket's times are whole seconds: the new file may have the size and the time of the old.
          await forgetFiles(trx, uploadPlace(blobs, user), [name])
        })
      return { upload: shown((await store.findUpload(sql, user, name))!), isNew: before === undefined }
    })
  } finally {
    await rm(received.path, { force: true })
  }
}

/** Removes a file of the caller. Reviews that have read it keep what they found. @throws {SheafError} `not_found`. */
export async function removeUpload(
  { sql, blobs, once }: Parts,
  { user }: Caller,
  name: string,
): Promise<void> {
  await once.alone(turnOf(user), async (hold) => {
    if (!(await store.findUpload(sql, user, name))) throw noSuchFile(name)
    await hold()
    await blobs.remove(uploadPlace(blobs, user, name))
    await sql.transaction().execute(async (trx) => {
      await store.removeUpload(trx, user, name)
      await forgetFiles(trx, uploadPlace(blobs, user), [name])
    })
  })
}

/**
 * A user's files are changed one at a time. It is not a lock of the database that sees to it: a bucket that hangs would keep a
 * connection for each file that is put in, and the server would answer nobody.
 */
function turnOf(user: string): string {
  return `uploads ${user}`
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
