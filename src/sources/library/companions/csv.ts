import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { type Author, type BibliographicFields, workTypes } from '../../../contract/paper.ts'
import { messageOf } from '../../../errors.ts'
import { arxivIdOf, normalizeDoi } from '../../../methods/references/identifiers.ts'
import { parseName } from '../../../methods/references/person-names.ts'
import { repairText } from '../../../methods/text/text-repair.ts'
import { type CompanionEntry, type CompanionReading, limitProblems, mostEntries } from './companion.ts'
import { keywordsOf } from './csl.ts'

/** Names that headers have, letters and digits only, best first. Among them Zotero's, Scopus's and Web of Science's. */
const headers = {
  title: ['title', 'articletitle', 'documenttitle', 'papertitle', 'primarytitle', 'ti'],
  authors: ['author', 'authors', 'authorfullnames', 'authornames', 'au', 'creators'],
  year: ['year', 'publicationyear', 'py', 'date', 'publicationdate', 'published'],
  doi: ['doi', 'digitalobjectidentifier', 'di'],
  arxivId: ['arxiv', 'arxivid', 'eprint'],
  pmid: ['pmid', 'pubmedid'],
  isbn: ['isbn'],
  abstract: ['abstract', 'abstractnote', 'ab', 'summary'],
  venue: [
    'publicationtitle',
    'journal',
    'venue',
    'sourcetitle',
    'booktitle',
    'proceedingstitle',
    'conferencename',
  ],
  volume: ['volume', 'vl'],
  issue: ['issue', 'number', 'is'],
  pages: ['pages'],
  publisher: ['publisher'],
  url: ['url', 'link'],
  keywords: ['keywords', 'authorkeywords', 'manualtags', 'tags'],
  type: ['itemtype', 'type', 'documenttype'],
  files: ['fileattachments', 'file', 'filename', 'files', 'pdf', 'path', 'filepath', 'localpath'],
  name: ['key', 'id', 'citationkey', 'citekey', 'recordid'],
} as const
type Column = keyof typeof headers

/** Zotero's item types, as its CSV export writes them. */
const zoteroTypes: Record<string, (typeof workTypes)[number]> = {
  journalarticle: 'article-journal',
  conferencepaper: 'paper-conference',
  booksection: 'chapter',
  preprint: 'article',
  manuscript: 'article',
}

const tableSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/**
 * Reads a table of references in CSV, with commas, semicolons or tabs. Columns are recognised by their headers; a table
 * without a column of titles is no companion and gives nothing.
 */
export function readCsv(content: string): CompanionReading {
  const problems: CompanionReading['problems'] = []
  let rows: z.infer<typeof tableSchema>
  const bare = content.replace(/^\ufeff/, '')
  const firstLine = /^.*/.exec(bare)![0]
  const delimiter = [',', ';', '\t'].reduce((best, candidate) =>
    firstLine.split(candidate).length > firstLine.split(best).length ? candidate : best,
  )
  const columns = columnsOf(firstLine.split(delimiter).map((header) => header.replace(/^"|"$/g, '')))
  if (columns.get('title') === undefined) return { entries: [], problems: [] }
  try {
    rows = tableSchema.parse(
      parse(bare, {
        delimiter,
        info: true,
        from: 2,
        to: mostEntries + 1,
        relax_column_count: true,
        skip_empty_lines: true,
        skip_records_with_error: true,
        on_skip: (error) => {
          problems.push({ line: Number(error?.lines ?? 1), message: messageOf(error).slice(0, 200) })
        },
        max_record_size: 500_000,
      }),
    )
  } catch (error) {
    const line = z.object({ lines: z.number() }).safeParse(error).data?.lines
    const message = `The table cannot be read: ${messageOf(error).slice(0, 200)}`
    return { entries: [], problems: [line === undefined ? { message } : { line, message }] }
  }
  const entries: CompanionEntry[] = []
  for (const [index, { record, info }] of rows.entries()) {
    const entry = entryOf(record, columns, String(index + 1))
    if (entry) entries.push(entry)
    else problems.push({ line: info.lines, message: 'The row has neither a title nor an identifier.' })
  }
  return { entries, problems: limitProblems(problems) }
}

function columnsOf(names: readonly string[]): Map<Column, number> {
  const plain = names.map((name) =>
    name
      .toLowerCase()
      .replace(/\(s\)/, 's')
      .replace(/[^a-z0-9]/g, ''),
  )
  const columns = new Map<Column, number>()
  for (const [column, known] of Object.entries(headers) as [Column, readonly string[]][]) {
    const name = known.find((candidate) => plain.includes(candidate))
    if (name !== undefined) columns.set(column, plain.indexOf(name))
  }
  return columns
}

function entryOf(
  record: readonly string[],
  columns: ReadonlyMap<Column, number>,
  position: string,
): CompanionEntry | undefined {
  const cell = (column: Column) => {
    const index = columns.get(column)
    return index === undefined ? '' : (record[index] ?? '')
  }
  const plain = (column: Column) => repairText(cell(column).slice(0, 20_000)) || undefined
  const type = cell('type')
    .toLowerCase()
    .replace(/[^a-z-]/g, '')
  const optional: Partial<BibliographicFields> = {
    year: yearOf(cell('year')),
    doi: normalizeDoi(cell('doi')),
    arxivId: arxivIdOf(cell('arxivId')) ?? arxivIdOf(cell('url')),
    pmid: /^\d{1,9}$/.exec(cell('pmid').trim())?.[0],
    isbn: /[\dX-]{10,17}/i.exec(cell('isbn'))?.[0]?.replaceAll('-', ''),
    abstract: plain('abstract'),
    venue: plain('venue'),
    volume: plain('volume'),
    issue: plain('issue'),
    pages: plain('pages')?.replace(/\s*[-–—]+\s*/g, '-'),
    publisher: plain('publisher'),
    url: /^https?:\/\/\S+$/i.exec(cell('url').trim())?.[0],
    keywords: keywordsOf(cell('keywords')),
    type: zoteroTypes[type] ?? workTypes.find((known) => known === type),
  }
  const fields: BibliographicFields = { title: plain('title') ?? '', authors: authorsOf(cell('authors')) }
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) Object.assign(fields, { [name]: value })
  }
  if (fields.title === '' && !fields.doi && !fields.arxivId) return undefined
  const files = cell('files')
    .split(/;\s*/)
    .map((path) => path.trim())
    .filter((path) => path !== '')
  return { name: plain('name') ?? position, fields, files }
}

function yearOf(value: string): number | undefined {
  const year = /(?:^|\D)(1[5-9]\d\d|20\d\d)(?:\D|$)/.exec(value)?.[1]
  return year === undefined ? undefined : Number(year)
}

/** Authors parted by `;`, by ` and `, or by commas when each part between them is a whole name. */
function authorsOf(value: string): Author[] {
  const text = repairText(value.slice(0, 20_000))
  if (text === '') return []
  const parts = text.includes(';')
    ? text.split(';')
    : / and | & /.test(text)
      ? text.split(/,? (?:and|&) /).flatMap(splitNames)
      : splitNames(text)
  return parts
    .map((name) => name.trim())
    .filter(Boolean)
    .map(parseName)
}

function splitNames(text: string): string[] {
  const parts = text.split(/,\s*/)
  return parts.length > 1 && parts.every((part) => part.includes(' ')) ? parts : [text]
}
