import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, SheafError } from '../errors.ts'

/** What arrives is called so until it is whole; no upload's name begins with a dot. */
const unfinishedPrefix = '.unfinished-'
/** After so long an unfinished file is taken to be left by a process that ended, in milliseconds. */
const leftBehindAfter = 24 * 60 * 60_000

/** A body that was received whole and lies under a name of its own, to be renamed or removed. */
export interface Received {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** What is taken. */
export interface ReceiveLimits {
  /** Milliseconds without a single byte after which the sender is given up. */
  readonly patience: number
  /** Called with the bytes so far before they are written, and with the beginning; what it throws ends the reception. */
  check(soFar: number, beginning: Buffer, isWhole: boolean): void
}

/** So many bytes of a file are kept for {@link ReceiveLimits.check} to look at. */
export const beginningBytes = 1024

/**
 * Writes a body to disk as it comes, hashed on the way, never more of it in memory than a piece. When it is not received
 * whole nothing is left of it.
 * @throws {SheafError} `invalid_input` when it stalls or breaks off; `store_unavailable` when the folder cannot be
 *   written; what `check` throws
 */
export async function receive(
  body: ReadableStream<Uint8Array> | null,
  folder: string,
  limits: ReceiveLimits,
): Promise<Received> {
  const reader = body?.getReader()
  const path = join(folder, `${unfinishedPrefix}${randomUUID()}`)
  const file = await openNew(folder, path)
  const hash = createHash('sha256')
  let bytes = 0
  let beginning: Buffer = Buffer.alloc(0)
  try {
    for (;;) {
      const piece = await nextPiece(reader, limits.patience)
      if (piece === undefined) break
      bytes += piece.length
      if (beginning.length < beginningBytes)
        beginning = Buffer.concat([beginning, piece.subarray(0, beginningBytes - beginning.length)])
      limits.check(bytes, beginning, false)
      hash.update(piece)
      await file.write(piece).catch((cause) => Promise.reject(cannotWrite(folder, cause)))
    }
    limits.check(bytes, beginning, true)
    await file.sync().catch((cause) => Promise.reject(cannotWrite(folder, cause)))
    await file.close()
    return { path, bytes, sha256: hash.digest('hex') }
  } catch (thrown) {
    await reader?.cancel(thrown).catch(() => undefined)
    await file.close().catch(() => undefined)
    await rm(path, { force: true })
    throw thrown
  }
}

async function openNew(folder: string, path: string) {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder)) {
      if (!name.startsWith(unfinishedPrefix)) continue
      const there = await stat(join(folder, name)).catch(() => undefined)
      if (there && Date.now() - there.mtimeMs > leftBehindAfter) await rm(join(folder, name), { force: true })
    }
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    throw cannotWrite(folder, cause)
  }
}

function cannotWrite(folder: string, cause: unknown): SheafError {
  return new SheafError('store_unavailable', `A file cannot be kept: ${messageOf(cause)}`, {
    advice: `Check that ${folder} can be written and has room.`,
    cause,
  })
}

/** Undefined at the end of the body. */
async function nextPiece(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  patience: number,
): Promise<Uint8Array | undefined> {
  const { promise: stalled, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new SheafError('invalid_input', `The file stopped coming for ${patience / 1000} s.`)),
    patience,
  )
  const piece = reader?.read().catch((cause: unknown) => {
    throw new SheafError('invalid_input', 'The file broke off before its end.', { cause })
  })
  try {
    return (await Promise.race([piece, stalled]))?.value
  } finally {
    clearTimeout(timer)
  }
}
