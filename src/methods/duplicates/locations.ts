import type { BibliographicRecord, FullTextLocation } from '../../contract/paper.ts'

const versions: readonly (string | undefined)[] = ['published', 'accepted', 'submitted']

/**
 * Where the full text of a work may be had, from all its records: PDFs before pages about them, published before
 * accepted before submitted before unknown versions, else in the order of the records and of their lists. Each place
 * stands once with all that is known of it; of a paper at arXiv the PDF of the newest version that a record names.
 */
export function mergeLocations(
  records: readonly Pick<BibliographicRecord, 'locations'>[],
): FullTextLocation[] {
  const places = new Map<string, FullTextLocation>()
  for (const location of records.flatMap(({ locations }) => locations ?? [])) {
    const place = placeOf(location.url)
    const known = places.get(place)
    places.set(place, known === undefined ? location : joined(known, location))
  }
  const rank = ({ isPdf, version }: FullTextLocation) => {
    const known = versions.indexOf(version)
    return (isPdf ? 0 : 10) + (known < 0 ? versions.length : known)
  }
  return [...places.values()].sort((a, b) => rank(a) - rank(b))
}

/** One place by two addresses is one, and knows what either says; at arXiv the newer version's address stays. */
function joined(first: FullTextLocation, second: FullTextLocation): FullTextLocation {
  const url = preference(second) > preference(first) ? second.url : first.url
  const version = first.version ?? second.version
  const license = first.license ?? second.license
  return {
    url,
    ...(version !== undefined && { version }),
    ...(license !== undefined && { license }),
    isPdf: first.isPdf || second.isPdf,
  }
}

const arxivAddress =
  /^https?:\/\/(?:www\.|export\.)?arxiv\.org\/(abs|pdf)\/((?:[a-z-]+(?:\.[a-z]{2})?\/)?[\d.]+?)(v\d{1,3})?(?:\.pdf)?\/?(?:[?#]|$)/i

/** A PDF's address before a page's, and at arXiv that of a version before none, newer before older. */
function preference({ url, isPdf }: FullTextLocation): number {
  const [, kind, , version] = arxivAddress.exec(url) ?? []
  const isFile = kind === undefined ? isPdf : kind.toLowerCase() === 'pdf'
  return (isFile ? 1_000 : 0) + Number(version?.slice(1) ?? 0)
}

/** What two addresses of one place have in common: host and path, whatever the scheme, or a paper at arXiv. */
function placeOf(url: string): string {
  const id = arxivAddress.exec(url)?.[2]
  if (id !== undefined) return `arxiv:${id.toLowerCase()}`
  return url
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/#.*$/s, '')
    .replace(/\/$/, '')
}
