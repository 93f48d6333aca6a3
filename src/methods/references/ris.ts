import type { Author, BibliographicFields } from '../../contract/paper.ts'
import { type CitedPaper, citationKeys } from './citation-keys.ts'

const referenceTypes: Record<NonNullable<BibliographicFields['type']>, string> = {
  'article-journal': 'JOUR',
  'paper-conference': 'CPAPER',
  chapter: 'CHAP',
  book: 'BOOK',
  thesis: 'THES',
  report: 'RPRT',
  article: 'UNPB',
  document: 'GEN',
}

/**
 * A RIS file of the papers, in their order, with CRLF line ends as the format asks (Research Information Systems, 2011
 * revision). citation-js is not used to write it because line breaks in an abstract end the value there.
 */
export function toRis(papers: readonly CitedPaper[]): string {
  const keys = citationKeys(papers)
  return papers.map(({ id, fields }) => record(keys.get(id)!, fields)).join('\r\n')
}

function record(key: string, fields: BibliographicFields): string {
  const { type, venue, pages, doi, arxivId, url, keywords = [] } = fields
  const [start, end] = /^(\S+?)-(\S+)$/.exec(pages ?? '')?.slice(1) ?? [pages]
  const lines: [string, string | undefined][] = [
    ['TY', type === undefined ? (venue === undefined ? 'GEN' : 'JOUR') : referenceTypes[type]],
    ['ID', key],
    ['TI', fields.title],
    ...fields.authors.map((author): [string, string] => ['AU', name(author)]),
    ['PY', fields.year === undefined ? undefined : String(fields.year)],
    ['T2', venue],
    ['VL', fields.volume],
    ['IS', fields.issue],
    ['SP', start],
    ['EP', end],
    ['PB', fields.publisher],
    ['DO', doi],
    ['AN', arxivId === undefined ? undefined : `arXiv:${arxivId}`],
    ['SN', fields.isbn],
    ['UR', url ?? (arxivId === undefined ? undefined : `https://arxiv.org/abs/${arxivId}`)],
    ...keywords.map((keyword): [string, string] => ['KW', keyword]),
    ['AB', fields.abstract],
    ['N1', fields.retracted ? 'Retracted' : undefined],
  ]
  const text = lines.flatMap(([tag, value]) => {
    const line = oneLine(value ?? '')
    return line === '' ? [] : [`${tag}  - ${line}\r\n`]
  })
  return `${text.join('')}ER  - \r\n`
}

/** `Family, Given`; a body keeps its name, its commas aside, which would part it into family and given. */
function name({ family, given }: Author): string {
  const plain = family.replaceAll(',', ' ')
  return given === undefined || given.trim() === '' ? plain : `${plain}, ${given.replaceAll(',', ' ')}`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim()
}
