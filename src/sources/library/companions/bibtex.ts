import { plugins } from '@citation-js/core'
import '@citation-js/plugin-bibtex'
import { z } from 'zod'
import { arxivIdOf } from '../../../methods/references/identifiers.ts'
import { type CompanionEntry, type CompanionReading, limitProblems, mostEntries } from './companion.ts'
import { fieldsOfCsl, keywordsOf } from './csl.ts'

/** One `@entry` of a file, cut out so that a broken one does not take the others with it. */
interface Chunk {
  text: string
  line: number
  kind: string
}

/** An entry longer than this, or with braces nested deeper, is not parsed: no real one is. */
const longestEntry = 500_000
const deepestNesting = 40

const rawEntriesSchema = z.array(
  z.object({
    label: z.string(),
    properties: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)),
  }),
)

/**
 * Reads a BibTeX or BibLaTeX file entry by entry with citation-js, `@string` abbreviations included. An entry that cannot
 * be parsed is a problem with its line; the others are read.
 */
export function readBibtex(content: string): CompanionReading {
  const { chunks, problems } = chunksOf(content)
  const strings = chunks.filter(({ kind }) => kind === 'string').slice(0, 500)
  const usable = strings.filter((chunk) => parses(chunk.text)).map(({ text }) => text)
  const abbreviations = usable.join('\n')
  const entries: CompanionEntry[] = []
  const data = chunks.filter(({ kind }) => !['string', 'preamble', 'comment'].includes(kind))
  for (const chunk of data.slice(0, mostEntries)) {
    const entry = entryOf(chunk, abbreviations)
    if (entry) entries.push(entry)
    else problems.push({ line: chunk.line, message: `The entry @${chunk.kind} cannot be read as BibTeX.` })
  }
  if (data.length > mostEntries)
    problems.push({ message: `Only the first ${mostEntries} entries were read.` })
  return { entries, problems: limitProblems(problems) }
}

function entryOf({ text }: Chunk, abbreviations: string): CompanionEntry | undefined {
  // The abbreviations are only needed, and only parsed, where a value is a bare word.
  const source = /=\s*[a-z_]|#/i.test(text) ? `${abbreviations}\n${text}` : text
  try {
    const raw = rawEntriesSchema.parse(
      plugins.input.chain(source, {
        forceType: '@biblatex/text',
        target: '@biblatex/entries+list',
        generateGraph: false,
      }),
    )[0]
    const csl = z
      .array(z.unknown())
      .parse(plugins.input.chain(withoutSpacing(source), { generateGraph: false }))[0]
    const fields = fieldsOfCsl(csl)
    if (!raw || !fields) return undefined
    const { eprint = '', file = '', keywords } = raw.properties
    const arxivId = fields.arxivId ?? arxivIdOf(eprint)
    if (arxivId !== undefined) fields.arxivId = arxivId
    const words = keywordsOf(keywords)
    if (words) fields.keywords = words
    return { name: raw.label, fields, files: filesOf(file) }
  } catch {
    // citation-js throws plain errors of many kinds for what it cannot parse; the caller reports the line.
    return undefined
  }
}

/** TeX's spacing commands, which citation-js would leave in the text: thin spaces, discretionary hyphens, corrections. */
function withoutSpacing(source: string): string {
  return source.replace(/(?<!\\)\\(?:[,; ]|[-/!])/g, (command) => (/[,; ]/.test(command) ? ' ' : ''))
}

function parses(text: string): boolean {
  try {
    plugins.input.chain(`${text}\n@misc{x, title={x}}`, { generateGraph: false })
    return true
  } catch {
    return false
  }
}

/**
 * The paths in a `file` field: JabRef's and Zotero's `description:path:type`, several parted by `;`, with `\:` and `\;`
 * escaped, or a plain path.
 */
export function filesOf(value: string): string[] {
  return splitEscaped(value.slice(0, 20_000), ';').flatMap((link) => {
    const parts = splitEscaped(link, ':').map((part) => part.replace(/\\([:;\\_%&#])/g, '$1').trim())
    const path = parts.length >= 3 ? parts.slice(1, -1).join(':') : parts.join(':')
    return path === '' ? [] : [path]
  })
}

function splitEscaped(text: string, separator: string): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && at + 1 < text.length) parts[parts.length - 1] += text[at]! + text[++at]!
    else if (text[at] === separator) parts.push('')
    else parts[parts.length - 1] += text[at]!
  }
  return parts
}

/** Cuts a file into its entries by counting braces. What stands between entries is comment, as in BibTeX itself. */
function chunksOf(content: string): { chunks: Chunk[]; problems: CompanionReading['problems'] } {
  const chunks: Chunk[] = []
  const problems: CompanionReading['problems'] = []
  const start = /@\s*([a-z]{2,40})\s*([{(])/giy
  let line = 1
  for (let at = 0; at < content.length; at++) {
    if (content[at] === '\n') line++
    if (content[at] !== '@') continue
    start.lastIndex = at
    const opened = start.exec(content)
    if (!opened) continue
    const kind = opened[1]!.toLowerCase()
    const end = endOfEntry(content, start.lastIndex, opened[2]!)
    if (typeof end === 'string') {
      problems.push({ line, message: `The entry @${kind} ${end}.` })
      continue
    }
    const text = content.slice(at, end)
    chunks.push({ text, line, kind })
    line += text.split('\n').length - 1
    at = end - 1
  }
  return { chunks, problems }
}

/** Offset after the brace that closes an entry, or what is wrong with it. */
function endOfEntry(content: string, from: number, open: string): number | string {
  const last = Math.min(content.length, from + longestEntry)
  let depth = 1
  for (let at = from; at < last; at++) {
    const character = content[at]
    if (character === '\\') at++
    else if (character === '{') depth++
    else if (character === '}' || (open === '(' && character === ')' && depth === 1)) {
      if (--depth === 0) return at + 1
    } else if (
      character === '@' &&
      depth <= 2 &&
      /^\n\s*@[a-z]{2,40}\s*\{\s*[^\s,{}]{1,100}\s*,/i.test(content.slice(at - 1, at + 160))
    ) {
      return 'is not closed before the next entry begins'
    }
    if (depth > deepestNesting) return 'nests braces too deeply'
  }
  return last < content.length ? 'is too long' : 'is not closed'
}
