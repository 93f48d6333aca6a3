import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { DocumentFailure } from '../../contract/document.ts'

/** What was found in a library folder. `path` is below the folder, with `/` on every system. */
export interface FoundFile {
  path: string
  kind: 'pdf' | 'companion'
}

/** A file or folder that is there and cannot be taken. */
export interface WalkProblem {
  path: string
  failure: DocumentFailure
}

/** All that a folder holds and that concerns a library. */
export interface WalkedFolder {
  files: FoundFile[]
  problems: WalkProblem[]
}

/** Formats of companion files by their ending. */
const companionEndings = ['bib', 'bibtex', 'biblatex', 'ris', 'json', 'csv', 'tsv'] as const

/** Folders that programs keep for themselves; papers are not kept there. */
const foreignFolders = new Set([
  'node_modules',
  'bower_components',
  '__pycache__',
  '__MACOSX',
  'site-packages',
])

/** Endings of files that are something else for certain, so that their first bytes need not be read. */
const otherEndings =
  /\.(?:txt|md|html?|xml|docx?|odt|rtf|pptx?|xlsx?|png|jpe?g|gif|svg|tiff?|webp|zip|gz|tar|7z|rar|epub|mobi|tex|bst|sty|cls|log|aux|py|r|ipynb|js|ts|c|cpp|h|java|sh|mp[34]|mov|avi|sqlite|db|lock|ini|cfg|ya?ml|toml)$/i

/** No library is nested deeper; a folder that is, is reported. */
const deepest = 64

/**
 * Finds the PDFs (by ending, or by their first bytes) and the companion files below a folder, in code point order of
 * their paths. Hidden files, the folders of other programs and links are passed over; a link that leads out of the folder
 * or nowhere, a PDF that is no regular file, and a folder that cannot be opened are problems.
 */
export async function walkFolder(root: string, signal?: AbortSignal): Promise<WalkedFolder> {
  const realRoot = await realpath(root)
  const files: FoundFile[] = []
  const problems: WalkProblem[] = []
  const unusable = (path: string, message: string) =>
    problems.push({ path, failure: { code: 'file_unreadable', message } })

  async function visit(folder: string, depth: number): Promise<void> {
    signal?.throwIfAborted()
    let names: string[]
    try {
      names = await readdir(join(realRoot, folder))
    } catch {
      unusable(folder || '.', 'This folder cannot be opened.')
      return
    }
    for (const name of names) {
      if (name.startsWith('.') || foreignFolders.has(name)) continue
      const path = folder === '' ? name : `${folder}/${name}`
      const entry = await lstat(join(realRoot, path)).catch(() => undefined)
      if (!entry) unusable(path, 'This file vanished or cannot be looked at.')
      else if (entry.isSymbolicLink()) await visitLink(path)
      else if (entry.isDirectory()) {
        if (depth < deepest) await visit(path, depth + 1)
        else unusable(path, `This folder is nested more than ${deepest} deep and was not searched.`)
      } else if (entry.isFile()) await visitFile(path)
      else if (/\.pdf$/i.test(name)) unusable(path, 'This is not a regular file.')
    }
  }

  async function visitLink(path: string): Promise<void> {
    const target = await realpath(join(realRoot, path)).catch(() => undefined)
    const inside = target !== undefined && (target === realRoot || target.startsWith(realRoot + sep))
    // What a link inside the folder leads to is found where it lies.
    if (inside) return
    const folder = target !== undefined && (await stat(target).catch(() => undefined))?.isDirectory()
    if (!folder && !/\.pdf$/i.test(path)) return
    const where =
      target === undefined ? 'leads nowhere' : 'leads out of the library folder and was not followed'
    unusable(path, `This link ${where}.`)
  }

  async function visitFile(path: string): Promise<void> {
    const kind = kindOfEnding(path)
    if (kind) files.push({ path, kind })
    else if (!otherEndings.test(path) && (await beginsLikePdf(join(realRoot, path)))) {
      files.push({ path, kind: 'pdf' })
    }
  }

  await visit('', 0)
  const byPath = (a: { path: string }, b: { path: string }) => compareCodePoints(a.path, b.path)
  return { files: files.sort(byPath), problems: problems.sort(byPath) }
}

/** What a file's ending says it is; undefined where that says nothing. */
export function kindOfEnding(path: string): FoundFile['kind'] | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  if (ending === 'pdf') return 'pdf'
  return companionEndings.some((known) => known === ending) ? 'companion' : undefined
}

/** Whether `%PDF-` stands in the first 1,024 bytes, where readers look for it (ISO 32000-1, annex H, note 13). */
async function beginsLikePdf(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined)
  if (!file) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.subarray(0, bytesRead).includes('%PDF-')
  } finally {
    await file.close()
  }
}

/** Orders strings by their Unicode code points, the same on every machine and in every language. */
export function compareCodePoints(a: string, b: string): number {
  const order = Buffer.compare(Buffer.from(a), Buffer.from(b))
  return order === 0 ? 0 : order
}
