import { z } from 'zod'
import { type Author, type BibliographicFields, workTypes } from '../../../contract/paper.ts'
import { arxivIdOf, normalizeDoi } from '../../../methods/references/identifiers.ts'
import { parseName } from '../../../methods/references/person-names.ts'
import { repairText } from '../../../methods/text/text-repair.ts'
import {
  type CompanionEntry,
  type CompanionReading,
  limitProblems,
  lineAt,
  mostEntries,
} from './companion.ts'
import { jsonErrorOffset } from './json-error.ts'

const text = z.union([z.string(), z.number()]).transform(String).nullish().catch(null)
const part = z.union([z.number(), z.string()]).transform(Number)

/**
 * The CSL-JSON variables that Sheaf uses (docs.citationstyles.org, appendix IV), read leniently: a variable of a wrong
 * kind counts as absent, unknown ones are dropped.
 */
const cslItemSchema = z.object({
  id: text,
  type: text,
  title: text,
  author: z
    .array(
      z.object({
        family: text,
        given: text,
        literal: text,
        'non-dropping-particle': text,
        'dropping-particle': text,
      }),
    )
    .nullish()
    .catch(null),
  issued: z
    .object({ 'date-parts': z.array(z.array(part)).nullish().catch(null), raw: text, literal: text })
    .nullish()
    .catch(null),
  'container-title': z
    .union([z.string(), z.array(z.string()).transform((titles) => titles[0] ?? '')])
    .nullish()
    .catch(null),
  volume: text,
  issue: text,
  page: text,
  publisher: text,
  abstract: text,
  DOI: text,
  URL: text,
  ISBN: text,
  PMID: text,
  keyword: text,
  note: text,
  number: text,
  archive: text,
  archive_location: text,
})
type CslItem = z.infer<typeof cslItemSchema>

/** The fields of one CSL-JSON item; `undefined` when it is none or has neither title nor identifier. */
export function fieldsOfCsl(item: unknown): BibliographicFields | undefined {
  const parsed = cslItemSchema.safeParse(item)
  if (!parsed.success) return undefined
  const csl = parsed.data
  const plain = (value: string | null | undefined) =>
    repairText(withoutMarkup(value ?? '').slice(0, 20_000)) || undefined
  const fields: BibliographicFields = { title: plain(csl.title) ?? '', authors: authorsOf(csl) }
  const optional: Partial<BibliographicFields> = {
    year: yearOf(csl),
    doi: normalizeDoi(csl.DOI ?? '') ?? normalizeDoi(/doi\.org\//i.test(csl.URL ?? '') ? csl.URL! : ''),
    arxivId: arxivIdOf([csl.URL, csl.number, csl.archive_location, csl.note].filter(Boolean).join(' ')),
    pmid: /^\d{1,9}$/.exec(csl.PMID ?? '')?.[0],
    isbn: /[\dX-]{10,17}/i.exec(csl.ISBN ?? '')?.[0]?.replaceAll('-', ''),
    abstract: plain(csl.abstract),
    venue: plain(csl['container-title']),
    volume: plain(csl.volume),
    issue: plain(csl.issue),
    pages: plain(csl.page)?.replace(/\s*[-–—]+\s*/g, '-'),
    publisher: plain(csl.publisher),
    url: /^https?:\/\/\S+$/i.exec(csl.URL?.trim() ?? '')?.[0],
    keywords: keywordsOf(csl.keyword),
    type: workTypes.find((type) => type === csl.type),
  }
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) Object.assign(fields, { [name]: value })
  }
  return fields.title === '' && !fields.doi && !fields.arxivId ? undefined : fields
}

/** Plain text of a value that may hold the markup that CSL and Zotero allow (`<i>`, `<span …>`, JATS tags). */
function withoutMarkup(value: string): string {
  return value
    .replace(/<\/?(?:i|b|em|strong|sc|sup|sub|span|p|jats:[a-z]{1,20})(?:\s[^<>]{0,200})?>/gi, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
}

function authorsOf({ author }: CslItem): Author[] {
  return (author ?? []).slice(0, 5000).flatMap((name) => {
    const family = [name['non-dropping-particle'], name['dropping-particle'], name.family]
      .filter(Boolean)
      .join(' ')
    const given = repairText(name.given ?? '')
    if (family === '') {
      const literal = repairText(name.literal ?? '')
      return literal === '' ? [] : [{ family: literal }]
    }
    const whole = repairText(family)
    if (given === '') return [{ family: whole }]
    return [parseName(`${whole}, ${given}`)]
  })
}

function yearOf({ issued }: CslItem): number | undefined {
  const stated = issued?.['date-parts']?.[0]?.[0]
  const raw = /\b(1[5-9]\d\d|20\d\d)\b/.exec(`${issued?.raw ?? ''} ${issued?.literal ?? ''}`)?.[1]
  const year = stated ?? (raw === undefined ? undefined : Number(raw))
  return year !== undefined && Number.isInteger(year) && year > 1000 && year < 2200 ? year : undefined
}

/** Keywords parted by semicolons, or by commas where there is none. */
export function keywordsOf(value: string | null | undefined): string[] | undefined {
  const list = (value ?? '').split((value ?? '').includes(';') ? ';' : ',').map(repairText)
  const keywords = [...new Set(list.filter((keyword) => keyword !== ''))].slice(0, 50)
  return keywords.length > 0 ? keywords : undefined
}

/** Reads a CSL-JSON file: an array of items, or an object with an array `items`. Other JSON is no companion. */
export function readCslJson(content: string): CompanionReading {
  let data: unknown
  try {
    data = JSON.parse(content.replace(/^\ufeff/, ''))
  } catch {
    const line = lineAt(content, jsonErrorOffset(content.replace(/^\ufeff/, '')))
    return { entries: [], problems: [{ line, message: 'This is not valid JSON.' }] }
  }
  const items = z
    .union([z.array(z.unknown()), z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items)])
    .safeParse(data)
  if (!items.success) return { entries: [], problems: [] }
  const entries: CompanionEntry[] = []
  const problems = []
  for (const [index, item] of items.data.slice(0, mostEntries).entries()) {
    const fields = fieldsOfCsl(item)
    if (!fields) {
      problems.push({ message: `Entry ${index + 1} has neither a title nor an identifier.` })
      continue
    }
    const extra = z.looseObject({ id: text, 'citation-key': text, file: text }).safeParse(item).data
    const name = extra?.['citation-key'] ?? extra?.id ?? String(index + 1)
    entries.push({ name, fields, files: extra?.file ? [extra.file] : [] })
  }
  // JSON that holds no reference at all is some other program's file and none of our business.
  if (entries.length === 0) return { entries, problems: [] }
  if (items.data.length > mostEntries) {
    problems.push({ message: `Only the first ${mostEntries} entries were read.` })
  }
  return { entries, problems: limitProblems(problems) }
}
