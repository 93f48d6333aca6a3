import type {
  Author,
  BibliographicFields,
  BibliographicRecord,
  FullTextLocation,
} from '../../contract/paper.ts'
import { bodyAuthor, isBody } from '../../methods/references/bodies.ts'
import { arxivIdOf, normalizeDoi } from '../../methods/references/identifiers.ts'
import { parseName } from '../../methods/references/person-names.ts'
import { plainAbstract, plainText } from './plain-text.ts'

type Text = string | null | undefined

/** A work as a service gives it: nothing is normalised yet, anything may be missing. */
export interface FoundWork {
  readonly title: Text
  readonly authors?: readonly FoundName[]
  readonly year?: number | null | undefined
  readonly doi?: Text
  readonly arxivId?: Text
  readonly pmid?: Text
  readonly pmcid?: Text
  readonly isbn?: Text
  readonly abstract?: Text
  readonly venue?: Text
  readonly volume?: Text
  readonly issue?: Text
  readonly pages?: Text
  readonly publisher?: Text
  readonly url?: Text
  readonly keywords?: readonly Text[]
  readonly type?: BibliographicFields['type'] | undefined
  readonly retracted?: boolean | null | undefined
  readonly locations?: readonly FoundLocation[]
}

/** A name whole, as `Vincent Larivière` or `Larivière V`, or in its parts; a body has a name that is not taken apart. */
export type FoundName =
  | { readonly name: Text }
  | { readonly family: Text; readonly given?: Text }
  | { readonly body: Text }

/** A place of a full text as a service gives it. */
export interface FoundLocation {
  readonly url: Text
  /** `publishedVersion`, `vor`, `acceptedVersion`, … */
  readonly version?: Text
  readonly license?: Text
  readonly isPdf: boolean
}

/** Longer lists of authors are cut here. */
const mostAuthors = 3_000
const mostKeywords = 50
const mostLocations = 20

/** How publishers mark the title of what was taken back: `RETRACTED ARTICLE: …`, `[Retracted] …`, `WITHDRAWN: …`. */
const takenBack =
  /^\W{0,3}(?:retracted|withdrawn|RETRACTED|WITHDRAWN|Retracted|Withdrawn)(?:[ -](?:article|chapter|paper|ARTICLE|CHAPTER|PAPER|Article|Chapter|Paper))?\s?[:\])]\s*/

/**
 * A record from what a service gives, every field made plain, normalised and bounded. Undefined without a title, since
 * nothing can be decided of such a work.
 */
export function recordOf(
  source: string,
  reference: string,
  work: FoundWork,
): BibliographicRecord | undefined {
  const stated = plainText(work.title).slice(0, 2_000)
  const title = stated.replace(takenBack, '')
  if (title === '') return undefined
  const doi = normalizeDoi(work.doi ?? '')
  const optional: Partial<BibliographicFields> = {
    year: yearOf(work.year),
    doi,
    arxivId: arxivIdOf(work.arxivId ?? '') ?? arxivIdOf(doi ?? ''),
    pmid: /(?:^|\D)0*([1-9]\d{0,8})\/?$/.exec(work.pmid?.trim() ?? '')?.[1],
    pmcid: pmcidOf(work.pmcid),
    isbn: /[\dX-]{10,17}/i.exec(work.isbn ?? '')?.[0]?.replaceAll('-', ''),
    abstract: plainAbstract(work.abstract),
    venue: short(work.venue, 500),
    volume: short(work.volume, 50),
    issue: short(work.issue, 50),
    pages: short(work.pages, 50)?.replace(/\s*[-–—]+\s*/g, '-'),
    publisher: short(work.publisher, 300),
    url: webAddress(work.url),
    keywords: keywordsOf(work.keywords),
    type: work.type,
    retracted: work.retracted === true || title !== stated ? true : undefined,
  }
  const fields: BibliographicFields = { title, authors: authorsOf(work.authors) }
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) Object.assign(fields, { [name]: value })
  }
  const origins = Object.fromEntries(Object.keys(fields).map((name) => [name, 'source' as const]))
  const locations = locationsOf(work.locations ?? [])
  return {
    key: `${source}:${reference}`,
    source,
    reference,
    fields,
    origins,
    ...(locations.length > 0 && { locations }),
  }
}

