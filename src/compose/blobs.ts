import { readFile, stat } from 'node:fs/promises'
import type { BlobStore } from '../blobs/blob-store.ts'
import { createFolderStore } from '../blobs/folder-store.ts'
import { createS3Store } from '../blobs/s3-store.ts'
import type { Config } from '../config.ts'
import { SheafError } from '../errors.ts'
import type { ReadableFiles } from '../pipeline/read/archive.ts'
import { diskLibrary, type LibraryFiles } from '../sources/library/library-files.ts'
import { compareCodePoints, kindOfEnding } from '../sources/library/walk.ts'

/** The deployment's files, and how places that may be its own or this machine's are read. */
export interface DeploymentFiles {
  readonly blobs: BlobStore
  readonly files: ReadableFiles
  readonly library: LibraryFiles
  /** Where reports go that nobody named a folder for. */
  readonly reviews: string
  close(): Promise<void>
}

/** The bucket that the configuration names, else the data folder. Nothing is asked of a bucket yet. */
export function openBlobs({ home, blobs: place, s3Endpoint: endpoint, reviews }: Config): DeploymentFiles {
  if (place === undefined) {
    const blobs = createFolderStore(home)
    return { blobs, files: disk, library: diskLibrary, reviews, close: async () => {} }
  }
  const blobs = createS3Store({ ...place, endpoint })
  return {
    blobs,
    files: {
      find: (path) => (blobs.holds(path) ? blobs : disk).find(path),
      read: (path) => (blobs.holds(path) ? blobs : disk).read(path),
    },
    library: libraryIn(blobs),
    reviews: blobs.placeOf('reports'),
    close: blobs.close,
  }
}

const disk: ReadableFiles = {
  async find(path) {
    const { size, mtimeMs } = await stat(path)
    return { bytes: size, modified: mtimeMs }
  },
  read: (path) => readFile(path),
}

/** Folders of this machine, and users' papers in the store, which lie side by side and have names that say what they are. */
function libraryIn(blobs: BlobStore): LibraryFiles {
  return {
    root: async (folder) => (blobs.holds(folder) ? folder : diskLibrary.root(folder)),
    async walk(root, signal) {
      if (!blobs.holds(root)) return diskLibrary.walk(root, signal)
      const names = (await blobs.names(root)).sort(compareCodePoints)
      return {
        files: names.flatMap((path) => {
          const kind = kindOfEnding(path)
          return kind ? [{ path, kind }] : []
        }),
        problems: [],
      }
    },
    async read(place, most) {
      if (!blobs.holds(place)) return diskLibrary.read(place, most)
      const facts = await blobs.find(place)
      if (facts && facts.bytes > most) throw new RangeError(`${place} has ${facts.bytes} bytes.`)
      const bytes = await blobs.read(place)
      if (bytes) return bytes
      throw new SheafError('not_found', `There is no ${place}.`)
    },
  }
}
