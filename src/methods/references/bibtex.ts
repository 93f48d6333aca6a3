import type { Author, BibliographicFields } from '../../contract/paper.ts'
import { type CitedPaper, citationKeys } from './citation-keys.ts'

/** LaTeX's special characters as they print themselves (lshort, section 2.4). */
const special: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

const entryTypes: Record<NonNullable<BibliographicFields['type']>, string> = {
  'article-journal': 'article',
  'paper-conference': 'inproceedings',
  chapter: 'incollection',
  book: 'book',
  thesis: 'phdthesis',
  report: 'techreport',
  article: 'misc',
  document: 'misc',
}

/**
 * A BibTeX file of the papers, in their order, in UTF-8: accents stay letters, LaTeX's special characters are escaped, the
 * title's capitals are protected. citation-js is not used to write it because it turns accents into commands, or else
 * escapes nothing.
 */
export function toBibtex(papers: readonly CitedPaper[]): string {
  const keys = citationKeys(papers)
  return papers.map(({ id, fields }) => entry(keys.get(id)!, fields)).join('\n')
}

function entry(key: string, fields: BibliographicFields): string {
  const { authors, year, doi, arxivId, url, venue, type, publisher } = fields
  const kind = type === undefined ? (venue === undefined ? 'misc' : 'article') : entryTypes[type]
  const collected = kind === 'inproceedings' || kind === 'incollection'
  const body = kind === 'phdthesis' ? 'school' : kind === 'techreport' ? 'institution' : 'publisher'
  const values: [string, string | undefined][] = [
    ['title', braced(fields.title)],
    ['author', authors.length > 0 ? authors.map(name).join(' and ') : undefined],
    ['year', year === undefined ? undefined : String(year)],
    [collected ? 'booktitle' : kind === 'misc' ? 'howpublished' : 'journal', text(venue)],
    ['volume', text(fields.volume)],
    ['number', text(fields.issue)],
    ['pages', text(fields.pages)?.replace(/(?<=\d)-(?=\d)/g, '--')],
    [body, publisher === undefined ? undefined : braced(publisher)],
    ['doi', verbatim(doi)],
    ['eprint', verbatim(arxivId)],
    ['archiveprefix', arxivId === undefined ? undefined : 'arXiv'],
    ['isbn', text(fields.isbn)],
    ['pmid', text(fields.pmid)],
    ['url', verbatim(url)],
    ['keywords', fields.keywords?.map((keyword) => text(keyword.replaceAll(',', ' '))).join(', ')],
    ['abstract', text(fields.abstract)],
    ['note', fields.retracted ? 'Retracted' : undefined],
  ]
  const lines = values.flatMap(([field, value]) => (value ? [`  ${field} = {${value}}`] : []))
  return `@${kind}{${key},\n${lines.join(',\n')}\n}\n`
}

function name({ family, given }: Author): string {
  const plain = (part: string) => (/,|\s(?:and)\s/i.test(part) ? braced(part) : text(part)!)
  if (given === undefined || given.trim() === '') return braced(family)
  return `${plain(family)}, ${plain(given)}`
}

function braced(value: string): string {
  return `{${text(value) ?? ''}}`
}

/** A value on one line with special characters escaped and the ligatures `--`, ` `` ` and `''` kept apart. */
function text(value: string | undefined): string | undefined {
  return value
    ?.replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
    .replace(/[\\{}$&#%_~^]/g, (character) => special[character]!)
    .replace(/([-'`])(?=\1)/g, '$1{}')
}

/** An identifier or address: read as it stands, so only what would end the value is encoded. */
function verbatim(value: string | undefined): string | undefined {
  return value?.replace(/[\s{}\\]/g, (character) => encodeURIComponent(character))
}
