import type { Concept, Plan } from '../../contract/plan.ts'

/** What a search is made of: the plan's concepts and years. */
export type SearchTerms = Pick<Plan, 'concepts' | 'since' | 'until'>

/** A longer term is cut at a word: no index holds such a phrase. In UTF-16 code units. */
const longestPhrase = 120

/**
 * A term as words that mean nothing but themselves in any query language: letters, digits, and inside words `-`, `'`,
 * `.`, and `+` or `#` at their end (`C++`). All else (quotes, brackets, colons, wildcards, backslashes) becomes a space, so
 * that no term can leave its quotation marks. Empty when nothing is left.
 */
export function phraseOf(term: string): string {
  const words = term
    .slice(0, 10 * longestPhrase)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[‐‑‒–]/g, '-')
    .replace(/’/g, "'")
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[-'.][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*(?:\+\+|#)?/gu)
  let phrase = ''
  for (const word of words ?? []) {
    if (phrase.length + word.length >= longestPhrase) break
    phrase = phrase === '' ? word : `${phrase} ${word}`
  }
  return phrase
}

/** Words that are operators in one language or another: never sent without quotation marks. */
const operators = /^(?:and|or|not|andnot|to|near|adj|xor)$/i

/** A phrase in quotation marks, unless it is one plain word, which services may then stem. */
export function quoted(phrase: string): string {
  const plain = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}]*$/u.test(phrase) && !operators.test(phrase)
  return plain ? phrase : `"${phrase}"`
}

/** The phrases of a concept, its term first, each once. */
export function phrasesOf({ term, synonyms }: Concept): string[] {
  const phrases = [term, ...synonyms].map(phraseOf).filter((phrase) => phrase !== '')
  const seen = new Set<string>()
  return phrases.filter((phrase) => !seen.has(phrase.toLowerCase()) && seen.add(phrase.toLowerCase()))
}

/**
 * All concepts (AND), each in any of its words (OR), as nearly every service writes it: `(a OR "b c") AND d`. `clause` writes
 * one phrase in the service's language. Empty when no concept has a word that can be searched for.
 */
export function booleanQuery(
  { concepts }: Pick<SearchTerms, 'concepts'>,
  clause: (phrase: string) => string = quoted,
): string {
  const groups = concepts.map(phrasesOf).filter((phrases) => phrases.length > 0)
  return groups
    .map((phrases) => {
      const either = phrases.map(clause).join(' OR ')
      return phrases.length > 1 && groups.length > 1 ? `(${either})` : either
    })
    .join(' AND ')
}

/** More concepts, or synonyms of one, are no question; no service takes so many. */
const mostConcepts = 20
const mostSynonyms = 40

/**
 * The terms cut down until `fits` holds: last synonyms first, of the concept that has most; then last concepts, down to
 * one. What is left may still not fit.
 */
export function withinLimits<Terms extends SearchTerms>(
  terms: Terms,
  fits: (terms: Terms) => boolean,
): Terms {
  let concepts = terms.concepts
    .slice(0, mostConcepts)
    .map((concept) => ({ ...concept, synonyms: concept.synonyms.slice(0, mostSynonyms) }))
  let current = { ...terms, concepts }
  while (!fits(current)) {
    const most = Math.max(...concepts.map(({ synonyms }) => synonyms.length))
    if (most === 0 && concepts.length <= 1) break
    const longest = concepts.findLastIndex(({ synonyms }) => synonyms.length === most)
    concepts =
      most === 0
        ? concepts.slice(0, -1)
        : concepts.map((concept, at) =>
            at === longest ? { ...concept, synonyms: concept.synonyms.slice(0, -1) } : concept,
          )
    current = { ...current, concepts }
  }
  return current
}
