import type { BibliographicRecord } from '../../contract/paper.ts'
import { candidatePairs } from './candidates.ts'
import { compareRecords, sameWork } from './evidence.ts'
import { type Profile, profileOf } from './profile.ts'
import { compareTitles } from './title.ts'

/** All records of one work. */
export interface WorkGroup {
  /** Keys of its records, in code point order. */
  keys: string[]
  /** What speaks for it, as "the same title", without repeats, in code point order; empty for a single record. */
  because: string[]
}

/** Two groups of records become one only when no two of their records speak against it more than this. */
const bearable = 1
/** Records of each group that are compared when groups meet; bounds the work for works with hundreds of records. */
const witnesses = 12

/**
 * Finds which records are one work, by weighing titles, authors, years, places of publication, abstracts and identifiers
 * against each other; no identifier but the document's own hash is believed alone. The result does not depend on the
 * order of the records. Every record is in one group, many alone; groups are sorted by their first key. Keys must be unique.
 * Takes time in proportion to the number of records (see {@link candidatePairs}).
 */
export function findDuplicates(records: readonly BibliographicRecord[]): { groups: WorkGroup[] } {
  const profiles = records.map(profileOf).toSorted((a, b) => byCodePoint(a.key, b.key))
  const sharedDois = findSharedDois(profiles)
  const links: { a: number; b: number; score: number; because: string[] }[] = []
  for (const [a, b] of candidatePairs(profiles)) {
    const { score, because } = compareRecords(profiles[a]!, profiles[b]!, sharedDois)
    if (score >= sameWork) links.push({ a, b, score, because })
  }
  links.sort((one, other) => other.score - one.score || one.a - other.a || one.b - other.b)

  const groups = profiles.map((_, index) => ({ members: [index], because: new Set<string>() }))
  for (const { a, b, because } of links) {
    const one = groups[a]!
    const other = groups[b]!
    if (one !== other) {
      if (!mayMerge(one.members, other.members, profiles, sharedDois)) continue
      for (const member of other.members) groups[member] = one
      one.members = [...one.members, ...other.members].toSorted((x, y) => x - y)
      for (const reason of other.because) one.because.add(reason)
    }
    for (const reason of because) groups[a]!.because.add(reason)
  }
  return {
    groups: [...new Set(groups)]
      .map(({ members, because }) => ({
        keys: members.map((index) => profiles[index]!.key),
        because: [...because].toSorted(byCodePoint),
      }))
      .toSorted((one, other) => byCodePoint(one.keys[0]!, other.keys[0]!)),
  }
}

/** Links do not carry through a record that resembles two different works: all witnesses must bear each other. */
function mayMerge(
  one: readonly number[],
  other: readonly number[],
  profiles: readonly Profile[],
  sharedDois: ReadonlySet<string>,
): boolean {
  return one
    .slice(0, witnesses)
    .every((a) =>
      other
        .slice(0, witnesses)
        .every((b) => compareRecords(profiles[a]!, profiles[b]!, sharedDois).score >= bearable),
    )
}

/** DOIs that stand on titles which are not one: a supplement's DOI on its abstracts, or a book's on its chapters. */
function findSharedDois(profiles: readonly Profile[]): Set<string> {
  const first = new Map<string, Profile>()
  const shared = new Set<string>()
  for (const profile of profiles) {
    if (profile.doi === undefined || shared.has(profile.doi)) continue
    const other = first.get(profile.doi)
    if (other === undefined) first.set(profile.doi, profile)
    else if (areOtherTitles(profile, other)) shared.add(profile.doi)
  }
  return shared
}

function areOtherTitles(a: Profile, b: Profile): boolean {
  // A translated title is another title too; where the place in the journal agrees, the DOI is not shared but right.
  const agreement = compareTitles(a.title, b.title)
  if (agreement !== 'different' && agreement !== 'altered') return false
  return a.fields.pages === undefined || b.fields.pages === undefined || a.fields.pages !== b.fields.pages
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
