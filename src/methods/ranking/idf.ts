import { tokenize } from '../text/tokens.ts'
import { inverseDocumentFrequency } from './bm25.ts'

/** How rare a token is in a collection, as a natural logarithm; highest for one that does not occur. */
export type Idf = (token: string) => number

/** Rarity of the tokens (see `tokenize`) of a collection of texts, one text for each document. */
export function createIdf(texts: Iterable<string>): Idf {
  const documentsWith = new Map<string, number>()
  let documentCount = 0
  for (const text of texts) {
    documentCount += 1
    for (const token of new Set(tokenize(text))) documentsWith.set(token, (documentsWith.get(token) ?? 0) + 1)
  }
  return (token) => inverseDocumentFrequency(documentsWith.get(token) ?? 0, documentCount)
}
