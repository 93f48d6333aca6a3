import { isName, keywordsOf, readThemePhrases } from './keywords.ts'
import { expelStrangers, partition, separation } from './partition.ts'
import type { ThemeDocument } from './phrases.ts'
import { readSubjectTerms } from './subject-terms.ts'
import { tfIdfVectors } from './vectors.ts'

/** Papers that treat the same matter. */
export interface FoundTheme {
  /** In code point order. */
  ids: string[]
  /** Words and phrases that tell the theme from the others, best first; empty for papers that resemble no others. */
  keywords: string[]
}

export interface ThemeOptions {
  /** The largest number of themes; six for up to 40 papers and no bound for more, when nothing is said. */
  mostThemes?: number
}

/**
 * Papers of a theme must be this many times as alike as papers of different themes; below, the set is of one kind. Groups
 * found in papers of one review have 1.8 to 3.4, groups of several reviews 3 to 20 (docs/notes/07-themes.md).
 */
const leastSeparation = 1.5
/** A group of more than a few papers is a theme when so large a share of them has a phrase that could be its name. */
const leastNamed = 0.33
/** So few papers can be named by their titles, and so many are a theme whatever they are called. */
const fewPapers = 3
const manyPapers = 12

/**
 * Finds the themes of a set of papers: how many there are, which papers belong to each, and the words that tell them
 * apart. Themes come in falling order of size, papers that resemble no others last, as one group without keywords.
 * The result follows from the documents alone, not from their order. Identifiers must be unique.
 */
export function findThemes(
  documents: readonly ThemeDocument[],
  { mostThemes }: ThemeOptions = {},
): { themes: FoundTheme[] } {
  if (documents.length === 0) return { themes: [] }
  const sorted = documents.toSorted((a, b) => byCodePoint(a.id, b.id))
  const bound = mostThemes ?? (sorted.length <= 40 ? 6 : sorted.length)
  const groups = groupDocuments(sorted, Math.min(bound, Math.floor(sorted.length / 2)))

  const lists = collect(sorted, groups)
  const keywords = keywordsOfGroups(lists)
  const named = groups.map((group) => (keywords.has(group) ? group : -1))
  const ordered = [...collect(sorted, named)].toSorted(
    ([a, one], [b, other]) =>
      Number(a < 0) - Number(b < 0) || other.length - one.length || byCodePoint(one[0]!.id, other[0]!.id),
  )
  return {
    themes: ordered.map(([group, members]) => ({
      ids: members.map(({ id }) => id),
      keywords: group < 0 ? [] : keywords.get(group)!,
    })),
  }
}

function collect(
  documents: readonly ThemeDocument[],
  groups: readonly number[],
): Map<number, ThemeDocument[]> {
  const lists = new Map<number, ThemeDocument[]>()
  for (const [index, group] of groups.entries()) {
    const list = lists.get(group)
    if (list === undefined) lists.set(group, [documents[index]!])
    else list.push(documents[index]!)
  }
  return lists
}

/** Keywords of the groups that are a theme: their papers share words, and something by which a person can name them. */
function keywordsOfGroups(lists: ReadonlyMap<number, readonly ThemeDocument[]>): Map<number, string[]> {
  const phrases = readThemePhrases([...lists.values()])
  return new Map(
    [...lists].flatMap(([group, members], theme) => {
      if (group < 0) return []
      const keywords = keywordsOf(phrases, theme)
      const nameable =
        lists.size === 1 ||
        members.length <= fewPapers ||
        members.length > manyPapers ||
        phrases.themes[theme]!.some((phrase) => isName(phrase) && phrase.inside >= leastNamed)
      return keywords.length > 0 && nameable ? [[group, keywords] as const] : []
    }),
  )
}

/** The group of each document, -1 for one that resembles none; a single group where the set is of one kind. */
function groupDocuments(documents: readonly ThemeDocument[], mostGroups: number): number[] {
  const single = documents.map(() => 0)
  if (mostGroups < 2) return single
  const vectors = tfIdfVectors(readSubjectTerms(documents))
  const groups = expelStrangers(vectors, partition(vectors, mostGroups))
  const found = new Set(groups.filter((group) => group >= 0))
  if (found.size === 0 || (found.size === 1 && !groups.includes(-1))) return single
  return found.size > 1 && separation(vectors, groups) < leastSeparation ? single : groups
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
