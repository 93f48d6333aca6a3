import { phraseOf, phrasesOf, type SearchTerms } from '../live/query.ts'

/** Longer texts find nothing more: every word is optional. */
const longest = 600

/**
 * The terms for Crossref, whose search knows no operators and ranks by shared words: the concepts' terms as plain words.
 * Synonyms would only weigh against works that use the term itself. Years are a filter.
 */
export function crossrefQuery(terms: SearchTerms): { text: string; filter: string } {
  const words = terms.concepts.map((concept) => phrasesOf(concept)[0] ?? '').filter((phrase) => phrase !== '')
  const { since, until } = terms
  const filter = [
    ...kinds.map((kind) => `type:${kind}`),
    ...(since === undefined ? [] : [`from-pub-date:${since}`]),
    ...(until === undefined ? [] : [`until-pub-date:${until}`]),
  ]
  let text = words.join(' ')
  while (text.length > longest) text = phraseOf(text.slice(0, text.lastIndexOf(' ')))
  return { text, filter: filter.join(',') }
}

/** Types of works that are papers; Crossref also has journals, figures and reviews of papers. */
const kinds = [
  'journal-article',
  'proceedings-article',
  'posted-content',
  'book-chapter',
  'book',
  'monograph',
  'dissertation',
  'report',
]
