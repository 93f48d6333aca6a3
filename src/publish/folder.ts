import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, mkdir, mkdtemp, open, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { manifestSchema } from '../contract/report.ts'
import { messageOf, SheafError } from '../errors.ts'
import { parseJson } from './json.ts'

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Writes files into a folder so that a reader sees each of them whole. They are written beside the folder first. Where the
 * folder is not there (or is empty) it appears at once with all files; else the files replace those of the report that
 * stood there one by one, manifest.json last. A file that is not this report's or that somebody changed is never
 * replaced.
 *
 * @throws SheafError `conflict` when such a file is in the way, `output_unavailable` when the folder cannot be written.
 */
export async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const target = resolve(folder)
  try {
    await mkdir(dirname(target), { recursive: true })
    const there = await statOf(target)
    if (there && !there.isDirectory()) throw inTheWay(target, 'it is a file, not a folder')
    if (there) await refuseForeign(target, files)
    const temporary = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
    try {
      for (const [name, content] of files) await writeDurably(join(temporary, name), content)
      if (there === undefined || (await removedWhenEmpty(target))) await rename(temporary, target)
      else for (const name of files.keys()) await rename(join(temporary, name), join(target, name))
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  } catch (error) {
    if (SheafError.isInstance(error)) throw error
    throw new SheafError(
      'output_unavailable',
      `The report cannot be written to ${target}: ${reasonOf(error)}.`,
      {
        advice: 'Mend that, or name another folder.',
        cause: error,
      },
    )
  }
}

/** Every file that would be replaced must be this report's own: as its manifest says, or already what is to be written. */
async function refuseForeign(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const known = await manifestHashes(folder)
  for (const [name, content] of files) {
    const path = join(folder, name)
    const there = await statOf(path)
    if (!there) continue
    if (!there.isFile()) throw inTheWay(path, 'it is not a plain file')
    if (name === 'manifest.json' && known) continue
    const hash = sha256(await readFile(path))
    if (hash !== known?.get(name) && hash !== sha256(content)) {
      throw inTheWay(path, known ? 'it was changed after it was written' : 'it was not written by Sheaf')
    }
  }
}

async function manifestHashes(folder: string): Promise<Map<string, string> | undefined> {
  const path = join(folder, 'manifest.json')
  const there = await statOf(path)
  if (!there?.isFile()) return undefined
  const parsed = manifestSchema.safeParse(parseJson(await readFile(path, 'utf8')))
  return parsed.success
    ? new Map(parsed.data.outputs.map((output) => [output.file, output.sha256]))
    : undefined
}

async function removedWhenEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Why a folder cannot be written, as people say it. */
function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EROFS':
      return 'what is there can only be read'
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'there is no room left'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands where a folder should be'
    default:
      return messageOf(error)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function inTheWay(path: string, why: string): SheafError {
  return new SheafError('conflict', `${path} is in the way: ${why}.`, {
    advice: 'Name another folder, or move that file away.',
  })
}
