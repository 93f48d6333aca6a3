import { tokenize } from '../text/tokens.ts'
import { isGeneric } from './generic-words.ts'
import { type ThemeDocument, withoutApparatus } from './phrases.ts'

/** A set up to this size knows too little of which words are common, so that words of any paper are left out. */
const smallSet = 100
/** Texts beyond this tell the subject no better and cost time. */
const longestText = 20_000
const longestTitle = 1_000
/** What a word counts by where it stands: the title is the authors' own statement of the subject, quotations say the least. */
const weights = { title: 2, keywords: 2, text: 1, quotations: 0.5 }
/** A pair of neighbouring words counts this much of a word. */
const pairWeight = 0.5
/** A word that no title or keyword of a small set has is less of a subject. */
const outsideTitles = 0.5

/**
 * The terms by which documents are compared, for each document with their weights. In sets of a hundred papers and more they
 * are the stems of title, keywords and text, weighted `1 + ln tf`. In smaller sets they are stems and pairs of stems that say
 * something of a subject, weighted `ln(1 + tf)`, and what stands in no title and no keyword counts less, for in a small set
 * incidental words are as rare as telling ones.
 */
export function readSubjectTerms(documents: readonly ThemeDocument[]): Map<string, number>[] {
  if (documents.length >= smallSet) {
    const places = { ...weights, quotations: 0 }
    return documents.map((document) =>
      weigh(countTerms(document, places, tokenize), (_, count) => 1 + Math.log(count)),
    )
  }
  const titled = new Set(
    documents.flatMap(({ title, keywords = [] }) =>
      subjectWords([title.slice(0, longestTitle), ...keywords].join('\n')),
    ),
  )
  const isTitled = (term: string) => term.split(' ').every((word) => titled.has(word) || isGeneric(word))
  return documents.map((document) =>
    weigh(
      withPairs(withoutCitations(document)),
      (term, count) => Math.log(1 + count) * (isTitled(term) ? 1 : outsideTitles),
    ),
  )
}

function weigh(
  counts: ReadonlyMap<string, number>,
  weight: (term: string, count: number) => number,
): Map<string, number> {
  return new Map([...counts].map(([term, count]) => [term, weight(term, count)]))
}

/** In a small set the authors and programs that two papers cite or link to would make them alike. */
function withoutCitations(document: ThemeDocument): ThemeDocument {
  const plain = (passage: string) => withoutApparatus(passage.slice(0, longestText))
  return { ...document, text: plain(document.text), quotations: plain(document.quotations ?? '') }
}

function withPairs(document: ThemeDocument): Map<string, number> {
  const counts = countTerms(document, weights, subjectWords)
  const pairs = countTerms(document, weights, neighbours)
  for (const [pair, count] of pairs) counts.set(pair, count * pairWeight)
  return counts
}

function countTerms(
  { title, keywords = [], text, quotations = '' }: ThemeDocument,
  places: typeof weights,
  read: (passage: string) => string[],
): Map<string, number> {
  const counts = new Map<string, number>()
  const count = (passage: string, weight: number) => {
    if (weight === 0) return
    for (const term of read(passage)) counts.set(term, (counts.get(term) ?? 0) + weight)
  }
  count(title.slice(0, longestTitle), places.title)
  count(keywords.join('\n').slice(0, longestTitle), places.keywords)
  count(text.slice(0, longestText), places.text)
  count(quotations.slice(0, longestText), places.quotations)
  return counts
}

function subjectWords(passage: string): string[] {
  return tokenize(passage).filter(tellsSubject)
}

/** Pairs of words that follow each other between punctuation marks, one of which at least says something. */
function neighbours(passage: string): string[] {
  return passage.split(/[.,;:()!?\n]/).flatMap((clause) => {
    const all = tokenize(clause, { compounds: false })
    return all.flatMap((word, at) => {
      const next = all[at + 1]
      return next !== undefined && (tellsSubject(word) || tellsSubject(next)) ? [`${word} ${next}`] : []
    })
  })
}

function tellsSubject(word: string): boolean {
  return word.length > 1 && !/^\d/.test(word) && !isGeneric(word)
}
