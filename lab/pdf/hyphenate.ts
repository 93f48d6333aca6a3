const vowel = /[aeiouyäöüéèáíó]/i

/**
 * Where a word may be parted, as lengths of its first part: between two consonants that stand between vowels, and before a
 * single one, never within three letters of an end. A rule of thumb of English typesetting, good enough to give readers of
 * PDFs something to put together again.
 */
export function partings(word: string): number[] {
  const bare = /^[\p{L}]+$/u.test(word) ? word : ''
  const places: number[] = []
  for (let at = 3; at <= bare.length - 3; at++) {
    const [before, here, next] = [bare[at - 1]!, bare[at]!, bare[at + 1]!]
    const isOpen = vowel.test(before) && !vowel.test(here) && vowel.test(next)
    const isBetween =
      !vowel.test(before) && !vowel.test(here) && vowel.test(next) && vowel.test(bare[at - 2]!)
    if (isOpen || isBetween) places.push(at)
  }
  return places
}
