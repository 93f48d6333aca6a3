import type { Author, BibliographicFields } from '../../contract/paper.ts'

/**
 * A reference in author–year style as plain text, after the Publication Manual of the American Psychological Association
 * (7th edition, section 9) without italics:
 * `Lovelace, A., & van der Berg, J. (1843). The engine. Journal of Engines, 3(2), 1–20. https://doi.org/10.1000/xyz`.
 * Given names become initials; beyond twenty authors the first nineteen and the last are named; a work without a year has
 * `n.d.`; a DOI is given before an arXiv id, and that before another address. A retracted work says so.
 */
export function formatReference(fields: BibliographicFields): string {
  const { title, year, venue, volume, issue, pages, publisher } = fields
  const authors = formatAuthors(fields.authors)
  const date = `(${year ?? 'n.d.'})`
  const retracted = fields.retracted ? ' [Retracted]' : ''
  const work = `${sentence(`${oneLine(title)}${retracted}`)}`
  // A work without authors stands under its title.
  const head = authors === '' ? `${work} ${date}.` : `${sentence(authors)} ${date}. ${work}`
  const number = volume === undefined ? issue : issue === undefined ? volume : `${volume}(${issue})`
  const place = [venue, number, pages?.replace(/(?<=\d)-(?=\d)/g, '–')].filter((part) => part !== undefined)
  const parts = [place.map(oneLine).join(', '), publisher === venue ? '' : oneLine(publisher ?? '')]
  return [head, ...parts.filter((part) => part !== '').map(sentence), address(fields)]
    .filter(Boolean)
    .join(' ')
}

function formatAuthors(authors: readonly Author[]): string {
  const names = authors.map(formatAuthor)
  if (names.length > 20) return `${names.slice(0, 19).join(', ')}, … ${names.at(-1)}`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')}, & ${names.at(-1)}`
}

function formatAuthor({ family, given }: Author): string {
  const initials = initialsOf(oneLine(given ?? ''))
  return initials === '' ? oneLine(family) : `${oneLine(family)}, ${initials}`
}

/** `Jean-Pierre B.` as `J.-P. B.`; names in scripts without capitals stay whole. */
function initialsOf(given: string): string {
  return given
    .split(/[\s.]+/)
    .filter((name) => name !== '')
    .map((name) =>
      name
        .split('-')
        .filter((part) => part !== '')
        .map((part) => (/^[\p{Lu}\p{Ll}]/u.test(part) ? `${[...part][0]!.toUpperCase()}.` : part))
        .join('-'),
    )
    .join(' ')
}

function address({ doi, arxivId, url }: BibliographicFields): string | undefined {
  if (doi !== undefined) return `https://doi.org/${doi}`
  return arxivId === undefined ? url : `https://arxiv.org/abs/${arxivId}`
}

function sentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim()
}
