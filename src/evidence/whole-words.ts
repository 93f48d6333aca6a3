const spaceless = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u
const letter = /[\p{L}\p{M}]/u
const digit = /\p{N}/u

/**
 * Whether the range `[start, end)` of a folded text begins and ends where words and numbers do. A quotation must not cut
 * "insignificant", "non-significant", "can't", "12.5" or "−3" in two: what is left may say the opposite. A reference
 * number set against a word ("shown12") may be left off. Scripts without spaces between words have no such ends.
 *
 * `isHyphen` tells whether the `-` at an offset is a hyphen in the source; a dash parts words and may be cut at.
 */
export function isWholeWords(
  folded: string,
  start: number,
  end: number,
  isHyphen: (at: number) => boolean,
): boolean {
  return beginsWord(folded, start, isHyphen) && endsWord(folded, end, isHyphen)
}

function beginsWord(text: string, start: number, isHyphen: (at: number) => boolean): boolean {
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

function endsWord(text: string, end: number, isHyphen: (at: number) => boolean): boolean {
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
