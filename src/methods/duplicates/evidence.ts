import type { Profile } from './profile.ts'
import { type Agreement, comparePages, compareVenues } from './publication.ts'
import { compareTitles, type TitleAgreement } from './title.ts'

/** What the comparison of two records found. */
export interface Comparison {
  /** Sum of weights of evidence: positive speaks for one work. From {@link sameWork} on the records are held to be one. */
  score: number
  /** What speaks for one work, in words. */
  because: string[]
}

/** Weight of evidence from which two records are one work. */
export const sameWork = 4

/**
 * Weights of evidence, after Fellegi and Sunter (A theory for record linkage, 1969): roughly, log odds in bits of how much
 * more often an agreement is seen between records of one work than of two that share a block. Set by hand, see
 * docs/notes/06-duplicates.md.
 */
const weights = {
  title: { same: 4, close: 2.5, shortened: 2.5, altered: -3, different: -5 },
  genericTitle: 0,
  shortTitle: 1.5,
  authors: { same: 2, some: 0.5, few: -1.5, none: -4 },
  year: { same: 0.5, next: -0.5, near: -2.5, far: -4, serial: -4 },
  pages: { agree: 2, conflict: -2, unknown: 0 },
  volume: { agree: 0.5, conflict: -1, unknown: 0 },
  venue: { agree: 1, conflict: -2.5, unknown: 0 },
  /** Another venue, and other volume or pages with it: published elsewhere. */
  elsewhere: -2.5,
  /** Other pages and another abstract: neighbours in a supplement. */
  otherPages: -3.5,
  doi: { agree: 4, conflict: -3.5, unknown: 0 },
  sharedDoi: 0.5,
  pmid: { agree: 6, conflict: -6, unknown: 0 },
  arxivId: { agree: 6, conflict: -6, unknown: 0 },
  isbn: 1,
  abstract: { same: 3, other: -2.5 },
} as const

/** What agreement in place of publication and abstract can add at most. Spares comparing them where it is not enough. */
const mostOfPlaceAndAbstract =
  weights.pages.agree + weights.volume.agree + weights.venue.agree + weights.abstract.same

/** The lowest score: two works for certain. */
const never = Number.NEGATIVE_INFINITY

/**
 * Weighs whether two records are one work; symmetric. `sharedDois` are those that stand on works with different titles
 * (a conference supplement's), which say next to nothing.
 */
export function compareRecords(a: Profile, b: Profile, sharedDois: ReadonlySet<string>): Comparison {
  if (a.document !== undefined && a.document === b.document)
    return { score: 99, because: ['the same document'] }
  if (a.title.kind !== b.title.kind || partsDiffer(a, b)) return { score: never, because: [] }

  const because: string[] = []
  const title = compareTitles(a.title, b.title)
  let score = weighTitle(a, b, title)
  if (title === 'same') because.push('the same title')
  else if (title === 'close' || title === 'shortened') because.push('nearly the same title')

  const authors = compareNames(a.names, b.names)
  if (authors !== 'unknown') score += weights.authors[authors]
  if (authors === 'same') because.push('the same authors')

  const identifiers = weighIdentifiers(a, b, sharedDois)
  because.push(...identifiers.because)
  score += weighYears(a, b) + identifiers.score
  if (score + mostOfPlaceAndAbstract < 0) return { score: never, because: [] }

  const publication = weighPublication(a, b)
  because.push(...publication.because)
  const abstract = compareAbstracts(a, b)
  if (abstract === 'same') because.push('the same abstract')
  if (abstract !== 'unknown') score += weights.abstract[abstract]
  if (abstract === 'other' && publication.pages === 'conflict') score += weights.otherPages
  return { score: score + publication.score, because }
}

/** "Part I" is not "Part II"; where only one names a part, the other may be the whole or have lost it. */
function partsDiffer(a: Profile, b: Profile): boolean {
  return a.title.part !== b.title.part && (a.title.part !== undefined) === (b.title.part !== undefined)
}

function weighTitle(a: Profile, b: Profile, agreement: TitleAgreement): number {
  // A number that only one title has at its end, or exchanged for another, tells the works of a series apart.
  if (agreement !== 'same' && a.title.part !== b.title.part) return weights.title.different
  if (agreement === 'shortened' && !a.title.cut && !b.title.cut && a.title.serial)
    return weights.title.altered
  if (agreement === 'altered' || agreement === 'different') return weights.title[agreement]
  if (a.title.generic || b.title.generic) return weights.genericTitle
  const short = Math.min(a.title.letters.length, b.title.letters.length) < 25 || a.title.words.length < 4
  return short ? Math.min(weights.shortTitle, weights.title[agreement]) : weights.title[agreement]
}

