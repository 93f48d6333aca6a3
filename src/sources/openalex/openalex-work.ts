import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { arxivIdOf } from '../../methods/references/identifiers.ts'
import { flag, list, number, text } from '../live/answers.ts'
import { type FoundLocation, recordOf } from '../live/record.ts'

const locationSchema = z.object({
  is_oa: flag,
  landing_page_url: text,
  pdf_url: text,
  license: text,
  version: text,
  source: z.object({ display_name: text, type: text, host_organization_name: text }).nullish().catch(null),
})

/** The fields of a work that Sheaf uses; `select` asks for their roots and nothing else. */
export const workSchema = z.object({
  id: z.string(),
  doi: text,
  ids: z.object({ pmid: text, pmcid: text }).nullish().catch(null),
  title: text,
  publication_year: number,
  type: text,
  authorships: list(
    z.object({ author: z.object({ display_name: text }).nullish().catch(null), raw_author_name: text }),
  ),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).nullish().catch(null),
  primary_location: locationSchema.nullish().catch(null),
  best_oa_location: locationSchema.nullish().catch(null),
  locations: list(locationSchema),
  open_access: z.object({ oa_url: text }).nullish().catch(null),
  biblio: z.object({ volume: text, issue: text, first_page: text, last_page: text }).nullish().catch(null),
  keywords: list(z.object({ display_name: text })),
  is_retracted: flag,
})
export type OpenAlexWork = z.infer<typeof workSchema>

/** Roots of the fields that are asked for. */
export const selectedFields = Object.keys(workSchema.shape).join(',')

/** The last part of an identifier that is an address, as `W2741809807`; undefined when it names no work. */
export function workId(address: string): string | undefined {
  return /(?:^|\/)(W\d{1,12})$/i.exec(address)?.[1]?.toUpperCase()
}

/** A work as a record; undefined when it has no title or no identifier of OpenAlex's. */
export function openalexRecord(work: OpenAlexWork): BibliographicRecord | undefined {
  const reference = workId(work.id)
  if (reference === undefined) return undefined
  const { primary_location: primary, biblio } = work
  const pages = [biblio?.first_page, biblio?.last_page].filter((page) => page)
  const addresses = work.locations.flatMap(({ landing_page_url, pdf_url }) => [landing_page_url, pdf_url])
  return recordOf('openalex', reference, {
    title: work.title,
    authors: work.authorships.map(({ author, raw_author_name }) => ({
      name: author?.display_name ?? raw_author_name,
    })),
    year: work.publication_year,
    doi: work.doi,
    arxivId: addresses.map((address) => arxivIdOf(address ?? '')).find((id) => id !== undefined),
    pmid: work.ids?.pmid,
    pmcid: work.ids?.pmcid,
    abstract: abstractOf(work.abstract_inverted_index),
    venue: primary?.source?.display_name,
    volume: biblio?.volume,
    issue: biblio?.issue,
    pages: pages[0] === pages[1] ? pages[0] : pages.join('-'),
    publisher: primary?.source?.host_organization_name,
    url: primary?.landing_page_url ?? work.doi ?? work.id,
    keywords: work.keywords.map(({ display_name }) => display_name),
    type: typeOf(work),
    retracted: work.is_retracted,
    locations: openalexLocations(work),
  })
}

/** Open places, OpenAlex's best first: the PDF where one is named, else its page; last what may be either. */
export function openalexLocations(work: OpenAlexWork): FoundLocation[] {
  const open = [work.best_oa_location, ...work.locations].filter((location) => location?.is_oa === true)
  const places = open.map((location) => ({
    url: location?.pdf_url ?? location?.landing_page_url,
    version: location?.version,
    license: location?.license,
    isPdf: location?.pdf_url != null,
  }))
  return [...places, { url: work.open_access?.oa_url, isPdf: false }]
}

/** An abstract has no more words; positions beyond are no abstract's. */
const mostWords = 10_000

/** The text of an abstract that is given as an index: for each word its places, counted from 0. */
function abstractOf(index: OpenAlexWork['abstract_inverted_index']): string | undefined {
  if (!index) return undefined
  const words: string[] = []
  for (const [word, places] of Object.entries(index)) {
    for (const place of places.slice(0, mostWords)) {
      if (Number.isInteger(place) && place >= 0 && place < mostWords) words[place] = word
    }
  }
  return words.filter((word) => word !== undefined).join(' ')
}

function typeOf({ type, primary_location }: OpenAlexWork): BibliographicFields['type'] {
  const published = primary_location?.source?.type === 'conference' ? 'paper-conference' : 'article-journal'
  const types: Readonly<Record<string, BibliographicFields['type']>> = {
    article: published,
    review: published,
    letter: published,
    preprint: 'article',
    'book-chapter': 'chapter',
    book: 'book',
    dissertation: 'thesis',
    report: 'report',
    standard: 'report',
  }
  return type == null ? undefined : Object.hasOwn(types, type) ? types[type] : 'document'
}
