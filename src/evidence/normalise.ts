import { isWhiteSpace, lineBreaksOf } from './readable.ts'

/**
 * A text made comparable, with the way back: unit `k` of `text` came from the units `[starts[k], ends[k])` of the
 * source. Offsets never fall, and units that came from one source character share its range.
 */
export interface Normalised {
  text: string
  starts: Uint32Array
  ends: Uint32Array
}

/** More marks on one letter than any script uses; UAX #15 (stream-safe text) takes the same bound. */
const mostMarks = 30

const quotationMarks = new Map<string, string>([
  ...[...'“”„‟«»〝〞＂'].map((mark) => [mark, '"'] as const),
  ...[...'‘’‚‛‹›′‵`´ʼ＇'].map((mark) => [mark, "'"] as const),
])

/**
 * Step one, **folded**: what stays is what a careful typist would type. The rules, in order:
 *
 * 1. Line breaks are read as {@link lineBreaksOf} says: hyphenation undone, else one space.
 * 2. Ignorable characters (zero-width, soft hyphens, directional and other format controls, variation selectors) and
 *    control characters are dropped.
 * 3. Quotation marks, primes and accents that stand alone become `"` or `'`; dashes and minus signs become `-`.
 * 4. Unicode NFKC: ligatures, full-width and mathematical letters, superscripts, composed accents. At most 30 marks are
 *    kept on one character.
 * 5. A run of white space becomes one space.
 *
 * Folding what is folded changes nothing. Linear in the length of the text.
 */
export function fold(text: string): Normalised {
  const out = new Builder(text.length)
  let at = 0
  for (const { start, end, reads } of lineBreaksOf(text)) {
    foldRun(text, at, start, out)
    if (reads !== '') out.add(reads, start, end)
    at = end
  }
  foldRun(text, at, text.length, out)
  return out.finish()
}

function foldRun(text: string, from: number, to: number, out: Builder): void {
  let at = from
  while (at < to) {
    const code = text.charCodeAt(at)
    if (isPlain(code) && (at + 1 >= to || isPlain(text.charCodeAt(at + 1)))) {
      // Nearly all of nearly every paper.
      out.addUnit(code === 0x60 ? 0x27 : Math.max(code, 0x20), at, at + 1)
      at++
    } else at = foldCluster(text, at, to, out)
  }
}

/** ASCII without control characters, but with white space. */
function isPlain(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || (code >= 0x09 && code <= 0x0d)
}

/** Folds the character at `at` with the marks that follow it; gives the offset after them. */
function foldCluster(text: string, at: number, to: number, out: Builder): number {
  let cluster = ''
  let start = at
  let end = at
  let marks = 0
  let next = at
  while (next < to) {
    const character = String.fromCodePoint(text.codePointAt(next)!)
    const simple = simplified(character)
    const continues = mayContinue(simple) && continuesCluster.test(simple)
    if (cluster !== '' && simple !== '' && !continues) break
    if (simple !== '' && (!continues || marks++ < mostMarks)) {
      if (cluster === '') start = next
      cluster += simple
      end = next + character.length
    }
    next += character.length
  }
  out.add(marks === 0 ? cluster : cluster.normalize('NFKC'), start, end)
  return next
}

/** Marks and the vowels and final consonants of Hangul, which compose with what stands before them. */
const continuesCluster = /^[\p{M}\u1160-\u11ff]/u
/** Spares nearly all characters the regular expression: Latin, Greek and Cyrillic letters and Chinese characters. */
const mayContinue = (simple: string): boolean => {
  const code = simple.charCodeAt(0)
  return code >= 0x300 && !(code >= 0x370 && code < 0x483) && !(code >= 0x4e00 && code < 0xa000)
}
const dropped = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]+$/u
const dash = /^[\p{Pd}\u2212\u2043\u02d7]$/u

/** One character after rules 2 to 5 but without composition; empty where it is dropped. */
function simplified(character: string): string {
  let simple = simplifiedBefore.get(character)
  if (simple === undefined) {
    simple = simplify(character)
    // No more than the 63,488 characters of the basic plane.
    if (character.length === 1) simplifiedBefore.set(character, simple)
  }
  return simple
}
const simplifiedBefore = new Map<string, string>()

function simplify(character: string): string {
  if (isWhiteSpace(character.charCodeAt(0))) return ' '
  const mark = quotationMarks.get(character)
  if (mark !== undefined) return mark
  const plain = character.normalize('NFKC')
  if (dropped.test(plain)) return ''
  return Array.from(plain, (each) => quotationMarks.get(each) ?? (dash.test(each) ? '-' : each)).join('')
}

