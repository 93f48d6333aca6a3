import type { BibliographicFields } from '../../contract/paper.ts'

/**
 * A paper as a sentence names it, in author–year style: "Zeileis and Hothorn (2002)", "Page et al. (2021)", "Boeing
 * (n.d.)". A paper without authors is named by the first words of its title.
 */
export function shortReference({ authors, title, year }: BibliographicFields): string {
  return `${shortAuthors(authors, title)} (${year ?? 'n.d.'})`
}

function shortAuthors(authors: BibliographicFields['authors'], title: string): string {
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
