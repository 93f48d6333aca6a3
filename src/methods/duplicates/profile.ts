import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { foldText } from './fold.ts'
import { type PageForm, readPages, readVenue, readVolume } from './publication.ts'
import { readTitle, type TitleForm } from './title.ts'

/** A record as it is compared: every field folded once. */
export interface Profile {
  key: string
  fields: BibliographicFields
  document: string | undefined
  doi: string | undefined
  pmid: string | undefined
  arxivId: string | undefined
  /** ISBNs with a valid check digit, without the prefix 978 and the digit itself; journals' ISSNs are none. */
  isbns: readonly string[]
  title: TitleForm
  /** Words of two letters and more in the authors' names, in order. */
  names: readonly string[]
  /** Words of the journal's or proceedings' name. */
  venue: readonly string[]
  volume: number | undefined
  pages: PageForm | undefined
  /** Whether it is a manuscript on a preprint server. */
  preprint: boolean
  /** Sequences of three words of the abstract, as text. Made when first asked for: most abstracts are never compared. */
  abstractShingles: () => ReadonlySet<string>
}

/** Registrants of preprint servers: arXiv, bioRxiv and medRxiv, SSRN, OSF, PsyArXiv, SocArXiv, Research Square, Preprints.org, ChemRxiv, Zenodo, Authorea, TechRxiv. */
const preprintDoi =
  /^10\.(?:48550|1101\/(?:20\d\d\.|\d{6})|2139|31219|31234|31235|21203\/rs|20944|26434|5281|22541|36227)/
const preprintVenue =
  /\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|preprints?|research square|corr|osf)\b/i

/** Prepares a record for comparison. */
export function profileOf(record: BibliographicRecord): Profile {
  const { fields } = record
  const doi = readDoi(fields.doi)
  const arxivId = readArxivId(fields.arxivId) ?? readArxivId(/^10\.48550\/arxiv\.(.+)$/.exec(doi ?? '')?.[1])
  let shingles: ReadonlySet<string> | undefined
  return {
    key: record.key,
    fields,
    document: record.document,
    doi,
    pmid: /^\s*(?:pmid:?\s*)?0*(\d{1,9})\s*$/i.exec(fields.pmid ?? '')?.[1],
    arxivId,
    isbns: readIsbns(fields.isbn),
    title: readTitle(fields.title),
    names: readNames(fields.authors),
    venue: readVenue(fields.venue),
    volume: readVolume(fields.volume),
    pages: readPages(fields.pages),
    preprint: isPreprint(fields),
    abstractShingles: () => {
      shingles ??= shinglesOf(fields.abstract ?? '')
      return shingles
    },
  }
}

/** Whether fields describe a manuscript on a preprint server, not a publication. */
export function isPreprint(fields: BibliographicFields): boolean {
  if (preprintVenue.test((fields.venue ?? '').slice(0, 200))) return true
  const doi = readDoi(fields.doi)
  if (doi !== undefined) return preprintDoi.test(doi)
  return fields.arxivId !== undefined && fields.volume === undefined && fields.pages === undefined
}

/** The bare DOI in lower case, whatever stood before it; undefined when there is none in the text. */
function readDoi(text: string | undefined): string | undefined {
  const doi = /\b10\.\d{4,9}\/\S{1,300}/.exec(text?.slice(0, 500).toLowerCase() ?? '')?.[0]
  return doi?.replace(/[.,;)\]}>]+$/, '')
}

function readArxivId(text: string | undefined): string | undefined {
  return /(?:^|[:/])((?:[a-z-]+(?:\.[a-z]{2})?\/\d{7})|\d{4}\.\d{4,5})(?:v\d{1,3})?$/i
    .exec(text?.trim().slice(0, 80) ?? '')?.[1]
    ?.toLowerCase()
}

function readIsbns(text: string | undefined): string[] {
  const candidates = (text?.slice(0, 200) ?? '').toUpperCase().match(/\d[\d-]{8,16}[\dX]/g) ?? []
  return candidates.flatMap((candidate) => {
    const digits = candidate.replaceAll('-', '')
    if (digits.length === 10 && isbn10Holds(digits)) return [digits.slice(0, 9)]
    return digits.length === 13 && isbn13Holds(digits) ? [digits.slice(3, 12)] : []
  })
}

function isbn10Holds(digits: string): boolean {
  const sum = [...digits].reduce(
    (total, digit, at) => total + (10 - at) * (digit === 'X' ? 10 : Number(digit)),
    0,
  )
  return sum % 11 === 0
}

function isbn13Holds(digits: string): boolean {
  return (
    /^97[89]/.test(digits) &&
    [...digits].reduce((sum, digit, at) => sum + (at % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0
  )
}

const notNames = new Set(
  'et al others and und jr sr dr prof phd md anonymous anon the group for of on behalf'.split(' '),
)

function readNames(authors: BibliographicFields['authors']): string[] {
  const words = authors
    .slice(0, 60)
    .flatMap(({ family, given }) => [
      ...foldText(family.slice(0, 2_000)).split(' '),
      ...foldText((given ?? '').slice(0, 200)).split(' '),
    ])
  return words.filter((word) => word.length >= 2 && !notNames.has(word)).slice(0, 300)
}

function shinglesOf(abstract: string): ReadonlySet<string> {
  const words = foldText(abstract.slice(0, 4_000)).split(' ')
  const shingles = new Set<string>()
  for (let at = 0; at + 2 < words.length; at++) shingles.add(`${words[at]} ${words[at + 1]} ${words[at + 2]}`)
  return shingles
}
