import { z } from 'zod'
import type { BibliographicFields, BibliographicRecord } from '../../contract/paper.ts'
import { normalizeDoi } from '../../methods/references/identifiers.ts'
import { list, text } from '../live/answers.ts'
import { type FoundLocation, type FoundName, recordOf } from '../live/record.ts'

const texts = list(z.string())
const updates = list(z.object({ DOI: text, type: text }))

/** The fields of a work that Sheaf uses (api.crossref.org/swagger-ui). */
export const workSchema = z.object({
  DOI: z.string(),
  title: texts,
  author: list(z.object({ family: text, given: text, name: text })),
  issued: z
    .object({ 'date-parts': z.array(z.array(z.number().nullable())) })
    .nullish()
    .catch(null),
  'container-title': texts,
  volume: text,
  issue: text,
  page: text,
  publisher: text,
  abstract: text,
  type: text,
  ISBN: texts,
  URL: text,
  license: list(z.object({ URL: text, 'content-version': text })),
  link: list(
    z.object({ URL: text, 'content-type': text, 'content-version': text, 'intended-application': text }),
  ),
  'update-to': updates,
  'updated-by': updates,
})
export type CrossrefWork = z.infer<typeof workSchema>

/** The fields that lists of works are asked for. */
export const selectedFields = Object.keys(workSchema.shape).join(',')

const takenBack = /^(?:retraction|partial_retraction|withdrawal|removal)$/

/** DOIs of works that a notice takes back: `update-to` stands on the notice. */
export function takesBack(work: CrossrefWork): string[] {
  return work['update-to'].flatMap(({ DOI, type }) =>
    takenBack.test(type ?? '') ? (normalizeDoi(DOI ?? '') ?? []) : [],
  )
}

/** A work as a record; undefined when it has no title or no DOI. */
export function crossrefRecord(work: CrossrefWork): BibliographicRecord | undefined {
  const doi = normalizeDoi(work.DOI)
  if (doi === undefined) return undefined
  return recordOf('crossref', doi, {
    title: work.title[0],
    authors: work.author.map(
      ({ family, given, name }): FoundName => (name ? { body: name } : { family, given }),
    ),
    year: work.issued?.['date-parts'][0]?.[0],
    doi,
    isbn: work.ISBN[0],
    abstract: work.abstract,
    venue: work['container-title'][0],
    volume: work.volume,
    issue: work.issue,
    pages: work.page,
    publisher: work.publisher,
    url: work.URL ?? `https://doi.org/${doi}`,
    type: types[work.type ?? ''],
    retracted:
      work['updated-by'].some(({ type }) => takenBack.test(type ?? '')) || takesBack(work).includes(doi),
    locations: openLinks(work),
  })
}

/** The publisher's links, when a licence of Creative Commons says that everybody may read what is there. */
function openLinks(work: CrossrefWork): FoundLocation[] {
  const license = work.license
    .map(({ URL }) => /creativecommons\.org\/(.+?)\/?$/.exec(URL ?? '')?.[1])
    .find(Boolean)
  if (license === undefined) return []
  return work.link
    .filter((link) => link['intended-application'] !== 'similarity-checking')
    .map((link) => ({
      url: link.URL,
      version: link['content-version'],
      license: licenseName(license),
      isPdf: link['content-type'] === 'application/pdf',
    }))
    .sort((a, b) => Number(b.isPdf) - Number(a.isPdf))
}

/** `licenses/by-nc/4.0` as other services write it: `cc-by-nc`. */
function licenseName(path: string): string {
  const [kind, name] = path.split('/')
  return kind === 'publicdomain' ? 'cc0' : `cc-${name}`
}

const types: Readonly<Record<string, BibliographicFields['type']>> = Object.assign(Object.create(null), {
  'journal-article': 'article-journal',
  'proceedings-article': 'paper-conference',
  'posted-content': 'article',
  'book-chapter': 'chapter',
  book: 'book',
  monograph: 'book',
  dissertation: 'thesis',
  report: 'report',
})
