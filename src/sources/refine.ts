import type { BibliographicRecord } from '../contract/paper.ts'
import type { Concept, Plan } from '../contract/plan.ts'
import { tokenize } from '../methods/text/tokens.ts'

/** Fewer records than this are poor results. */
const fewRecords = 3
/** So are results of which a smaller share names one of the concepts in the title. */
const leastShare = 0.2

/**
 * A broader search, when what was found is poor: fewer than 3 records, or fewer than a fifth whose titles name one of the
 * concepts. The most specific third of the concepts is dropped, at least one: those of most words, then of fewest other
 * words, then the later ones. Undefined when the results are good, or one concept is left.
 */
export function broader<Terms extends Pick<Plan, 'concepts'>>(
  terms: Terms,
  records: readonly BibliographicRecord[],
): Terms | undefined {
  if (terms.concepts.length <= 1 || !arePoor(terms, records)) return undefined
  const specific = terms.concepts
    .map((concept, at) => ({ at, words: wordsOf(concept), others: concept.synonyms.length }))
    .sort((a, b) => b.words - a.words || a.others - b.others || b.at - a.at)
    .slice(0, Math.ceil(terms.concepts.length / 3))
  const dropped = new Set(specific.map(({ at }) => at))
  return { ...terms, concepts: terms.concepts.filter((_, at) => !dropped.has(at)) }
}

function arePoor({ concepts }: Pick<Plan, 'concepts'>, records: readonly BibliographicRecord[]): boolean {
  if (records.length < fewRecords) return true
  const phrases = concepts.flatMap(({ term, synonyms }) =>
    [term, ...synonyms].map((phrase) => tokenize(phrase, { compounds: false })),
  )
  const named = records.filter(({ fields }) => {
    const title = new Set(tokenize(fields.title))
    return phrases.some((phrase) => phrase.length > 0 && phrase.every((word) => title.has(word)))
  })
  return named.length < leastShare * records.length
}

function wordsOf({ term }: Concept): number {
  return tokenize(term, { compounds: false }).length
}
