import { basename, posix, resolve } from 'node:path'
import type { DocumentFailure, ReadDocument } from '../../contract/document.ts'
import type { BibliographicFields, BibliographicRecord, FieldOrigin } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import { lettersAndDigits } from '../../methods/text/text-repair.ts'
import type { Source, SourceItem } from '../source.ts'
import type { CompanionEntry, CompanionReading } from './companions/companion.ts'
import { readCompanion } from './companions/read-companion.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { diskLibrary, type LibraryFiles } from './library-files.ts'
import { describes, fileOfEntry, type PdfIdentity } from './match-entry.ts'
import { titleOfFileName } from './title.ts'
import { compareCodePoints } from './walk.ts'

/** An entry of a companion file, by the file's reference and its place there. */
interface EntryPlace {
  companion: string
  index: number
  name: string
}

/** One thing in a library. It can be stored and fetched by another process with the same folders. */
export type LibraryItem = SourceItem &
  (
    | { kind: 'document'; entry?: EntryPlace }
    | { kind: 'entry'; entry: EntryPlace }
    | { kind: 'failure'; failure: DocumentFailure }
  )

/** How reading a PDF ended; the shape that the document reader gives. */
type LibraryReadOutcome = { ok: true; document: ReadDocument } | { ok: false; failure: DocumentFailure }

export interface LibraryOptions {
  /** Folders of papers; each is searched with all folders in it. */
  folders: readonly string[]
  /** Where the folders are; by default on this machine. */
  files?: LibraryFiles
  /** Reads the PDF at a place. Whatever is wrong with the file is an outcome, not an error. */
  readDocument: (path: string, signal?: AbortSignal) => Promise<LibraryReadOutcome>
}

interface Root {
  /** What stands before the references of this folder: nothing for a single folder, else its name and `/`. */
  prefix: string
  folder: string
}

/**
 * The user's own folders of papers as a source. Each PDF is an item, with the entry of a companion file (BibTeX, RIS,
 * CSL-JSON, CSV) that describes it; each entry without a PDF is an item of its own; so is each file that cannot be used.
 * References are paths below the folder; with several folders each begins with its folder's name.
 *
 * A companion describes the PDFs of its folder and of the folders in it. An entry finds its PDF by its `file` field, else
 * by DOI, arXiv id or title; only for the latter are PDFs read already while listing.
 * @throws SheafError `invalid_input` without folders; `list` and `fetch` throw `not_found` or `invalid_input` for a folder
 * that is none, and what `signal` gives when it is aborted.
 */
export function createLibrarySource({
  folders,
  readDocument,
  files: library = diskLibrary,
}: LibraryOptions): Source<LibraryItem> {
  if (folders.length === 0) {
    throw new SheafError('invalid_input', 'No folder of papers was given.', {
      advice: 'Name at least one folder.',
    })
  }
  let roots: Promise<Root[]> | undefined
  const companions = new Map<string, Promise<CompanionReading>>()

  const rootsOnce = () => {
    roots ??= findRoots(folders, library)
    return roots
  }
  const companionOnce = (path: string) => {
    const reading = companions.get(path) ?? readCompanion(path, library.read)
    companions.set(path, reading)
    reading.catch(() => companions.delete(path))
    return reading
  }

  async function pathOf(reference: string): Promise<string> {
    const root = (await rootsOnce()).find(({ prefix }) => reference.startsWith(prefix))
    const below = root && posix.normalize(reference.slice(root.prefix.length))
    if (!below || below === '.' || posix.isAbsolute(below) || below.split('/').includes('..')) {
      throw new SheafError('not_found', `The library has no file ${reference}.`)
    }
    return placeBelow(root!, below)
  }

  async function frontMatterOf(reference: string, signal?: AbortSignal) {
    const outcome = await readDocument(await pathOf(reference), signal)
    signal?.throwIfAborted()
    return outcome.ok
      ? { outcome, front: readFrontMatter(outcome.document, reference) }
      : { outcome, front: undefined }
  }

  async function listRoot({ prefix, folder }: Root, signal?: AbortSignal): Promise<LibraryItem[]> {
    const { files, problems } = await library.walk(folder, signal)
    const items: LibraryItem[] = problems.map(({ path, failure }) => ({
      reference: prefix + path,
      kind: 'failure',
      failure,
    }))
    const pdfs = new Set(files.flatMap(({ path, kind }) => (kind === 'pdf' ? [path] : [])))
    const entryOf = new Map<string, EntryPlace>()
    const open: { entry: CompanionEntry; path: string; place: EntryPlace }[] = []
    for (const { path } of files.filter(({ kind }) => kind === 'companion')) {
      signal?.throwIfAborted()
      const { entries, problems } = await companionOnce(placeBelow({ folder }, path))
      for (const [index, entry] of entries.entries()) {
        const place = { companion: prefix + path, index, name: entry.name }
        const file = fileOfEntry(entry, path, pdfs)
        if (file !== undefined && !entryOf.has(file)) entryOf.set(file, place)
        else open.push({ entry, path, place })
      }
      if (problems.length > 0) items.push(problemItem(prefix + path, problems))
    }
    // Only PDFs that no entry names, below a companion with entries left, need to be read to be recognised.
    for (const pdf of pdfs) {
      const candidates = open.filter(({ path }) => pdf.startsWith(path.slice(0, path.lastIndexOf('/') + 1)))
      if (entryOf.has(pdf) || candidates.length === 0) continue
      const { outcome, front } = await frontMatterOf(prefix + pdf, signal)
      const identity = identityOf(pdf, outcome.ok ? outcome.document : undefined, front)
      const found = candidates.find(({ entry }) => describes(entry, identity))
      if (!found) continue
      entryOf.set(pdf, found.place)
      open.splice(open.indexOf(found), 1)
    }
    for (const pdf of pdfs) {
      const entry = entryOf.get(pdf)
      items.push({ reference: prefix + pdf, kind: 'document', ...(entry ? { entry } : {}) })
    }
    for (const { entry, place } of open) {
      items.push({ reference: `${place.companion}#${entry.name}`, kind: 'entry', entry: place })
    }
    return items
  }

  /** `undefined` when another entry stands there now, because the file has changed. */
  async function entryAt({ companion, index, name }: EntryPlace): Promise<CompanionEntry | undefined> {
    const entry = (await companionOnce(await pathOf(companion))).entries[index]
    return entry?.name === name ? entry : undefined
  }

  return {
    name: 'library',

    query() {
      return `all papers in ${folders.map((folder) => basename(resolve(folder))).join(', ')}`
    },

    async list(_plan, signal) {
      signal?.throwIfAborted()
      companions.clear()
      const items: LibraryItem[] = []
      for (const root of await rootsOnce()) items.push(...(await listRoot(root, signal)))
      return unique(items.sort((a, b) => compareCodePoints(a.reference, b.reference)))
    },

    async fetch(item, signal) {
      signal?.throwIfAborted()
      if (item.kind === 'failure') return [failureRecord(item.reference, item.failure)]
      const entry = item.entry && (await entryAt(item.entry))
      if (item.kind === 'entry') {
        if (entry) return [recordOf(item.reference, entry, undefined)]
        const message = 'The companion file has changed since it was listed.'
        return [failureRecord(item.reference, { code: 'file_unreadable', message })]
      }
      const { outcome, front } = await frontMatterOf(item.reference, signal)
      if (!outcome.ok) {
        const record = entry ? recordOf(item.reference, entry, undefined) : failureRecord(item.reference)
        return [{ ...record, failure: outcome.failure }]
      }
      const { id, pages } = outcome.document
      return [{ ...recordOf(item.reference, entry, front), document: id, pageCount: pages.length }]
    },
  }
}

