import { readFile, realpath, stat } from 'node:fs/promises'
import { SheafError } from '../../errors.ts'
import { type WalkedFolder, walkFolder } from './walk.ts'

/** How the library source comes at folders of papers. Places are absolute paths, or what the deployment's store calls them. */
export interface LibraryFiles {
  /** The folder by the name that those of its files begin with. @throws {SheafError} `not_found`, `invalid_input` */
  root(folder: string): Promise<string>
  /** What can be used in a folder that {@link root} gave, and what cannot. */
  walk(root: string, signal?: AbortSignal): Promise<WalkedFolder>
  /** Bytes of a file. @throws when there is none, and RangeError when it has more than `most`. */
  read(place: string, most: number): Promise<Buffer>
}

/** Folders of this machine. */
export const diskLibrary: LibraryFiles = {
  async root(folder) {
    const real = await realpath(folder).catch(() => undefined)
    if (real === undefined) {
      throw new SheafError('not_found', `There is no folder ${folder}.`, { advice: 'Check the path.' })
    }
    if (!(await stat(real)).isDirectory()) {
      throw new SheafError('invalid_input', `${folder} is not a folder.`, {
        advice: 'Name the folder that the papers are in.',
      })
    }
    return real
  },
  walk: walkFolder,
  async read(path, most) {
    const { size } = await stat(path)
    if (size > most) throw new RangeError(`${path} has ${size} bytes.`)
    return readFile(path)
  },
}