function compareNames(a: readonly string[], b: readonly string[]): keyof typeof weights.authors | 'unknown' {
  if (a.length === 0 || b.length === 0) return 'unknown'
  const [few, many] = a.length <= b.length ? [new Set(a), new Set(b)] : [new Set(b), new Set(a)]
  const shared = [...few].filter((name) => many.has(name)).length
  const share = shared / few.size
  if (share >= 0.6) return 'same'
  // One family name beside names written in full, or a list cut to "et al": the first author decides.
  const firstShared = many.has(few.values().next().value!) || few.has(many.values().next().value!)
  if (share >= 0.35) return firstShared ? 'same' : 'some'
  return shared === 0 ? 'none' : 'few'
}

function weighYears(a: Profile, b: Profile): number {
  const one = a.fields.year
  const other = b.fields.year
  if (one === undefined || other === undefined) return 0
  const apart = Math.abs(one - other)
  if (apart === 0) return weights.year.same
  if (a.title.serial || b.title.serial) return weights.year.serial
  if (apart === 1) return weights.year.next
  // A manuscript may lie on a server for years before its publication.
  if (a.preprint !== b.preprint && apart <= 3) return weights.year.next
  return apart === 2 ? weights.year.near : weights.year.far
}

function weighIdentifiers(a: Profile, b: Profile, sharedDois: ReadonlySet<string>): Comparison {
  const because: string[] = []
  const pmid = agreementOf(a.pmid, b.pmid)
  const arxivId = agreementOf(a.arxivId, b.arxivId)
  let score = weights.pmid[pmid] + weights.arxivId[arxivId]
  if (pmid === 'agree') because.push(`the same PMID ${a.pmid}`)
  if (arxivId === 'agree') because.push(`the same arXiv identifier ${a.arxivId}`)
  const doi = agreementOf(a.doi, b.doi)
  if (doi === 'agree' && a.doi !== undefined) {
    score += sharedDois.has(a.doi) ? weights.sharedDoi : weights.doi.agree
    because.push(`the same DOI ${a.doi}`)
  } else if (doi === 'conflict' && !a.preprint && !b.preprint) {
    score += weights.doi.conflict
  }
  if (a.isbns.some((isbn) => b.isbns.includes(isbn))) score += weights.isbn
  return { score, because }
}

function agreementOf<T>(a: T | undefined, b: T | undefined): Agreement {
  if (a === undefined || b === undefined) return 'unknown'
  return a === b ? 'agree' : 'conflict'
}

/** Where the work appeared. A preprint and its publication appeared in two places and are one work all the same. */
function weighPublication(a: Profile, b: Profile): Comparison & { pages: Agreement } {
  if (a.preprint !== b.preprint) return { score: 0, because: [], pages: 'unknown' }
  const venue = compareVenues(a.venue, b.venue)
  const volume = agreementOf(a.volume, b.volume)
  const pages = comparePages(a.pages, b.pages)
  const elsewhere = venue === 'conflict' && (volume === 'conflict' || pages === 'conflict')
  return {
    score:
      weights.venue[venue] +
      weights.volume[volume] +
      weights.pages[pages] +
      (elsewhere ? weights.elsewhere : 0),
    pages,
    because: pages === 'agree' && venue !== 'conflict' ? ['the same pages'] : [],
  }
}

/** The share of the shorter abstract's three-word sequences that the longer one has too. */
function compareAbstracts(a: Profile, b: Profile): keyof typeof weights.abstract | 'unknown' {
  if (a.fields.abstract === undefined || b.fields.abstract === undefined) return 'unknown'
  const [short, long] = [a.abstractShingles(), b.abstractShingles()].toSorted(
    (one, other) => one.size - other.size,
  )
  if (short === undefined || long === undefined || short.size < 20) return 'unknown'
  let shared = 0
  for (const shingle of short) if (long.has(shingle)) shared++
  if (shared / short.size >= 0.5) return 'same'
  // Manuscripts are rewritten on the way to publication; databases only cut and respell.
  const little = a.preprint === b.preprint ? 0.3 : 0.1
  return shared / short.size < little && short.size >= 40 ? 'other' : 'unknown'
}
