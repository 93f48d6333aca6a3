import type { Characters } from './characters.ts'

/** First parts that stand before a hyphen whatever comes after it. */
const firstParts = /^(?:one|two|three|four|five|six|seven|eight|nine|ten|self|near|well|ill)$/
/** First parts that stand before a hyphen where a word of its own comes after it. */
const looseFirst = /^(?:half|single|multi|pseudo|quasi)$/
/** "over-", "view": first and second parts of words that are written in one. */
const solidFirst =
  /^(?:over|under|inter|super|counter|with|some|every|fore|back|hand|trans|hyper|micro|macro|mini|anti|photo|electro|meta|para|auto|semi)$/
const solidSecond =
  /^(?:work|ware|base|book|shop|site|word|point|stamp|side|wise|ward|wards|like|less|more|ness|ship|hood|time|line|room|land|light|stand|come|over|about|ever|where|thing|body|able|ible|ally|ment|tion|sion|ings?|form|forms|formed|field|back|down|right|hand|mark|scale|graph|graphs|load|meter|plane)s?$/
/** In the middle of a compound: "state-of-the-", "art". */
const joint = /-(?:of|the|to|by|in|and|or|at|for|on)$/
const shortestPart = 4

const words = /\p{L}+(?:['’]\p{Ll}+)?(?:-\p{L}+)*/gu
const wordBefore = /[\p{L}\p{N}][\p{L}\p{N}-]*$/u
const wordAfter = /^[\p{L}\p{N}]+(?:-\p{L}+)*/u
/** Longer parts of words are none; bounds the work on hostile pages. In UTF-16 units. */
const longestPart = 60

/** Tells which hyphens at the ends of lines belong to their words, from what a document has shown so far. */
export interface Hyphenation {
  /** Takes up the words of a text; words that a line's end breaks are to be left out of it. */
  learn(text: string): void
  /** Whether the word is "well-known" and not "hyphenated" when a line ends after `before` and its hyphen. */
  keepsHyphen(before: string, after: string): boolean
}

/**
 * A line's end does not tell whether a hyphen was printed for it or belongs to the word. Other places of the same document
 * mostly do, since words come again: the compound with its hyphen, the word in one, or both its parts as words.
 */
export function createHyphenation(): Hyphenation {
  const known = new Set<string>()
  const isKnown = (word: string) =>
    known.has(word) || ['s', 'd', 'ed', 'ing', 'ly', 'al'].some((ending) => known.has(word + ending))
  return {
    learn(text) {
      for (const [word] of text.toLowerCase().matchAll(words)) known.add(word)
    },
    keepsHyphen(before, after) {
      const first = wordBefore.exec(before)?.[0] ?? ''
      const second = wordAfter.exec(after)?.[0] ?? ''
      if (first === '' || second === '') return false
      const [left, right] = [first.toLowerCase(), second.toLowerCase()]
      if (known.has(`${left}-${right}`)) return true
      if (isKnown(left + right)) return false
      // A number after a small word is a page's: the word goes on elsewhere.
      if (/^\p{N}/u.test(second)) return /[\p{Lu}\p{N}]/u.test(first)
      if (/\p{N}$/u.test(first) || joint.test(left)) return true
      if (/^\p{Lu}/u.test(second))
        return /\p{Ll}/u.test(first + second) && !/^Ma?c$/.test(first) && (first !== left || known.has(left))
      if (firstParts.test(left)) return right.length >= shortestPart
      if (looseFirst.test(left)) return known.has(right)
      return (
        Math.min(left.length, right.length) >= shortestPart &&
        known.has(left) &&
        known.has(right) &&
        !solidFirst.test(left) &&
        !solidSecond.test(right)
      )
    },
  }
}

/**
 * Decides on the hyphens at the ends of a page's lines, which `characters` still has at the offsets `lineEnds`, and takes
 * out those that were printed for the line's end only. Tells the offsets at which the next lines begin afterwards.
 */
export function resolveHyphens(
  characters: Omit<Characters, 'hyphenations'>,
  lineEnds: readonly number[],
  hyphenation: Hyphenation,
): Characters {
  const { units, boxes, styleOf, styles } = characters
  const text = Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le')
  const parts = lineEnds.map((at) => ({
    at,
    before: wordBefore.exec(text.slice(Math.max(0, at - longestPart), at))?.[0] ?? '',
    after: wordAfter.exec(text.slice(at + 1, at + 1 + longestPart))?.[0] ?? '',
  }))
  let whole = ''
  let read = 0
  for (const { at, before, after } of parts) {
    whole += `${text.slice(read, Math.max(read, at - before.length))} `
    read = at + 1 + after.length
  }
  hyphenation.learn(whole + text.slice(read))

  const hyphenations: number[] = []
  let [from, to] = [0, 0]
  const moveUpTo = (end: number) => {
    units.copyWithin(to, from, end)
    styleOf.copyWithin(to, from, end)
    boxes.copyWithin(to * 4, from * 4, end * 4)
    to += end - from
    from = end
  }
  for (const { at, before, after } of parts) {
    moveUpTo(hyphenation.keepsHyphen(before, after) ? at + 1 : at)
    from = at + 1
    hyphenations.push(to)
  }
  moveUpTo(units.length)
  return {
    units: units.subarray(0, to),
    boxes: boxes.subarray(0, to * 4),
    styleOf: styleOf.subarray(0, to),
    styles,
    hyphenations,
  }
}
