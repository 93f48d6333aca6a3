import { createHash } from 'node:crypto'
import type { BibliographicFields, BibliographicRecord, FieldOrigin, Paper } from '../../contract/paper.ts'
import { mergeLocations } from './locations.ts'
import { isPreprint } from './profile.ts'

type FieldName = keyof BibliographicFields

/** How far a value read there can be trusted, best first. Fields without an origin came from the source itself. */
const trust: readonly FieldOrigin[] = ['source', 'companion', 'pdf-text', 'pdf-metadata', 'file-name']

/** Fields that name one place of publication and are worth nothing when they come from two. */
const placeFields = ['venue', 'volume', 'issue', 'pages'] as const
/** Fields for which the first record that has them decides. */
const plainFields = ['arxivId', 'pmid', 'pmcid', 'isbn', 'publisher', 'url'] as const

/** The fields of one work, and for each the key of the record it was taken from. */
export interface MergedFields {
  fields: BibliographicFields
  provenance: Partial<Record<string, string>>
}

/**
 * Chooses each field of a work from the record that knows it best: published before preprint, read in metadata before
 * guessed from a page, complete before cut short. Venue, volume, issue and pages come from one record. The result
 * does not depend on the order of the records. There must be at least one.
 */
export function mergeFields(records: readonly BibliographicRecord[]): MergedFields {
  const ranked = rankRecords(records)
  const lead = ranked[0]!
  const chosen = new Map<FieldName, BibliographicRecord>()
  const choose = (field: FieldName, score: (record: BibliographicRecord) => number) => {
    const best = bestBy(
      ranked.filter((record) => isKnown(record.fields[field])),
      (record) => score(record),
    )
    if (best !== undefined) chosen.set(field, best)
  }

  choose('title', (record) => 100 * trustOf(record, 'title') + titleQuality(record.fields.title))
  choose('authors', (record) => 100 * trustOf(record, 'authors') + authorsQuality(record.fields))
  choose('year', (record) => 10 * trustOf(record, 'year') + publicationQuality(record))
  choose('doi', (record) => 10 * trustOf(record, 'doi') + publicationQuality(record))
  choose('type', (record) => 10 * trustOf(record, 'type') + publicationQuality(record))
  choose(
    'abstract',
    (record) => 10 * trustOf(record, 'abstract') + abstractQuality(record.fields.abstract ?? ''),
  )
  choose('keywords', (record) => record.fields.keywords?.length ?? 0)
  // One record that says so is enough: nobody calls a sound work retracted.
  choose('retracted', (record) => (record.fields.retracted === true ? 1 : 0))
  for (const field of plainFields)
    choose(field, (record) => 10 * trustOf(record, field) + publicationQuality(record))
  const place = bestBy(
    ranked,
    (record) =>
      10 * publicationQuality(record) + placeFields.filter((field) => isKnown(record.fields[field])).length,
  )
  for (const field of placeFields)
    if (place !== undefined && isKnown(place.fields[field])) chosen.set(field, place)

  const fields: BibliographicFields = { title: lead.fields.title, authors: lead.fields.authors }
  const provenance: Partial<Record<string, string>> = {}
  for (const [field, record] of chosen) {
    Object.assign(fields, { [field]: record.fields[field] })
    provenance[field] = record.key
  }
  return { fields, provenance }
}

/**
 * The paper that records of one work make: their merged fields under an identity that depends on the records alone (the
 * first 12 hexadecimal digits of the SHA-256 of their sorted keys), the full text of the record that has one, or why it
 * cannot be read, and the places where it may be had. `because` are the reasons that {@link findDuplicates} gave. There must be at least one record.
 */
export function paperOf(records: readonly BibliographicRecord[], because: readonly string[]): Paper {
  const ranked = rankRecords(records)
  const keys = ranked.map(({ key }) => key)
  const reading = ranked.find(({ document }) => document !== undefined)
  const locations = mergeLocations(ranked)
  const failure = (reading ?? ranked.find((record) => record.failure !== undefined))?.failure
  return {
    id: `p${createHash('sha256').update(keys.toSorted(byCodePoint).join('\n')).digest('hex').slice(0, 12)}`,
    ...mergeFields(records),
    records: keys,
    mergedBecause: keys.length > 1 ? [...because] : [],
    ...(reading?.document === undefined ? {} : { document: reading.document }),
    ...(reading?.pageCount === undefined ? {} : { pageCount: reading.pageCount }),
    ...(failure === undefined ? {} : { failure }),
    ...(locations.length === 0 ? {} : { locations }),
  }
}

/** Records with the one that knows most about the work first; readable ones before others. */
function rankRecords(records: readonly BibliographicRecord[]): BibliographicRecord[] {
  const ranks = new Map(
    records.map((record) => [
      record,
      (record.document !== undefined && record.failure === undefined ? 100 : 0) +
        10 * publicationQuality(record) +
        Object.values(record.fields).filter(isKnown).length / 10,
    ]),
  )
  return records.toSorted((a, b) => ranks.get(b)! - ranks.get(a)! || byCodePoint(a.key, b.key))
}

/** The first of the best. */
function bestBy(
  records: readonly BibliographicRecord[],
  score: (record: BibliographicRecord) => number,
): BibliographicRecord | undefined {
  let best: { record: BibliographicRecord; score: number } | undefined
  for (const record of records) {
    const own = score(record)
    if (best === undefined || own > best.score) best = { record, score: own }
  }
  return best?.record
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** 4 for the source's own metadata down to 0 for a file name. */
function trustOf(record: BibliographicRecord, field: FieldName): number {
  return trust.length - 1 - trust.indexOf(record.origins[field] ?? 'source')
}

/** 2 for a publication with its place, 1 where nothing is known, 0 for a preprint. */
function publicationQuality({ fields }: BibliographicRecord): number {
  if (isPreprint(fields)) return 0
  return isKnown(fields.venue) && (isKnown(fields.volume) || isKnown(fields.pages) || isKnown(fields.doi))
    ? 2
    : 1
}

/** Whole before cut, mixed case before capitals, the original before a translation in brackets, then length. */
function titleQuality(title: string): number {
  const cut = /(?:\.\.\.|…)\s*$/.test(title)
  const capitals = title === title.toUpperCase() && title !== title.toLowerCase()
  const framed = /^\[.*\]\.?$/.test(title.slice(0, 1_000)) || /<[a-z]|&[a-z#]/i.test(title)
  return (cut ? 0 : 40) + (capitals ? 0 : 20) + (framed ? 0 : 10) + Math.min(title.length, 500) / 100
}

/** Whole lists before ones cut to "et al", then names written out, then length. */
function authorsQuality({ authors }: BibliographicFields): number {
  const whole = authors.filter(({ family }) => !/^(?:et al\.?|others|and others)$/i.test(family.trim()))
  const full = whole.filter(({ given }) => /\p{L}{2}/u.test(given ?? '')).length
  return (
    (whole.length === authors.length ? 20 : 0) +
    (10 * full) / Math.max(1, whole.length) +
    Math.min(whole.length, 500) / 50
  )
}

/** Whole before cut, then length up to that of a long abstract; what is longer holds more than the abstract. */
function abstractQuality(abstract: string): number {
  const cut = /(?:\.\.\.|…|\[truncated\]|\(abstract truncated[^)]{0,40}\))\s*$/i.test(abstract.slice(-80))
  return (cut ? 0 : 5) + Math.min(abstract.length, 4_000) / 1_000
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
