import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { list, number, text } from '../live/answers.ts'
import { type FoundLocation, type FoundName, recordOf } from '../live/record.ts'

/** The fields of a result of kind `core` that Sheaf uses (europepmc.org/RestfulWebService). */
export const resultSchema = z.object({
  id: z.string().regex(/^[\w.-]{1,60}$/),
  source: z.string().regex(/^[A-Z]{2,5}$/),
  title: text,
  doi: text,
  pmid: text,
  pmcid: text,
  abstractText: text,
  pubYear: number,
  pageInfo: text,
  license: text,
  authorList: z
    .object({
      author: list(
        z.object({ fullName: text, firstName: text, lastName: text, initials: text, collectiveName: text }),
      ),
    })
    .nullish()
    .catch(null),
  journalInfo: z
    .object({ volume: text, issue: text, journal: z.object({ title: text }).nullish().catch(null) })
    .nullish()
    .catch(null),
  pubTypeList: z
    .object({ pubType: list(z.string()) })
    .nullish()
    .catch(null),
  keywordList: z
    .object({ keyword: list(z.string()) })
    .nullish()
    .catch(null),
  fullTextUrlList: z
    .object({ fullTextUrl: list(z.object({ availabilityCode: text, documentStyle: text, url: text })) })
    .nullish()
    .catch(null),
})
type Result = z.infer<typeof resultSchema>

/** A result as a record; its reference is Europe PMC's source and identifier: `MED/29456894`, `PPR/12345`. */
export function europepmcRecord(result: Result): BibliographicRecord | undefined {
  const { journalInfo } = result
  const kinds = (result.pubTypeList?.pubType ?? []).map((kind) => kind.toLowerCase())
  return recordOf('europepmc', `${result.source}/${result.id}`, {
    title: result.title?.replace(/(?<!\.)\.\s*$/, ''),
    authors: (result.authorList?.author ?? []).map(nameOf),
    year: result.pubYear,
    doi: result.doi,
    pmid: result.pmid,
    pmcid: result.pmcid,
    abstract: result.abstractText,
    venue: journalInfo?.journal?.title,
    volume: journalInfo?.volume,
    issue: journalInfo?.issue,
    pages: result.pageInfo,
    url: `https://europepmc.org/article/${result.source}/${result.id}`,
    keywords: result.keywordList?.keyword ?? [],
    type: typeOf(result.source, kinds),
    retracted: kinds.includes('retracted publication'),
    locations: openPlaces(result),
  })
}

type Name = NonNullable<Result['authorList']>['author'][number]

function nameOf({ collectiveName, lastName, firstName, initials, fullName }: Name): FoundName {
  if (collectiveName) return { body: collectiveName }
  return lastName ? { family: lastName, given: firstName ?? initials } : { name: fullName }
}

/** Places that are open (`OA`) or free to read (`F`), PDFs first. */
function openPlaces({ fullTextUrlList, license }: Result): FoundLocation[] {
  return (fullTextUrlList?.fullTextUrl ?? [])
    .filter(({ availabilityCode }) => availabilityCode === 'OA' || availabilityCode === 'F')
    .filter(({ documentStyle }) => documentStyle !== 'doi')
    .map(({ url, documentStyle }) => ({
      url,
      license: license?.toLowerCase().replaceAll(' ', '-'),
      isPdf: documentStyle === 'pdf',
    }))
    .sort((a, b) => Number(b.isPdf) - Number(a.isPdf))
}

function typeOf(source: string, kinds: readonly string[]): BibliographicFields['type'] {
  if (source === 'PPR' || kinds.includes('preprint')) return 'article'
  if (kinds.some((kind) => kind.includes('thesis'))) return 'thesis'
  if (kinds.some((kind) => kind.includes('book'))) return 'book'
  return 'article-journal'
}
