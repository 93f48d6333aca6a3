import type { Page, ReadDocument } from '../../contract/document.ts'
import type { Author, BibliographicFields, FieldOrigin } from '../../contract/paper.ts'
import { bodyAuthor, isStatedBody } from '../../methods/references/bodies.ts'
import { arxivIdOfFileName, doiOfFileName, findArxivId } from '../../methods/references/identifiers.ts'
import { looksLikeName, parseName } from '../../methods/references/person-names.ts'
import { lettersAndDigits, repairText } from '../../methods/text/text-repair.ts'
import { findAbstractStart, readAbstract, readKeywords, readUnheadedAbstract } from './abstract.ts'
import { findAuthors } from './authors.ts'
import { findOwnDoi } from './own-doi.ts'
import { type Segment, segmentsOf, textOf } from './segments.ts'
import { embeddedTitle, type FoundTitle, findTitle } from './title.ts'
import { findVenue } from './venue.ts'
import { findYear, yearOfFileName, yearOfPdfDate } from './year.ts'

/** Bibliographic fields with the place that each was read from. */
export interface FrontMatter {
  fields: BibliographicFields
  origins: Partial<Record<string, FieldOrigin>>
}

/** How many pages are looked at: a cover sheet, the first page proper, and one whose margins repeat the citation. */
const pagesRead = 3

/**
 * Reads what a paper says of itself from its first pages: by the place and size of print first, by the embedded metadata
 * where the page gives nothing, by the file's name last. `fileName` is the path below the library folder.
 */
export function readFrontMatter(document: ReadDocument, fileName: string): FrontMatter {
  const pages = document.pages.slice(0, pagesRead).map((page) => ({
    page,
    segments: segmentsOf(page),
  }))
  const filled = pages.filter(({ segments }) => segments.length >= 4)
  const first = filled.find(({ segments }) => !isCover(segments)) ?? filled[0] ?? pages[0]
  const front: FrontMatter = { fields: { title: '', authors: [] }, origins: {} }
  const set = <Name extends keyof BibliographicFields>(
    name: Name,
    value: BibliographicFields[Name] | undefined,
    origin: FieldOrigin,
  ) => {
    if (value === undefined || front.fields[name] !== undefined) return
    front.fields[name] = value
    front.origins[name] = origin
  }

  const segments = first?.segments ?? []
  const later = pages.filter((entry) => entry !== first)
  const start = findAbstractStart(segments)
  const bodySize = usualSize(pages.flatMap((entry) => entry.segments))
  const title = findTitle(segments, {
    pageHeight: first?.page.height ?? 0,
    bodySize,
    embedded: embeddedTitle(document.metadata),
    fileName,
    abstractTop: start?.top,
  })
  front.fields.title = title.text
  front.origins.title = title.origin

  const region = authorRegion(segments, title, start?.top, bodySize)
  const authors = chooseAuthors(findAuthors(region), document.metadata.author, segments)
  front.fields.authors = authors.list
  if (authors.list.length > 0) front.origins.authors = authors.origin

  const titleBottom = title.segments.at(-1)?.bottom
  const abstract = start
    ? readAbstract(segments, start)
    : abstractOfLaterPage(later.map((entry) => entry.segments))
  const unheaded =
    titleBottom === undefined ? undefined : readUnheadedAbstract(segments, titleBottom, bodySize)
  set('abstract', abstract ?? (start ? undefined : unheaded), 'pdf-text')
  set('keywords', readKeywords(segments), 'pdf-text')

  const margins = [
    ...pages.flatMap(({ page, segments }) => marginsOf(page, segments)),
    ...filled.filter(({ segments }) => isCover(segments)).flatMap(({ segments }) => wholeLines(segments)),
  ]
  const lines = frontLines(segments, bodySize)
  set('doi', findOwnDoi(segments, margins, titleBottom), 'pdf-text')
  set('doi', doiOfFileName(fileName), 'file-name')
  set('arxivId', ownArxivId(segments, margins), 'pdf-text')
  set('arxivId', arxivIdOfFileName(fileName.split('/').at(-1)!), 'file-name')

  const { doi, arxivId } = front.fields
  set('year', findYear({ lines, margins, doi, arxivId }), 'pdf-text')
  set('year', yearOfPdfDate(document.metadata.creationDate), 'pdf-metadata')
  set('year', yearOfFileName(fileName.split('/').at(-1)!, newestYear(document)), 'file-name')
  for (const [name, value] of Object.entries(findVenue([...margins, ...lines]))) {
    set(name as 'venue' | 'volume' | 'issue' | 'pages', value, 'pdf-text')
  }
  return front
}

function abstractOfLaterPage(pages: readonly (readonly Segment[])[]): string | undefined {
  for (const segments of pages) {
    const start = findAbstractStart(segments)
    const abstract = start && readAbstract(segments, start)
    if (abstract !== undefined) return abstract
  }
  return undefined
}

/** The newest year that stands in the document's last third, where its references are; a paper is hardly older. */
function newestYear(document: ReadDocument): number | undefined {
  const text = document.pages
    .slice(Math.floor((document.pages.length * 2) / 3))
    .map((page) => page.text)
    .join('\n')
  const years = [...text.matchAll(/\b(?:19[5-9]|20[0-4])\d\b/g)].map(([year]) => Number(year))
  return years.length > 0 ? Math.max(...years) : undefined
}

