/**
 * Text as it may be shown: lone surrogates replaced, control characters (line breaks and tabs too) turned into spaces,
 * and the marks left out that reorder what stands around them (bidirectional embeddings, overrides and isolates,
 * Unicode Technical Report 36, 2.4), so that a paper's title cannot rewrite the line it stands in.
 */
export function displayable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(/[\u202A-\u202E\u2066-\u2069]/gu, '')
}

/** {@link displayable} text on one line: runs of white space become one space, none stands at either end. */
export function oneLine(text: string): string {
  return displayable(text).replace(/\s+/gu, ' ').trim()
}

/** The text, or as much of its beginning as `length` characters hold, with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** The address if it is an absolute http(s) one, else `undefined`: nothing else becomes a link. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}

/** The resolver's address of a DOI, with all that has a meaning in an address encoded. */
export function doiAddress(doi: string): string {
  return `https://doi.org/${doi.toWellFormed().split('/').map(encodeURIComponent).join('/')}`
}
