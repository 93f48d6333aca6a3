/** Sentences whose time is known, at most: one that names what changes would be another each time. */
const mostKept = 100

/**
 * Makes what tells whether a sentence is to be said now: not when it was within the last so many milliseconds. A server that is
 * away makes every connection say the same, several times a second.
 */
export function createRepeats(
  milliseconds: number,
  now: () => number = () => performance.now(),
): (sentence: string) => boolean {
  const said = new Map<string, number>()
  return (sentence) => {
    const last = said.get(sentence)
    if (last !== undefined && now() - last < milliseconds) return false
    said.delete(sentence)
    said.set(sentence, now())
    if (said.size > mostKept) said.delete(said.keys().next().value!)
    return true
  }
}
