/** The shape of a DOI after Crossref's recommendation (crossref.org/blog/dois-and-matching-regular-expressions). */
const doiShape = /10\.\d{4,9}\/[-._;()/:a-z0-9<>]{1,200}/i
const newArxivId = /\d{4}\.\d{4,5}/
const oldArxivId = /[a-z-]{2,10}(?:\.[A-Z]{2})?\/\d{7}/

/** The first DOI in a text, lower case, without the punctuation of the sentence around it; `undefined` without one. */
export function findDoi(text: string): string | undefined {
  const found = doiShape.exec(text)?.[0]
  if (found === undefined) return undefined
  let doi = found.replace(/[.,;:<]+$/, '')
  while (/[)>]$/.test(doi) && !balanced(doi)) doi = doi.slice(0, -1).replace(/[.,;:]+$/, '')
  return doi.toLowerCase()
}

function balanced(text: string): boolean {
  const count = (character: string) => text.split(character).length
  return count('(') === count(')') && count('<') === count('>')
}

/**
 * The arXiv identifier in a text that names arXiv (`arXiv:1706.03762v5`, `arxiv.org/abs/hep-th/9901001`), without version;
 * `undefined` without one. Forms: info.arxiv.org/help/arxiv_identifier.html.
 */
export function findArxivId(text: string): string | undefined {
  const found = new RegExp(
    String.raw`arxiv(?:\.org/(?:abs|pdf)/|[:.\s]\s?)(${newArxivId.source}|${oldArxivId.source})`,
    'i',
  ).exec(text)?.[1]
  return found !== undefined && (!newArxivId.test(found) || plausibleMonth(found)) ? found : undefined
}

/** An arXiv identifier in a field that may hold it with or without the word arXiv, or as a DOI of arXiv's. */
export function arxivIdOf(value: string): string | undefined {
  const named = findArxivId(value.replace(/10\.48550\/arxiv\./i, 'arXiv:'))
  if (named !== undefined) return named
  const bare = new RegExp(`^(${newArxivId.source}|${oldArxivId.source})(?:v\\d{1,2})?$`).exec(
    value.trim(),
  )?.[1]
  return bare !== undefined && (!newArxivId.test(bare) || plausibleMonth(bare)) ? bare : undefined
}

/** The arXiv identifier that a file name is or contains, as `1706.03762v2.pdf`; `undefined` without one. */
export function arxivIdOfFileName(name: string): string | undefined {
  const found = /(?:^|[^\d.])(\d{4}\.\d{4,5})(?:v\d{1,2})?(?:[^\d]|$)/.exec(name)?.[1]
  return found !== undefined && plausibleMonth(found) ? found : undefined
}

/** The DOI that a file name holds with `/` written as `_`, `-` or `%2F`; `undefined` without one. */
export function doiOfFileName(name: string): string | undefined {
  const bare = name.replace(/\.pdf$/i, '').replace(/%2f/gi, '/')
  const found = /(?:^|[^\d.])(10\.\d{4,9})[/_-]([-._;()/:a-z0-9]{2,200})$/i.exec(bare)
  return found ? findDoi(`${found[1]}/${found[2]}`) : undefined
}

function plausibleMonth(id: string): boolean {
  const month = Number(id.slice(2, 4))
  return month >= 1 && month <= 12 && Number(id.slice(0, 2)) >= 7
}

/** The year in which an arXiv identifier was given, from its first two digits (`1706.03762`, `hep-th/9901001`). */
export function yearOfArxivId(id: string): number {
  const digits = Number(/(?:^|\/)(\d{2})/.exec(id)?.[1])
  return id.includes('/') && digits > 90 ? 1900 + digits : 2000 + digits
}

/** A DOI as the fields hold it: lower case, without resolver or `doi:`; `undefined` if the text is none. */
export function normalizeDoi(text: string): string | undefined {
  return findDoi(text.replace(/%2f/gi, '/'))
}