function placeBelow({ folder }: Pick<Root, 'folder'>, path: string): string {
  return `${folder.replace(/\/$/, '')}/${path}`
}

async function findRoots(folders: readonly string[], library: LibraryFiles): Promise<Root[]> {
  const found = new Map<string, string>()
  for (const folder of folders) {
    const real = await library.root(folder)
    found.set(real, basename(real))
  }
  // A folder inside another one is searched with it.
  const outer = [...found].filter(
    ([real]) => ![...found.keys()].some((other) => real.startsWith(`${other}/`)),
  )
  if (outer.length === 1) return [{ prefix: '', folder: outer[0]![0] }]
  const taken = new Set<string>()
  return outer.map(([folder, name]) => {
    let prefix = name
    for (let copy = 2; taken.has(prefix); copy++) prefix = `${name}-${copy}`
    taken.add(prefix)
    return { prefix: `${prefix}/`, folder }
  })
}

function problemItem(reference: string, problems: CompanionReading['problems']): LibraryItem {
  const lines = problems.map(({ line, message }) =>
    line === undefined ? message : `Line ${line}: ${message}`,
  )
  const message = `${reference}: ${lines.join(' ')}`.slice(0, 4000)
  return { reference, kind: 'failure', failure: { code: 'file_unreadable', message } }
}

/** Two entries of one companion may have one key; the second becomes `key-2`. */
function unique(items: readonly LibraryItem[]): LibraryItem[] {
  const taken = new Set(items.map(({ reference }) => reference))
  const seen = new Set<string>()
  return items.map((item) => {
    let reference = item.reference
    for (let copy = 2; seen.has(reference); copy++) {
      const candidate = `${item.reference}-${copy}`
      if (!taken.has(candidate)) reference = candidate
    }
    seen.add(reference)
    taken.add(reference)
    return { ...item, reference }
  })
}

function identityOf(
  path: string,
  document: ReadDocument | undefined,
  front: FrontMatter | undefined,
): PdfIdentity {
  const { doi, arxivId, title = '' } = front?.fields ?? {}
  return { path, doi, arxivId, title, firstPage: lettersAndDigits(document?.pages[0]?.text ?? '') }
}

function failureRecord(reference: string, failure?: DocumentFailure): BibliographicRecord {
  return {
    key: `library:${reference}`,
    source: 'library',
    reference,
    fields: { title: titleOfFileName(reference), authors: [] },
    origins: { title: 'file-name' },
    ...(failure ? { failure } : {}),
  }
}

/** What the companion says, and what the PDF says where the companion is silent. */
function recordOf(
  reference: string,
  entry: CompanionEntry | undefined,
  front: FrontMatter | undefined,
): BibliographicRecord {
  const fields: BibliographicFields = { title: '', authors: [], ...front?.fields }
  const origins: Partial<Record<string, FieldOrigin>> = { ...front?.origins }
  for (const [name, value] of Object.entries(entry?.fields ?? {})) {
    if (value === '' || (Array.isArray(value) && value.length === 0)) continue
    Object.assign(fields, { [name]: value })
    origins[name] = 'companion'
  }
  if (fields.title === '') {
    fields.title = fields.doi ?? fields.arxivId ?? titleOfFileName(reference)
    origins.title = 'companion'
  }
  return { key: `library:${reference}`, source: 'library', reference, fields, origins }
}
