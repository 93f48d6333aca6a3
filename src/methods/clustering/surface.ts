import { words } from '../text/tokens.ts'
import type { ThemeDocument } from './phrases.ts'

/** How words are written in running text, by their lower-case form. */
export type Casing = ReadonlyMap<string, string>

/**
 * Learns how words are written where neither a sentence's beginning nor a title in capitals disguises it: "bayesian" is
 * "Bayesian", "regression" is "regression". Titles teach only where most of their words are in lower case.
 */
export function readCasing(documents: readonly ThemeDocument[]): Casing {
  const counts = new Map<string, Map<string, number>>()
  const learn = (passage: string) => {
    const all = words(passage)
    const lower = all.filter(({ text }) => /^\p{Ll}/u.test(text) && text.length > 3).length
    const upper = all.filter(({ text }) => /^\p{Lu}/u.test(text) && text.length > 3).length
    if (upper > lower) return
    for (const [at, { text, start }] of all.entries()) {
      if (at === 0 || /[.?!:]\s*["'([]?$/.test(passage.slice(Math.max(0, start - 4), start))) continue
      if (isInCapitals(all, at)) continue
      const key = text.toLowerCase()
      const forms = counts.get(key) ?? new Map<string, number>()
      forms.set(text, (forms.get(text) ?? 0) + 1)
      counts.set(key, forms)
    }
  }
  for (const { title, text } of documents) {
    learn(title.slice(0, 1_000))
    learn(text.slice(0, 20_000))
  }
  return new Map([...counts].map(([key, forms]) => [key, usualForm(key, forms)]))
}

/** Nouns that stand at the end of many a subject and, in the singular, want an article. */
const countNouns =
  / (?:model|network|algorithm|method|system|tool|estimator|parser|graph|tree|test|trial|task|problem|agent|review|function|dataset|classifier)$/
/** A word that is now and then in lower case is no name, however often a course or a project is called by it. */
function usualForm(lower: string, forms: ReadonlyMap<string, number>): string {
  const frequent = mostFrequent(forms)
  const isCapitalised = frequent.slice(1) === lower.slice(1)
  return isCapitalised && (forms.get(lower) ?? 0) * 5 >= forms.get(frequent)! ? lower : frequent
}

/** Whether a word is one of three in a row that begin with capitals, as in a title that a text repeats. */
function isInCapitals(all: readonly { text: string }[], at: number): boolean {
  const capital = (index: number) => /^\p{Lu}/u.test(all[index]?.text ?? '')
  return [at - 2, at - 1, at].some((start) => capital(start) && capital(start + 1) && capital(start + 2))
}

/** A plural that makes up this share of the spellings is taken, for it stands in a sentence without an article. */
const pluralShare = 0.2

/** The most frequent spelling of a phrase, each word as running text writes it; its plural where that is usual. */
export function chooseForm(forms: readonly ReadonlyMap<string, number>[], casing: Casing): string {
  const counts = new Map<string, number>()
  for (const form of forms) {
    for (const [text, count] of form) {
      const written = text
        .split(' ')
        .map((word) => writeWord(word, casing))
        .join(' ')
      counts.set(written, (counts.get(written) ?? 0) + Math.min(count, 3))
    }
  }
  const text = mostFrequent(counts)
  const plural = counts.get(`${text}s`) ?? 0
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return plural >= pluralShare * all || countNouns.test(text) ? `${text}s` : text
}

function writeWord(word: string, casing: Casing): string {
  const known = casing.get(word.toLowerCase())
  if (known !== undefined) return known
  if (word.includes('-')) return word.replaceAll(/[^-]+/g, (part) => writeWord(part, casing))
  // An abbreviation, a name of mixed case, or one with digits stays; a capital from a title does not.
  return /\p{Lu}.*\p{Lu}|\d|^\p{Lu}$/u.test(word) && word.length <= 12 ? word : word.toLowerCase()
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]![0]
}

/** With a capital at its beginning, unless its first word is written in a way of its own (`mRNA`, `lme4`). */
export function sentenceCase(text: string): string {
  const first = /^\S*/.exec(text)![0]
  return /[\p{Lu}\d]/u.test(first) ? text : text.replace(/^./u, (letter) => letter.toUpperCase())
}