/** The size of print that most characters of the pages have. */
function usualSize(segments: readonly Segment[]): number {
  const characters = new Map<number, number>()
  for (const { fontSize, text } of segments) {
    const size = Math.round(fontSize * 2) / 2
    characters.set(size, (characters.get(size) ?? 0) + text.length)
  }
  let usual = 10
  let most = 0
  for (const [size, count] of characters) {
    if (count > most) {
      usual = size
      most = count
    }
  }
  return usual || 10
}

/** Whether a page was put before the paper by an archive that says so. */
function isCover(segments: readonly Segment[]): boolean {
  return segments.some(({ text }) =>
    /^(?:See discussions, stats, and author profiles|Your use of the JSTOR archive|.{0,40}\bJSTOR is a not-for-profit)/i.test(
      text,
    ),
  )
}

/** The page's lines without those of its text proper, which speak of other papers; words broken over lines are whole. */
function frontLines(segments: readonly Segment[], bodySize: number): string[] {
  const opening = segments.findIndex(({ text }) =>
    /^(?:[1I]\.?\s+)?(?:introduction|motivation)\b/i.test(text),
  )
  return wholeLines(
    segments.filter(
      ({ fontSize }, index) =>
        (opening >= 0 && index < opening) || Math.abs(fontSize - bodySize) >= 0.4 || opening < 0,
    ),
  )
}

function wholeLines(segments: readonly Segment[]): string[] {
  const lines: Segment[][] = []
  for (const segment of segments) {
    if (segment.continuesWord && lines.length > 0) lines.at(-1)!.push(segment)
    else lines.push([segment])
  }
  return lines.map(textOf)
}

/** The lines that may hold authors: below the title, above the abstract or the first prose, beside no side column. */
function authorRegion(
  segments: readonly Segment[],
  title: FoundTitle,
  abstractTop: number | undefined,
  bodySize: number,
): Segment[] {
  const lowest = Math.min(...title.segments.map(({ bottom }) => bottom))
  if (!Number.isFinite(lowest)) return []
  const titleLeft = Math.min(...title.segments.map(({ left }) => left))
  const body = segments.filter(
    ({ text, fontSize }) => text.length > 60 && Math.abs(fontSize - bodySize) < 1.1,
  )
  const aligned = body.filter(({ left }) => Math.abs(left - titleLeft) < 4).length
  const sideColumn = body.length > 0 && aligned > body.length / 2
  const below = segments.filter(
    (segment) =>
      segment.top < lowest + 2 &&
      !title.segments.includes(segment) &&
      !(sideColumn && segment.left < titleLeft - 12),
  )
  const titleRight = Math.max(...title.segments.map(({ right }) => right))
  const stops = below
    .filter((segment) => startsText(segment) && segment.left < titleRight && segment.right > titleLeft)
    .map(({ top }) => top)
  const floor = Math.max(...stops, abstractTop !== undefined && abstractTop < lowest ? abstractTop : 0, 0)
  return below.filter((segment) => segment.bottom > floor)
}

/** Whether a line is prose or the heading of a first section, so that the authors stand above it. */
function startsText({ text, rotated }: Segment): boolean {
  if (rotated) return false
  if (/^(?:(?:\d|i)?\.?\s*introduction|abstract|summary|contents|keywords)\b/i.test(text)) return true
  const words = text.split(' ')
  const small = words.filter((word) => /^\p{Ll}{2,}[,.;]?$/u.test(word) && word !== 'and')
  return words.length >= 7 && small.length > 0.55 * words.length
}

/** The page's authors, or the embedded ones when the page names fewer and these stand on it too. */
function chooseAuthors(
  found: Author[],
  embedded: string | undefined,
  segments: readonly Segment[],
): { list: Author[]; origin: FieldOrigin } {
  const stated = embeddedAuthors(embedded)
  const page = lettersAndDigits(segments.map(({ text }) => text).join(' '))
  const confirmed = stated.every(({ family }) => page.includes(lettersAndDigits(family)))
  if (stated.length > found.length && (confirmed || found.length === 0)) {
    return { list: stated, origin: 'pdf-metadata' }
  }
  return { list: found, origin: 'pdf-text' }
}

function embeddedAuthors(embedded: string | undefined): Author[] {
  return repairText(embedded ?? '')
    .slice(0, 2000)
    .replace(/\([^)]*\)/g, '')
    .split(/\s*[;,&]\s*|\s+and\s+/)
    .filter((name) => looksLikeName(name) || isStatedBody(name))
    .map((name) => (isStatedBody(name) ? bodyAuthor(name) : parseName(name)))
}

/** Texts of the top and of the bottom ninth of a page, joined and line by line, and of lines set upright. */
function marginsOf({ height }: Page, segments: readonly Segment[]): string[] {
  const head = segments.filter(({ bottom, rotated }) => !rotated && bottom > height - height / 9)
  const foot = segments.filter(({ top, rotated }) => !rotated && top < height / 9)
  const upright = segments.filter(({ rotated }) => rotated)
  return [textOf(head), textOf(foot), ...wholeLines([...head, ...foot, ...upright])].filter(
    (text) => text !== '',
  )
}

/** arXiv's stamp, which stands upright in the margin, or a line that is little else. */
function ownArxivId(segments: readonly Segment[], margins: readonly string[]): string | undefined {
  const stamps = segments.filter(({ rotated, text }) => rotated || /^arxiv:\S+(?:\s|$)/i.test(text))
  for (const text of [...stamps.map((segment) => segment.text), ...margins]) {
    const id = findArxivId(text)
    if (id !== undefined) return id
  }
  return undefined
}
