/** What cannot be seen: controls, zero-width characters, directions, tags, variation selectors. Line breaks and tabs can. */
const invisible = /[^\P{Cc}\n\t]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/**
 * A text as a reader of the page sees it: without characters that show nothing and could tell a model what no person
 * reads. Quotations are matched without them, so none is lost (`evidence/normalise.ts`).
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(invisible, '')
}

/** The beginning of a text, at most this many UTF-16 units, ending with a whole word where it is cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const head = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')
  const end = head.search(/\s\S*$/)
  return `${(end > most / 2 ? head.slice(0, end) : head).trimEnd()}…`
}

/** A model's words as a report may hold them: one line of what can be seen, at most this many UTF-16 units. */
export function oneLine(text: string, most: number): string {
  return cut(visible(text).replace(/\s+/g, ' ').trim(), most)
}

/** Length in UTF-8, from which tokens are estimated: about four bytes each in most scripts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}
