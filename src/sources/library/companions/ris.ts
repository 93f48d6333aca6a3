import { plugins } from '@citation-js/core'
import '@citation-js/plugin-ris'
import { z } from 'zod'
import { repairText } from '../../../methods/text/text-repair.ts'
import { type CompanionEntry, type CompanionReading, limitProblems, mostEntries } from './companion.ts'
import { fieldsOfCsl } from './csl.ts'

const tagLine = /^([A-Z][A-Z0-9]) {0,2}-(?: (.*)|)$/

interface RisRecord {
  line: number
  tags: { tag: string; value: string }[]
  closed: boolean
}

/**
 * Reads a RIS file record by record with citation-js. Lines may end in CRLF and begin with a byte order mark, a value may
 * go on in lines without a tag. A record that is not closed by `ER` or cannot be parsed is a problem with its line.
 */
export function readRis(content: string): CompanionReading {
  const problems: CompanionReading['problems'] = []
  const entries: CompanionEntry[] = []
  const records = recordsOf(content)
  for (const [index, record] of records.slice(0, mostEntries).entries()) {
    if (!record.closed) {
      problems.push({ line: record.line, message: 'The record is not closed by a line "ER  - ".' })
    }
    const entry = entryOf(record, index + 1)
    if (entry) entries.push(entry)
    else problems.push({ line: record.line, message: 'The record has neither a title nor an identifier.' })
  }
  if (records.length === 0 && content.trim() !== '') {
    problems.push({ line: 1, message: 'No RIS record begins anywhere (a line "TY  - ").' })
  }
  if (records.length > mostEntries)
    problems.push({ message: `Only the first ${mostEntries} records were read.` })
  return { entries, problems: limitProblems(problems) }
}

function recordsOf(content: string): RisRecord[] {
  const records: RisRecord[] = []
  let current: RisRecord | undefined
  for (const [index, raw] of content
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trimEnd()
    const found = tagLine.exec(line)
    if (!found) {
      const last = current?.tags.at(-1)
      if (last && line.trim() !== '') last.value = `${last.value} ${line.trim()}`.slice(0, 50_000)
      continue
    }
    const [, tag = '', value = ''] = found
    if (tag === 'TY') {
      current = { line: index + 1, tags: [], closed: false }
      records.push(current)
    }
    if (tag === 'ER' && current) {
      current.closed = true
      current = undefined
    }
    if (current && current.tags.length < 20_000)
      current.tags.push({ tag, value: value.trim().slice(0, 50_000) })
  }
  return records
}

function entryOf({ tags }: RisRecord, position: number): CompanionEntry | undefined {
  const all = (...names: string[]) => tags.flatMap(({ tag, value }) => (names.includes(tag) ? [value] : []))
  const text = `${tags.map(({ tag, value }) => `${tag}  - ${value}`).join('\n')}\nER  - \n`
  try {
    const csl = z
      .array(z.unknown())
      .parse(plugins.input.chain(text, { forceType: '@ris/file', generateGraph: false }))
    const fields = fieldsOfCsl(csl[0])
    if (!fields) return undefined
    // citation-js joins keywords with commas, which they may hold themselves.
    const keywords = all('KW').map(repairText).filter(Boolean).slice(0, 50)
    if (keywords.length > 0) fields.keywords = keywords
    return {
      name: all('ID')[0] || String(position),
      fields,
      files: all('L1', 'L4').map(pathOf).filter(Boolean),
    }
  } catch {
    // citation-js throws plain errors of many kinds for what it cannot parse; the caller reports the line.
    return undefined
  }
}

/** A path, from itself or from a `file:` or `internal-pdf:` address. */
function pathOf(value: string): string {
  const path = value.replace(/^(?:file|internal-pdf):\/\/(?:localhost)?/i, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