/** Symbols beyond ASCII that turn the meaning of a number or a formula, as they are kept beside letters and digits. */
const spelledOut = new Map([
  ['≠', '≠'],
  ['±', '±'],
  ['‰', '‰'],
  ['≤', '<='],
  ['≥', '>='],
  ['⩽', '<='],
  ['⩾', '>='],
])

/**
 * Step two, **letters and digits alone**, of a folded text; offsets are those of the folded text. What stays:
 *
 * 1. letters, without case and without the accents of Latin, Greek and Cyrillic, and digits;
 * 2. `. , - / :` between two digits, whatever white space stands beside it;
 * 3. a decimal point or a minus sign before a digit and after a space, a bracket, an operator or nothing;
 * 4. the signs `< > = ≠ ± + % ‰`, with ≤ and ≥ spelled out.
 *
 * Spaces, hyphens and all other punctuation go. So a quotation with another word, another number or a "not" more or less
 * never equals the page, while text that two programs spaced or hyphenated differently does.
 */
export function lettersAndDigits(folded: string): Normalised {
  const out = new Builder(folded.length)
  let at = 0
  while (at < folded.length) {
    const code = folded.charCodeAt(at)
    if (code < 0x80) {
      if ((code >= 0x61 && code <= 0x7a) || isDigit(folded, at)) out.addUnit(code, at, at + 1)
      else if (code >= 0x41 && code <= 0x5a) out.addUnit(code + 0x20, at, at + 1)
      else if (code !== 0x20 && ('<>=+%'.includes(folded[at]!) || carriesNumber(folded, at))) {
        out.addUnit(code, at, at + 1)
      }
      at++
      continue
    }
    const character = String.fromCodePoint(folded.codePointAt(at)!)
    const end = at + character.length
    if (/[\p{L}\p{N}\p{M}]/u.test(character)) {
      out.add(withoutAccents(character), at, end)
    } else out.add(spelledOut.get(character) ?? '', at, end)
    at = end
  }
  return out.finish()
}

function withoutAccents(character: string): string {
  // By way of capitals, so that ß is ss and a final sigma is a sigma.
  return character
    .toUpperCase()
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
}

/** Whether the character at `at` is part of a number or stands between two. */
function carriesNumber(folded: string, at: number): boolean {
  const character = folded[at]!
  if (!'.,-/:'.includes(character)) return false
  const before = folded[at - 1] === ' ' ? at - 2 : at - 1
  const after = folded[at + 1] === ' ' ? at + 2 : at + 1
  if (isDigit(folded, before) && isDigit(folded, after)) return true
  if (character !== '.' && character !== '-') return false
  return isDigit(folded, at + 1) && (at === 0 || /[\s([{<>=~,;:±+/-]/.test(folded[at - 1]!))
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

/** The range of the source that the units `[start, end)` of a normalised text came from. `start < end`. */
export function sourceRange(
  { starts, ends }: Normalised,
  start: number,
  end: number,
): { start: number; end: number } {
  return { start: starts[start]!, end: ends[end - 1]! }
}

/** Collects units with their ranges; white space after white space lengthens the space that is there. */
class Builder {
  private units: Uint16Array
  private starts: Uint32Array
  private ends: Uint32Array
  private length = 0

  constructor(expected: number) {
    this.units = new Uint16Array(expected + 16)
    this.starts = new Uint32Array(expected + 16)
    this.ends = new Uint32Array(expected + 16)
  }

  add(text: string, start: number, end: number): void {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      this.addUnit(isWhiteSpace(unit) ? 0x20 : unit, start, end)
    }
  }

  addUnit(unit: number, start: number, end: number): void {
    if (unit === 0x20 && this.length > 0 && this.units[this.length - 1] === 0x20) {
      this.ends[this.length - 1] = end
      return
    }
    if (this.length === this.units.length) this.grow()
    this.units[this.length] = unit
    this.starts[this.length] = start
    this.ends[this.length++] = end
  }

  finish(): Normalised {
    const { units, starts, ends, length } = this
    const text = Buffer.from(units.buffer, 0, length * 2).toString('utf16le')
    return { text, starts: starts.slice(0, length), ends: ends.slice(0, length) }
  }

  private grow(): void {
    const size = this.units.length * 2
    const units = new Uint16Array(size)
    units.set(this.units)
    this.units = units
    const starts = new Uint32Array(size)
    starts.set(this.starts)
    this.starts = starts
    const ends = new Uint32Array(size)
    ends.set(this.ends)
    this.ends = ends
  }
}