/** A web address with everything else refused: other schemes, names and passwords, what is no address at all. */
export function webAddress(value: Text): string | undefined {
  const address = value?.trim() ?? ''
  if (!/^https?:\/\/[^\s<>"\\^`{|}]+$/i.test(address) || address.length > 2_000 || !URL.canParse(address))
    return undefined
  const { protocol, username, password, href } = new URL(address)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : undefined
}

/** Places of full texts in their order, each once; what is no web address is left out. */
export function locationsOf(found: readonly FoundLocation[]): FullTextLocation[] {
  const places = new Map<string, FullTextLocation>()
  for (const { url, version, license, isPdf } of found) {
    const address = webAddress(url)
    if (address === undefined || places.has(address) || places.size >= mostLocations) continue
    const known = versionOf(version)
    const terms = short(license, 100)
    places.set(address, {
      url: address,
      ...(known && { version: known }),
      ...(terms !== undefined && { license: terms }),
      isPdf,
    })
  }
  return [...places.values()]
}

/** The words of OpenAlex and Unpaywall (`publishedVersion`) and of NISO JAV as Crossref has them (`vor`, `am`). */
function versionOf(version: Text): FullTextLocation['version'] {
  const word = version?.toLowerCase() ?? ''
  if (/^(?:publishedversion|vor|published)$/.test(word)) return 'published'
  if (/^(?:acceptedversion|am|accepted)$/.test(word)) return 'accepted'
  if (/^(?:submittedversion|submitted)$/.test(word)) return 'submitted'
  return undefined
}

/** A PubMed Central identifier with its prefix, from that, an address that ends in it, or its digits. */
function pmcidOf(value: Text): string | undefined {
  const digits = /^(?:.*\/)?(?:PMC)?0*([1-9]\d{0,9})\/?$/i.exec(value?.trim().slice(0, 200) ?? '')?.[1]
  return digits === undefined ? undefined : `PMC${digits}`
}

function yearOf(year: number | null | undefined): number | undefined {
  return year != null && Number.isInteger(year) && year >= 1500 && year <= 2100 ? year : undefined
}

function short(value: Text, longest: number): string | undefined {
  const text = plainText(value)
  return text === '' || text.length > longest ? undefined : text
}

function keywordsOf(keywords: readonly Text[] = []): string[] | undefined {
  const words = keywords.flatMap((keyword) => short(keyword, 100) ?? []).slice(0, 5 * mostKeywords)
  return words.length > 0 ? [...new Set(words)].slice(0, mostKeywords) : undefined
}

function authorsOf(names: readonly FoundName[] = []): Author[] {
  return names.slice(0, mostAuthors).flatMap((name) => authorOf(name) ?? [])
}

function authorOf(found: FoundName): Author | undefined {
  if ('body' in found) {
    const family = short(found.body, 300)
    return family === undefined ? undefined : { family }
  }
  if ('name' in found) {
    const name = short(found.name, 300)
    if (name === undefined || !/\p{L}/u.test(name)) return undefined
    return isBody(name) ? bodyAuthor(name) : parseName(withInitialsLast(name))
  }
  const family = short(found.family, 200)
  const given = short(found.given, 200)
  if (family === undefined) return given === undefined ? undefined : { family: given }
  return given === undefined ? { family } : { family, given }
}

/** `Larivière V` as `Larivière, V`: an upright run of initials at the end is a given name, as MEDLINE writes it. */
function withInitialsLast(name: string): string {
  const found = /^(\p{Lu}[^,]*\p{Ll}[^,]*) (\p{Lu}{1,3})$/u.exec(name)
  return found && !/^(?:II|III|IV)$/.test(found[2]!) ? `${found[1]}, ${found[2]}` : name
}
