import { facetsOf, profiles } from '../corpus/facets.ts'
import { fixedMatter } from '../corpus/paper.ts'
import { topics } from '../corpus/topics/all.ts'

/** Where a word was looked for. */
export type Field = 'title' | 'abstract' | 'any'

const stopWords = new Set(
  'a an and are as at be by can do does for from how in is it of on or the to what with'.split(' '),
)

/** Words in lower case, without marks, plurals as singulars: alike enough that services' stemming is imitated. */
export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFKC')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).map(stem)
}

/** The words of a text that say something. */
export function contentWordsOf(text: string): string[] {
  return wordsOf(text).filter((word) => !stopWords.has(word))
}

function stem(word: string): string {
  if (word.length < 5) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word
}

interface Entry {
  readonly title: string
  readonly abstract: string
}

/** Words of each profile; made once, some hundred kilobytes, for a corpus of any size. */
const entries: readonly Entry[] = Array.from({ length: profiles }, (_, profile) => {
  const facets = facetsOf(profile)
  const { subject, subjectAlso, outcome, outcomeAlso, setting, method, dataset } = fixedMatter(facets)
  const written = (...terms: string[]): string =>
    ` ${terms.map((term) => wordsOf(term).join(' ')).join(' | ')} `
  return {
    title: written(subject, outcome),
    abstract: written(subject, subjectAlso, outcome, outcomeAlso, setting, method, dataset),
  }
})

const found = new Map<string, ReadonlyMap<number, number>>()
const mostFound = 2_000

/**
 * Profiles whose words hold a phrase, each with how much that says for it: rare phrases say more, and the title three
 * times as much as the abstract.
 */
export function profilesWith(phrase: string, field: Field = 'any'): ReadonlyMap<number, number> {
  const needle = ` ${wordsOf(phrase).join(' ')} `
  const key = `${field}${needle}`
  const known = found.get(key)
  if (known) return known
  const scores = new Map<number, number>()
  if (needle.trim() !== '') {
    for (const [profile, { title, abstract }] of entries.entries()) {
      const inTitle = field !== 'abstract' && title.includes(needle) ? 3 : 0
      const inAbstract = field !== 'title' && abstract.includes(needle) ? 1 : 0
      if (inTitle + inAbstract > 0) scores.set(profile, inTitle + inAbstract)
    }
  }
  const weight = Math.log(1 + profiles / Math.max(1, scores.size))
  for (const [profile, score] of scores) scores.set(profile, score * weight)
  if (found.size >= mostFound) found.clear()
  found.set(key, scores)
  return scores
}

/** Profiles of an arXiv category. */
export function profilesIn(category: string): ReadonlyMap<number, number> {
  const pattern = category.replace(/\*$/, '')
  const scores = new Map<number, number>()
  for (let profile = 0; profile < profiles; profile++) {
    const own = topics[facetsOf(profile).topic]!.category
    if (own === category || (category.endsWith('*') && own.startsWith(pattern))) scores.set(profile, 1)
  }
  return scores
}
