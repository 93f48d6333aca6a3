import {
  acronymContinuation,
  dottedAcronym,
  letterNamed,
  neverFinal,
  other,
  reference,
  sentenceOpener,
  unit,
} from './abbreviations.ts'
import { blocksOf } from './blocks.ts'

/** Longest stretch looked at on either side of a full stop; bounds the work on hostile text. */
const reach = 48
const closing = /[\p{Pe}\p{Pf}"'*†‡]/u
const opening = /^[\p{Ps}\p{Pi}"'¿¡*†‡]+/u
const citation = /[\d¹²³⁴-⁹⁰,–-]/
const initials = /^(?:\p{Lu}\.)*\p{Lu}(?:\.?-\p{Lu})?$/u
const referenced = /^(?:\d|\([A-Z]?\d|[A-Z]{1,2}\d|[IVXLC]+\b|[A-Z]\b(?!\s+\p{Ll}))/u
const symbolCase =
  /^(?:\p{Ll}+[-\p{Lu}\d][\p{L}\d-]*|[α-ω][-–][\p{L}\d]+|\p{Ll}\d+\b|(?:http|www)\S*)(?=[\s,;:.)]|$)/u

/**
 * Splits text into sentences; gives their offsets `[start, end)` in UTF-16 units, without white space at their ends, in
 * order and without overlap. Everything that is not white space is in one of them, but a heading or an item of a list
 * is a "sentence" of its own.
 *
 * A boundary is a terminator (`.`, `!`, `?`, `…`, `。`, `！`, `？`) with the closing quotes, brackets and reference
 * numbers that belong to it, before white space, unless what stands around it says otherwise: abbreviations, initials,
 * decimals, versions, addresses, "Fig. 2", an open bracket, or a word in lower case after it. Blocks of layout, see
 * {@link blocksOf}, end sentences too. The rules are those of Unicode's UAX #29 refined for papers; ICU itself is not
 * used, because it breaks at every line end and differs between versions of Node.
 */
export function splitSentences(text: string): { start: number; end: number }[] {
  const sentences: { start: number; end: number }[] = []
  for (const block of blocksOf(text)) splitBlock(text, block.start, block.end, sentences)
  return sentences
}

function splitBlock(
  text: string,
  from: number,
  to: number,
  sentences: { start: number; end: number }[],
): void {
  const enclosed = bracketed(text, from, to)
  let start = from
  let at = from
  while (at < to) {
    if (!isTerminator(text.charCodeAt(at))) {
      at++
      continue
    }
    const first = at
    while (at < to && isTerminator(text.charCodeAt(at))) at++
    if (enclosed(first)) continue
    const end = endOfSentence(text, first, at, to)
    if (end === undefined) continue
    sentences.push({ start, end })
    at = end
    while (at < to && /\s/.test(text[at]!)) at++
    start = at
  }
  if (start < to) sentences.push({ start, end: to })
}

/**
 * Where the sentence ends whose terminators stand at `[first, after)`, or undefined where it goes on.
 */
function endOfSentence(text: string, first: number, after: number, to: number): number | undefined {
  const terminator = text[after - 1]!
  let end = after
  while (end < to && closing.test(text[end]!)) end++
  if (end === to) return to
  if ('。！？'.includes(terminator)) return end
  const word = wordBefore(text, first)
  if (!/\s/.test(text[end]!)) {
    const cited = attachedCitation(text, word, end, to)
    if (cited === undefined) return undefined
    end = cited
    if (end === to) return to
  }
  const next = wordAfter(text, end, to)
  const bracketedNumber = /^\[[\d,\s–-]{1,20}\](?=\s*\p{Lu}|\s*$)/u.exec(next)
  if (bracketedNumber) {
    // "… was found. [12] Later studies": the reference belongs to what it follows.
    return text.indexOf(']', end) + 1
  }
  return opens(next, word, text, first, after, end > after) ? end : undefined
}

/**
 * Whether a sentence begins with `next`, given the word that carries the terminators at `[first, after)` and whether
 * quotes, brackets or references follow them.
 */
function opens(
  next: string,
  word: string,
  text: string,
  first: number,
  after: number,
  closed: boolean,
): boolean {
  const run = after - first
  const terminator = text[after - 1]
  const bare = next.replace(opening, '')
  if (bare === '') return false
  if (/^\p{Ll}/u.test(bare)) {
    // In papers a full stop after a whole word is one, even before "zoo provides" or "p53 was".
    if (terminator !== '.' || run > 1 || bare !== next || closed || isAbbreviation(word)) return false
    return symbolCase.test(bare) || /^\p{Ll}{4,}$/u.test(word)
  }
  if (/^[<>=+,;:/%&|~≤≥≈±×·)\]}-]/u.test(bare)) return false
  if (terminator !== '.') return true
  if (run > 1) return /^\p{Lu}/u.test(bare)
  return !abbreviates(word, next, bare, text, first)
}

