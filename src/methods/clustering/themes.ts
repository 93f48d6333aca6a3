import { tokenize } from '../text/tokens.ts'
import { isGeneric } from './generic-words.ts'
import { keywordsOf, readThemePhrases } from './keywords.ts'
import { partition, separation } from './partition.ts'
import type { ThemeDocument } from './phrases.ts'
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

/** A set up to this size knows too little of which words are common, so words common to all papers are left out. */
const smallSet = 100
/** Texts beyond this tell the subject no better and cost time. */
const longestText = 20_000
/**
 * Papers of a theme must be this many times as alike as papers of different themes; below, the set is of one kind. Groups
 * found in papers of one review have 1.8 to 3.4, groups of several reviews 3 to 20 (docs/notes/07-themes.md).
 */
const leastSeparation = 1.5

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
  // A group that shares no words is none.
  const named = groups.map((group) => (keywords.get(group)!.length > 0 ? group : -1))
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

function keywordsOfGroups(lists: ReadonlyMap<number, readonly ThemeDocument[]>): Map<number, string[]> {
  const phrases = readThemePhrases([...lists.values()])
  return new Map(
    [...lists.keys()].map((group, theme) => [group, group < 0 ? [] : keywordsOf(phrases, theme)]),
  )
}

/** The group of each document, -1 for one that resembles none; a single group where the set is of one kind. */
function groupDocuments(documents: readonly ThemeDocument[], mostGroups: number): number[] {
  const single = documents.map(() => 0)
  if (mostGroups < 2) return single
  const vectors = tfIdfVectors(documents.map((document) => tokensOf(document, documents.length < smallSet)))
  const groups = partition(vectors, mostGroups)
  const found = new Set(groups.filter((group) => group >= 0))
  if (found.size === 0 || (found.size === 1 && !groups.includes(-1))) return single
  return found.size > 1 && separation(vectors, groups) < leastSeparation ? single : groups
}

/** Stems of title and text. The title counts three times: it is the authors' own statement of the subject. */
function tokensOf({ title, text }: ThemeDocument, withoutGeneric: boolean): string[] {
  const inTitle = tokenize(title.slice(0, 1_000))
  const tokens = [...inTitle, ...inTitle, ...tokenize(text.slice(0, longestText))]
  return withoutGeneric ? tokens.filter((token) => !isGeneric(token) && !/^\d/.test(token)) : tokens
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
