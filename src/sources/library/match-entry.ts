import { arxivIdOfFileName, doiOfFileName } from '../../methods/references/identifiers.ts'
import { lettersAndDigits } from '../../methods/text/text-repair.ts'
import type { CompanionEntry } from './companions/companion.ts'

/**
 * The PDF that an entry names in its `file` field, among the paths of the library: by path relative to the companion, by
 * the longest common end of both paths (an export made on another machine keeps `storage/AB12/x.pdf`), by bare name where
 * only one file has it. `undefined` when it names none of them.
 */
export function fileOfEntry(
  entry: CompanionEntry,
  companionPath: string,
  paths: ReadonlySet<string>,
): string | undefined {
  const folder = companionPath.includes('/') ? companionPath.slice(0, companionPath.lastIndexOf('/') + 1) : ''
  for (const named of entry.files) {
    const parts = named
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) continue
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from).join('/')
      if (paths.has(folder + end)) return folder + end
      if (paths.has(end)) return end
      const nested = [...paths].filter((path) => path.startsWith(folder) && path.endsWith(`/${end}`))
      if (nested.length === 1) return nested[0]
    }
  }
  return undefined
}

/** What a PDF says of itself, as far as an entry is recognised by it. */
export interface PdfIdentity {
  path: string
  doi?: string | undefined
  arxivId?: string | undefined
  title: string
  /** Letters and digits of the first page, see {@link lettersAndDigits}. */
  firstPage: string
}

/** A title with fewer letters and digits may stand on a first page by chance. */
const shortestTitle = 15

/**
 * Whether an entry describes a PDF: same DOI or arXiv id, as read from it or from its name; else the same title, or a long
 * title that stands on its first page. A different DOI or arXiv id speaks against the title.
 */
export function describes(entry: CompanionEntry, pdf: PdfIdentity): boolean {
  const { doi, arxivId, title } = entry.fields
  const name = pdf.path.slice(pdf.path.lastIndexOf('/') + 1)
  const doiOfPdf = pdf.doi ?? doiOfFileName(name)
  const arxivIdOfPdf = pdf.arxivId ?? arxivIdOfFileName(name)
  if (doi !== undefined && doi === doiOfPdf) return true
  if (arxivId !== undefined && arxivId === arxivIdOfPdf) return true
  if (doi !== undefined && doiOfPdf !== undefined && arxivIdOfPdf === undefined) return false
  const letters = lettersAndDigits(title)
  if (letters.length < shortestTitle) return letters !== '' && letters === lettersAndDigits(pdf.title)
  return lettersAndDigits(pdf.title) === letters || pdf.firstPage.includes(letters)
}
