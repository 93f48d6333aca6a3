import type { Paper } from '../../contract/paper.ts'

/** What a paper is named by in a sentence. */
export type NamedPaper = Pick<Paper, 'fields' | 'yearSuffix'>

/**
 * A paper as a sentence names it, in author–year style: "Zeileis and Hothorn (2002)", "Page et al. (2021a)", "Boeing
 * (n.d.)". A paper without authors is named by the first words of its title.
 */
export function shortReference({ fields, yearSuffix }: NamedPaper): string {
  return `${shortAuthors(fields)} (${fields.year ?? 'n.d.'}${yearSuffix ?? ''})`
}

/**
 * Gives papers that would have the same short reference a letter each, in the order of their titles, then identifiers
 * (CSL 1.0.2, "Disambiguation": year-suffix). Beyond `z` comes `aa`.
 */
export function withYearSuffixes(papers: readonly Paper[]): Paper[] {
  const namesakes = new Map<string, Paper[]>()
  for (const paper of papers) {
    const name = shortReference({ fields: paper.fields })
    namesakes.set(name, [...(namesakes.get(name) ?? []), paper])
  }
  const suffixes = new Map<string, string>()
  for (const group of namesakes.values())
    if (group.length > 1)
      for (const [place, { id }] of group.toSorted(byTitle).entries()) suffixes.set(id, letters(place))
  return papers.map((paper) => {
    const yearSuffix = suffixes.get(paper.id)
    return yearSuffix === undefined ? paper : { ...paper, yearSuffix }
  })
}

function byTitle(one: Paper, other: Paper): number {
  const [title, otherTitle] = [one.fields.title, other.fields.title]
  if (title !== otherTitle) return title < otherTitle ? -1 : 1
  return one.id < other.id ? -1 : 1
}

function letters(place: number): string {
  const last = String.fromCharCode(97 + (place % 26))
  return place < 26 ? last : letters(Math.floor(place / 26) - 1) + last
}

function shortAuthors({ authors, title }: Paper['fields']): string {
  const [first, second, third] = authors
  if (!first) return `“${firstWords(title)}”`
  if (!second) return first.family
  if (!third) return `${first.family} and ${second.family}`
  return `${first.family} et al.`
}

/** How many words of a title stand for it. */
const wordsOfTitle = 6

function firstWords(title: string): string {
  const words = title.split(/\s+/).filter(Boolean)
  return words.length <= wordsOfTitle ? words.join(' ') : `${words.slice(0, wordsOfTitle).join(' ')} …`
}
