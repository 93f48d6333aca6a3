/** A line break with the hyphen and the white space around it: `[start, end)`, and what a person reads in its place. */
export interface LineBreak {
  start: number
  end: number
  reads: ' ' | '-' | ''
}

const softHyphen = '\u00ad'
const hyphens = `-\u2010${softHyphen}`

/**
 * The line breaks of a text, in order, with what a person reads in their place:
 *
 * - nothing, where a hyphen between a letter and a small letter ends the line ("dis-", "ease"), or a soft hyphen does;
 * - the hyphen alone, where it stands between other letters or digits ("200-", "300"; "Anglo-", "American");
 * - else one space, together with all white space beside them.
 *
 * An empty line is no hyphenation. Whether a compound broken at its hyphen ("well-", "known") had that hyphen cannot be
 * told from the text; it is joined as PDFium joins it, and matched on letters alone.
 */
export function lineBreaksOf(text: string): LineBreak[] {
  const found: LineBreak[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (!isLineBreak(text.charCodeAt(at))) continue
    let start = at
    while (start > from && isWhiteSpace(text.charCodeAt(start - 1))) start--
    const afterBreak = at + (text.startsWith('\r\n', at) ? 2 : 1)
    let end = afterBreak
    let empty = false
    while (end < text.length && isWhiteSpace(text.charCodeAt(end))) {
      empty ||= isLineBreak(text.charCodeAt(end))
      end++
    }
    const hyphen = empty ? undefined : hyphenBefore(text, start, from, end)
    found.push(hyphen ? { ...hyphen, end } : { start, end, reads: ' ' })
    from = end
    at = end - 1
  }
  return found
}

/** The hyphenation before a line break between `at` and `end`: where it begins and what it reads as. */
function hyphenBefore(
  text: string,
  at: number,
  from: number,
  end: number,
): Pick<LineBreak, 'start' | 'reads'> | undefined {
  let start = at
  // Some programs write the soft hyphen and the hyphen that shows for it.
  while (start > from && at - start < 2 && hyphens.includes(text[start - 1]!)) start--
  if (start === at || end >= text.length) return undefined
  const isSoft = text.slice(start, at).includes(softHyphen)
  if (at - start > 1 && !isSoft) return undefined
  const before = /[\p{L}\p{N}\p{M}]$/u.exec(text.slice(Math.max(0, start - 2), start))?.[0]
  const after = String.fromCodePoint(text.codePointAt(end)!)
  if (before === undefined || !/[\p{Lu}\p{Ll}\p{N}]/u.test(after)) return undefined
  return { start, reads: isSoft || (/\P{N}/u.test(before) && /\p{Ll}/u.test(after)) ? '' : '-' }
}

/** A run of a page's characters as a person reads it: line breaks and hyphenation undone, nothing else changed. */
export function readable(text: string): string {
  let read = ''
  let at = 0
  for (const { start, end, reads } of lineBreaksOf(text)) {
    read += text.slice(at, start) + reads
    at = end
  }
  return (read + text.slice(at)).trim()
}

function isLineBreak(code: number): boolean {
  return (code >= 0x0a && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029
}

/** Unicode's White_Space. */
export function isWhiteSpace(code: number): boolean {
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return true
  if (code < 0x80) return false
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}
