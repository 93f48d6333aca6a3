import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { messageOf, SheafError } from '../errors.ts'
import type { BlobStore } from './blob-store.ts'
import { checkNames } from './plain-names.ts'
import { writeWhole } from './write-whole.ts'

/** A store in a folder of one disk, or of one that all the deployment's machines have under the same path. */
export function createFolderStore(folder: string): BlobStore {
  const root = resolve(folder)
  const holds = (place: string) => place.startsWith(root + sep)
  const inside = (place: string) => {
    if (!holds(place)) throw new SheafError('invalid_input', `${place} is not in ${root}.`)
    checkNames(place.slice(root.length + 1).split(sep))
    return place
  }
  return {
    placeOf(...names) {
      checkNames(names)
      return join(root, ...names)
    },
    holds,
    async find(place) {
      const there = await orNothing(stat(inside(place)))
      return there?.isFile() ? { bytes: there.size, modified: there.mtimeMs } : undefined
    },
    read: (place) => orNothing(readFile(inside(place))),
    async open(place) {
      const file = await orNothing(open(inside(place)))
      if (!file) return undefined
      const { size } = await file.stat()
      return { bytes: size, stream: Readable.toWeb(file.createReadStream()) as ReadableStream }
    },
    write: (place, bytes, what) => writeWhole(inside(place), bytes, what),
    receivingFolder: (place) => dirname(inside(place)),
    async take(place, received) {
      try {
        await rename(received.path, inside(place))
      } catch (cause) {
        throw unusable(cause)
      }
    },
    async remove(place) {
      await orNothing(rm(inside(place), { force: true }))
    },
    async names(place) {
      const names = (await orNothing(readdir(inside(place)))) ?? []
      return names.filter((name) => !name.startsWith('.'))
    },
  }
}

/** Undefined where there is nothing. */
async function orNothing<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unusable(cause)
  }
}

function unusable(cause: unknown): SheafError {
  return SheafError.isInstance(cause)
    ? cause
    : new SheafError('store_unavailable', `A kept file cannot be had: ${messageOf(cause)}`, {
        advice: 'Check the data folder and its disk.',
        cause,
      })
}
