import { tokenize, words } from './tokens.ts'

/** Part of a text to be shown, and where the words that were asked for stand in it, `[start, end)` in UTF-16 units. */
export interface Snippet {
  readonly text: string
  readonly marks: [number, number][]
}

/** What is shown of a text, in words. */
const snippetWords = 40
/** Words shown before the first that was asked for. */
const lead = 6
/** Control characters and those that turn the order of reading around, which would show something else than stands there. */
const unshown = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * The stretch of a text with the most different words of those asked for, and of equal ones the first. A text without
 * any is shown from its beginning.
 * @param stems what is asked for, as `tokenize` gives it
 */
export function snippetOf(text: string, stems: ReadonlySet<string>): Snippet {
  const all = words(text)
  const asked = all.flatMap(({ text: word }, at) => {
    const stem = tokenize(word).find((one) => stems.has(one))
    return stem === undefined ? [] : [{ at, stem }]
  })
  const first = Math.max(0, (bestStart(asked) ?? 0) - lead)
  const last = Math.min(all.length, first + snippetWords) - 1
  if (last < 0) return { text: '', marks: [] }
  // Taken to the end of what is glued to the last word: a full stop, a closing bracket.
  const closing = /^[^\s\p{L}\p{N}]{0,3}/u.exec(text.slice(all[last]!.end))![0]
  const slice = text.slice(all[first]!.start, all[last]!.end + closing.length)
  const shown = slice.replace(/\s+/g, ' ').replace(unshown, '').trim()
  const marks = words(shown).flatMap(({ text: word, start, end }): [number, number][] =>
    tokenize(word).some((one) => stems.has(one)) ? [[start, end]] : [],
  )
  return { text: shown, marks }
}

/** Place of the word from which a snippet holds the most different stems. */
function bestStart(asked: readonly { at: number; stem: string }[]): number | undefined {
  const within = new Map<string, number>()
  let best: { at: number; different: number } | undefined
  let end = 0
  for (const { at, stem } of asked) {
    for (; end < asked.length && asked[end]!.at < at + snippetWords - lead; end++)
      within.set(asked[end]!.stem, (within.get(asked[end]!.stem) ?? 0) + 1)
    if (within.size > (best?.different ?? 0)) best = { at, different: within.size }
    const left = within.get(stem)! - 1
    if (left === 0) within.delete(stem)
    else within.set(stem, left)
  }
  return best?.at
}
