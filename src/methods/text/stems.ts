import porter2 from 'wink-porter2-stemmer'

/** Longest word that is stemmed. No English word is longer, and the stemmer's patterns are not linear in the length. */
const longestWord = 40
/** A review's vocabulary is some 50,000 words; beyond this the store is emptied, so that it cannot grow for ever. */
const memoSize = 200_000
const memo = new Map<string, string>()
const stemmable = /^[a-z]{3,}$/

/**
 * The Porter2 ("English Snowball") stem of a lower-case word; anything but three to forty letters a–z is returned as it
 * is, so gene names, numbers and other scripts stay whole. Source: https://snowballstem.org/algorithms/english/stemmer.html
 */
export function stem(word: string): string {
  if (word.length > longestWord || !stemmable.test(word)) return word
  const known = memo.get(word)
  if (known !== undefined) return known
  if (memo.size >= memoSize) memo.clear()
  const result = porter2(word)
  memo.set(word, result)
  return result
}