function isAbbreviation(word: string): boolean {
  const lower = word.toLowerCase()
  return (
    lower.length === 1 ||
    lower.includes('.') ||
    neverFinal.has(lower) ||
    reference.has(lower) ||
    unit.has(lower) ||
    other.has(lower)
  )
}

/** Whether the full stop at `first` belongs to `word` alone, although what follows could begin a sentence. */
function abbreviates(word: string, next: string, bare: string, text: string, first: number): boolean {
  const lower = word.toLowerCase()
  const nextWord = /^[\p{L}\p{M}]+/u.exec(bare)?.[0] ?? ''
  if (neverFinal.has(lower)) return true
  if (dottedAcronym.has(lower)) return acronymContinuation.has(nextWord.toLowerCase())
  if (initials.test(word)) return isInitial(word, text, first, nextWord, bare)
  if (reference.has(lower) && referenced.test(next)) return true
  if (unit.has(lower)) return /^\d/.test(bare) && !followsNumber(text, first - word.length)
  if (lower === 'al') return /^\d/.test(bare)
  if (other.has(lower) && next.startsWith('(')) return true
  // The number of an item or a heading: "1. Label".
  return /^\d{1,2}(?:\.\d{1,2})*$/.test(word) && beginsLine(text, first - word.length)
}

/** Whether `word` is a person's initial, "J." before "Smith", and not a thing's letter, as in "vitamin D. Patients". */
function isInitial(word: string, text: string, first: number, nextWord: string, bare: string): boolean {
  if (nextWord === '') return false
  if (/^\p{Lu}\./u.test(bare)) return true
  if (sentenceOpener.has(nextWord.toLowerCase())) return false
  if (word.length > 1) return true
  const before = wordBefore(text, first - 1)
  return !letterNamed.has(before.toLowerCase()) && before !== '°'
}

/** The end of a reference number that follows a terminator without a space: "questioned.12,13 Later", "found.[4]". */
function attachedCitation(text: string, word: string, end: number, to: number): number | undefined {
  if (text[end] === '[') {
    const cited = /^\[[\d\s,–-]+\](?=\s|$)/.exec(text.slice(end, Math.min(to, end + reach)))
    return cited ? end + cited[0].length : undefined
  }
  if (!/^[\p{L})\]”’"]{3,}$|^[)\]]/u.test(word) || isAbbreviation(word)) return undefined
  let stop = end
  while (stop < to && stop - end < reach && citation.test(text[stop]!)) stop++
  if (stop === end || !/\p{N}/u.test(text[end]!)) return undefined
  return stop === to || /\s/.test(text[stop]!) ? stop : undefined
}

/** The word that ends before `at`, with the full stops inside it, or the closing bracket that stands there. */
function wordBefore(text: string, at: number): string {
  let start = at
  while (start > 0 && at - start < reach && /\s/.test(text[start - 1]!)) start--
  const end = start
  while (start > 0 && end - start < reach && /[\p{L}\p{M}\p{N}.&-]/u.test(text[start - 1]!)) start--
  if (start === end && end > 0) return text[end - 1]!
  return text.slice(start, end).replace(/^[.&-]+/, '')
}

/** What stands after `at`, without white space, as far as it is looked at. */
function wordAfter(text: string, at: number, to: number): string {
  let start = at
  while (start < to && /\s/.test(text[start]!)) start++
  return text.slice(start, Math.min(to, start + reach))
}

function followsNumber(text: string, at: number): boolean {
  return /\d\s{0,2}$/.test(text.slice(Math.max(0, at - 4), at))
}

function beginsLine(text: string, at: number): boolean {
  let start = at
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--
  return start === 0 || text[start - 1] === '\n' || text[start - 1] === '\r'
}

function isTerminator(code: number): boolean {
  return (
    code === 0x2e ||
    code === 0x21 ||
    code === 0x3f ||
    code === 0x2026 ||
    code === 0x3002 ||
    code === 0xff01 ||
    code === 0xff1f
  )
}

/** Tells which offsets stand within round or square brackets that close within the block and 400 units. */
function bracketed(text: string, from: number, to: number): (at: number) => boolean {
  const open: number[] = []
  const pairs: { start: number; end: number }[] = []
  for (let at = from; at < to; at++) {
    const character = text[at]
    if (character === '(' || character === '[') open.push(at)
    else if (character === ')' || character === ']') {
      const start = open.pop()
      if (start !== undefined && at - start <= 400) pairs.push({ start, end: at })
    }
  }
  pairs.sort((a, b) => a.start - b.start)
  let next = 0
  let until = -1
  return (at) => {
    while (next < pairs.length && pairs[next]!.start < at) {
      until = Math.max(until, pairs[next]!.end)
      next++
    }
    // The full stop right before the bracket that closes belongs to the bracket: "(See the appendix.)".
    return at < until - 1
  }
}
