import { greekLetters } from './greek-letters.ts'
import { stem } from './stems.ts'
import { stopWords } from './stop-words.ts'

/** A word as it stands in a text: the run `[start, end)` of UTF-16 code units, and those characters. */
export interface Word {
  text: string
  start: number
  end: number
}

/** What {@link tokenize} leaves out; all true when nothing is said. */
export interface TokenOptions {
  /** Reduce English words to their Porter2 stem. */
  stem?: boolean
  /** Leave out function words. */
  dropStopWords?: boolean
  /** Add a hyphenated compound as one token, hyphens removed, after its parts. */
  compounds?: boolean
}

/**
 * Letters and digits, joined by single hyphens or apostrophes, and by a point between digits. Nothing follows the
 * repetition, so the pattern never backtracks and is linear on any input.
 */
const wordPattern =
  /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:(?:['’‐‑-]|(?<=\p{Nd})\.(?=\p{Nd}))[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/gu
const joints = /[‐‑-]/
/** A longer run of characters is data (a sequence, an encoding, an attack), not a word. */
const longestToken = 64
/** A longer chain of hyphens is a list, not a compound. */
const mostParts = 4

const notAscii = /[^\x20-\x7e\s]/
/** Soft hyphens, zero-width characters and combining accents: they change how a word looks, not which word it is. */
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]|[\u0300-\u036f]/g

/** The words of a text with their places in it, as written. A hyphenated compound is one word. Linear time. */
export function words(text: string): Word[] {
  const found: Word[] = []
  for (const match of text.matchAll(wordPattern)) {
    found.push({ text: match[0], start: match.index, end: match.index + match[0].length })
  }
  return found
}

/**
 * A text in the form in which words are compared: lower case, compatibility forms and ligatures undone (NFKD), accents
 * dropped, and single Greek letters spelled out, so that "TGF-β" and "TGF-beta" are the same. Offsets are not kept.
 */
export function foldText(text: string): string {
  if (!notAscii.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(invisible, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\p{Script=Greek}+/gu, spellGreek)
}

/** One or two Greek letters are symbols; more are a Greek word and stay. */
function spellGreek(run: string): string {
  return run.length > 2 ? run : Array.from(run, (letter) => greekLetters[letter] ?? letter).join('')
}

/**
 * The tokens of a text for comparing texts: folded, without function words, stemmed, in their order. A compound gives
 * its parts and then itself without hyphens, so "meta-analysis" is found by "metaanalysis" and by "analysis". Possessive
 * endings go. Runs over 64 characters are not words and are left out. Linear in the text, whatever it holds.
 */
export function tokenize(text: string, options: TokenOptions = {}): string[] {
  const { stem: stemmed = true, dropStopWords = true, compounds = true } = options
  const tokens: string[] = []
  const keep = (word: string) => {
    if (word.length === 0 || word.length > longestToken) return
    if (dropStopWords && stopWords.has(word)) return
    tokens.push(stemmed ? stem(word) : word)
  }
  for (const match of foldText(text).matchAll(wordPattern)) {
    const word = withoutApostrophe(match[0])
    if (!joints.test(word)) {
      keep(word)
      continue
    }
    const parts = word.split(joints)
    for (const part of parts) keep(part)
    if (compounds && parts.length <= mostParts) keep(parts.join(''))
  }
  return tokens
}

/** "patient's" is "patient"; "don't" and "o'clock" lose the sign only. */
function withoutApostrophe(word: string): string {
  if (!word.includes("'") && !word.includes('’')) return word
  return word
    .replace(/['’]s?$/, '')
    .replace(/['’]s(?=[‐‑-])/g, '')
    .replace(/['’]/g, '')
}
