import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { list, number, text } from '../live/answers.ts'
import { type FoundLocation, recordOf } from '../live/record.ts'

/** The fields of a paper that Sheaf uses (api.semanticscholar.org/api-docs/graph). */
export const paperSchema = z.object({
  paperId: z.string(),
  title: text,
  abstract: text,
  year: number,
  venue: text,
  publicationVenue: z.object({ name: text }).nullish().catch(null),
  journal: z.object({ name: text, volume: text, pages: text }).nullish().catch(null),
  authors: list(z.object({ name: text })),
  externalIds: z.object({ DOI: text, ArXiv: text, PubMed: text, PubMedCentral: text }).nullish().catch(null),
  openAccessPdf: z.object({ url: text, license: text }).nullish().catch(null),
  publicationTypes: list(z.string()),
})
export type SemanticScholarPaper = z.infer<typeof paperSchema>

/** The fields that are asked for. */
export const askedFields = Object.keys(paperSchema.shape).join(',')

/** A paper as a record; undefined when it has no title. */
export function semanticScholarRecord(paper: SemanticScholarPaper): BibliographicRecord | undefined {
  if (!/^[\da-f]{40}$/i.test(paper.paperId)) return undefined
  const { externalIds: ids, journal } = paper
  return recordOf('semanticscholar', paper.paperId, {
    title: paper.title,
    authors: paper.authors.map(({ name }) => ({ name })),
    year: paper.year,
    doi: ids?.DOI,
    arxivId: ids?.ArXiv,
    pmid: ids?.PubMed,
    pmcid: ids?.PubMedCentral,
    abstract: paper.abstract,
    venue: journal?.name || paper.publicationVenue?.name || paper.venue,
    volume: journal?.volume,
    pages: journal?.pages,
    url: `https://www.semanticscholar.org/paper/${paper.paperId}`,
    type: typeOf(paper),
    locations: semanticScholarLocations(paper),
  })
}

/** The open place that it names, which may be a resolver's address and no file. */
export function semanticScholarLocations({
  openAccessPdf,
}: Pick<SemanticScholarPaper, 'openAccessPdf'>): FoundLocation[] {
  if (!openAccessPdf?.url) return []
  const { url, license } = openAccessPdf
  return [{ url, license: license?.toLowerCase(), isPdf: !/^https?:\/\/(?:dx\.)?doi\.org\//i.test(url) }]
}

function typeOf({ publicationTypes }: SemanticScholarPaper): BibliographicFields['type'] {
  if (publicationTypes.includes('Conference')) return 'paper-conference'
  if (publicationTypes.includes('BookSection')) return 'chapter'
  if (publicationTypes.includes('Book')) return 'book'
  return publicationTypes.includes('JournalArticle') ? 'article-journal' : undefined
}
