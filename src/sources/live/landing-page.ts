import type { BibliographicRecord } from '../../contract/paper.ts'
import { decodeReferences } from './plain-text.ts'
import { recordOf } from './record.ts'

/** Heads of pages are shorter, and have fewer tags; what comes later is no metadata. */
const longestHead = 400_000
const mostTags = 1_000

const attribute =
  /\s*\/?\s*([^\s=>"'/<]{1,60})(?:\s*=\s*(?:"([^"]{0,20000})"|'([^']{0,20000})'|([^\s"'<>]{1,2000})))?/y

/** The names (lower case) and contents of a page's `meta` tags, in order. Time grows with the page's length alone. */
function metaTags(html: string): { name: string; content: string }[] {
  const head = html.slice(0, longestHead)
  const tags: { name: string; content: string }[] = []
  const start = /<meta[\s/]/gi
  for (let opened = start.exec(head); opened && tags.length < mostTags; opened = start.exec(head)) {
    const found: Record<string, string> = Object.create(null)
    attribute.lastIndex = start.lastIndex
    for (let part = attribute.exec(head); part; part = attribute.exec(head)) {
      found[part[1]!.toLowerCase()] ??= part[2] ?? part[3] ?? part[4] ?? ''
    }
    const name = found.name ?? found.property ?? ''
    tags.push({ name: name.toLowerCase(), content: decodeReferences(found.content ?? '') })
  }
  return tags
}

/**
 * The record that a page about a work makes: from the tags that publishers and repositories set for Google Scholar
 * (`citation_title`, …; scholar.google.com/intl/en/scholar/inclusion.html), else Dublin Core's and Open Graph's. Undefined
 * when they name no title. `url` is where the page was in the end.
 */
export function readLandingPage(html: string, url: string): BibliographicRecord | undefined {
  const tags = metaTags(html)
  const all = (...names: string[]) => {
    const found = names.map((name) => tags.filter((tag) => tag.name === name && tag.content.trim() !== ''))
    return (found.find((list) => list.length > 0) ?? []).map(({ content }) => content)
  }
  const one = (...names: string[]) => all(...names)[0]
  const isWork = tags.some(({ name }) => name.startsWith('citation_'))
  const [first, last] = [one('citation_firstpage'), one('citation_lastpage')]
  const date = one(
    'citation_publication_date',
    'citation_date',
    'citation_year',
    'citation_online_date',
    'dc.date',
  )
  return recordOf('given', url, {
    title: one('citation_title', 'dc.title', 'og:title'),
    authors: all('citation_author', 'citation_authors', 'dc.creator')
      .flatMap((names) => names.split(';'))
      .map((name) => ({ name })),
    year: Number(/\d{4}/.exec(date ?? '')?.[0] ?? Number.NaN),
    doi: one('citation_doi', 'dc.identifier'),
    arxivId: one('citation_arxiv_id'),
    pmid: one('citation_pmid'),
    isbn: one('citation_isbn'),
    abstract: one(
      'citation_abstract',
      'dc.description',
      ...(isWork ? ['og:description', 'description'] : []),
    ),
    venue: one('citation_journal_title', 'citation_conference_title', 'citation_inbook_title'),
    volume: one('citation_volume'),
    issue: one('citation_issue'),
    pages: first !== undefined && last !== undefined && first !== last ? `${first}-${last}` : first,
    publisher: one('citation_publisher', 'dc.publisher'),
    url,
    keywords: all('citation_keywords').flatMap((words) => words.split(/[;,]/)),
    type: one('citation_journal_title') ? 'article-journal' : undefined,
    locations: all('citation_pdf_url').map((link) => ({ url: URL.parse(link, url)?.href, isPdf: true })),
  })
}
