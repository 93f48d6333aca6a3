import type { BibliographicFields } from '../../contract/paper.ts'
import { type CitedPaper, citationKeys } from './citation-keys.ts'

/** An item of CSL-JSON with the variables that Sheaf writes (docs.citationstyles.org, appendix IV). */
export interface CslItem {
  id: string
  type: string
  title: string
  author?: ({ family: string; given: string } | { literal: string })[]
  issued?: { 'date-parts': [[number]] }
  [variable: string]: unknown
}

/**
 * The papers as CSL-JSON items, in their order, ready for `JSON.stringify`. An arXiv id stands in `number` with `archive`
 * arXiv, where Zotero keeps it.
 */
export function toCslJson(papers: readonly CitedPaper[]): CslItem[] {
  const keys = citationKeys(papers)
  return papers.map(({ id, fields }) => item(keys.get(id)!, fields))
}

function item(id: string, fields: BibliographicFields): CslItem {
  const { authors, year, type, venue, arxivId, keywords } = fields
  const variables: Record<string, unknown> = {
    author:
      authors.length === 0
        ? undefined
        : authors.map(({ family, given }) => (given === undefined ? { literal: family } : { family, given })),
    issued: year === undefined ? undefined : { 'date-parts': [[year]] },
    'container-title': venue,
    volume: fields.volume,
    issue: fields.issue,
    page: fields.pages,
    publisher: fields.publisher,
    DOI: fields.doi,
    number: arxivId === undefined ? undefined : `arXiv:${arxivId}`,
    archive: arxivId === undefined ? undefined : 'arXiv',
    ISBN: fields.isbn,
    PMID: fields.pmid,
    URL: fields.url,
    keyword: keywords?.join(keywords.some((keyword) => keyword.includes(',')) ? '; ' : ', '),
    abstract: fields.abstract,
    status: fields.retracted ? 'retracted' : undefined,
  }
  const present = Object.entries(variables).filter(([, value]) => value !== undefined)
  const kind = type ?? (venue === undefined ? 'document' : 'article-journal')
  return { id, type: kind, title: fields.title, ...Object.fromEntries(present) }
}
