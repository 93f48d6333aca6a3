const spaceless = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u
const letter = /[\p{L}\p{M}]/u
const digit = /\p{N}/u

/**
 * Whether a quotation may begin at `start` of a folded text: not within a word or a number. A quotation must not cut
 * "insignificant", "non-significant", "can't", "12.5" or "−3" in two, for what is left may say the opposite. Scripts
 * without spaces between words have no such places.
 *
 * `isHyphen` tells whether the `-` at an offset is a hyphen in the source; a dash parts words and may be cut at.
 */
export function beginsWord(text: string, start: number, isHyphen: (at: number) => boolean): boolean {
  if (start === 0) return true
  const first = at(text, start)
  const before = at(text, start - 1)
  if (spaceless.test(first) || spaceless.test(before)) return true
  if (letter.test(first)) {
    if (letter.test(before)) return false
    const beforeThat = at(text, start - 2)
    if (before === '-' && isHyphen(start - 1)) return !isWord(beforeThat)
    return !(before === "'" && letter.test(beforeThat))
  }
  if (digit.test(first)) {
    if (isWord(before)) return false
    const beforeThat = at(text, start - 2)
    if ('.,/:'.includes(before)) return !digit.test(beforeThat)
    return before !== '-'
  }
  return true
}

/** Whether a quotation may end before `end`, likewise. A reference number set against the word may be left off. */
export function endsWord(text: string, end: number, isHyphen: (at: number) => boolean): boolean {
  if (end >= text.length) return true
  const last = at(text, end - 1)
  const after = at(text, end)
  if (spaceless.test(last) || spaceless.test(after)) return true
  const afterThat = at(text, end + 1)
  if (letter.test(last)) {
    if (letter.test(after)) return false
    if (after === '-' && isHyphen(end)) return !isWord(afterThat)
    return !(after === "'" && letter.test(afterThat))
  }
  if (digit.test(last)) {
    if (digit.test(after) || after === '%') return false
    return !('.,/:-'.includes(after) && digit.test(afterThat))
  }
  return true
}

function isWord(character: string): boolean {
  return letter.test(character) || digit.test(character)
}

/** The character of which the unit at `index` is a part; a space outside the text. */
function at(text: string, index: number): string {
  const code = text.charCodeAt(index)
  if (Number.isNaN(code)) return ' '
  if (code >= 0xdc00 && code < 0xe000 && index > 0) return String.fromCodePoint(text.codePointAt(index - 1)!)
  return String.fromCodePoint(text.codePointAt(index)!)
}
