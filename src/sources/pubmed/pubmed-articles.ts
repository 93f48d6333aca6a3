import { z } from 'zod'
import type { BibliographicRecord } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import type { Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { refusal, usable, xmlOf } from '../live/answers.ts'
import { type FoundName, recordOf } from '../live/record.ts'

/** An element that holds text: alone as a string, with attributes as an object. */
const element = z
  .union([z.string(), z.looseObject({ '#text': z.string().default('') })])
  .transform((node) => (typeof node === 'string' ? { '#text': node } : node))
const content = element
  .transform((node) => node['#text'])
  .nullish()
  .catch(null)
const elements = z.array(element).nullish().catch(null)
const attribute = (node: z.infer<typeof element>, name: string) =>
  (node as Record<string, unknown>)[`@${name}`]

const articleSchema = z.object({
  MedlineCitation: z.object({
    PMID: element.transform((node) => node['#text']),
    Article: z.object({
      ArticleTitle: content,
      VernacularTitle: content,
      Abstract: z.object({ AbstractText: elements }).nullish().catch(null),
      AuthorList: z
        .object({
          Author: z.array(
            z
              .object({ LastName: content, ForeName: content, Initials: content, CollectiveName: content })
              .catch({
                LastName: null,
                ForeName: null,
                Initials: null,
                CollectiveName: null,
              }),
          ),
        })
        .nullish()
        .catch(null),
      Journal: z
        .object({
          Title: content,
          JournalIssue: z
            .object({
              Volume: content,
              Issue: content,
              PubDate: z.object({ Year: content, MedlineDate: content }).nullish().catch(null),
            })
            .nullish()
            .catch(null),
        })
        .nullish()
        .catch(null),
      Pagination: z.object({ MedlinePgn: content }).nullish().catch(null),
      ELocationID: elements,
      PublicationTypeList: z.object({ PublicationType: elements }).nullish().catch(null),
    }),
    KeywordList: z
      .array(z.object({ Keyword: elements }).nullable().catch(null))
      .nullish()
      .catch(null),
    CommentsCorrectionsList: z
      .object({ CommentsCorrections: z.array(z.unknown()) })
      .nullish()
      .catch(null),
  }),
  PubmedData: z
    .object({ ArticleIdList: z.object({ ArticleId: elements }).nullish().catch(null) })
    .nullish()
    .catch(null),
})
type Article = z.infer<typeof articleSchema>

const setSchema = z.object({
  PubmedArticleSet: z.union([
    z.literal('').transform(() => ({ PubmedArticle: [] })),
    z.object({ PubmedArticle: z.array(z.unknown()).default([]) }),
  ]),
})

const many = [
  'PubmedArticle',
  'AbstractText',
  'Author',
  'ELocationID',
  'PublicationType',
  'KeywordList',
  'Keyword',
  'CommentsCorrections',
  'ArticleId',
]

/**
 * Reads the articles of an answer of EFetch (dtd.nlm.nih.gov/ncbi/pubmed), by PMID; books are left out.
 * @throws {SheafError} `source_failed` when it refuses, or is no such answer
 */
export function readPubmedArticles(
  service: Service,
  response: UpstreamResponse,
): Map<string, BibliographicRecord> {
  if (response.status !== 200) throw refusal(service, response)
  const raw = ['ArticleTitle', 'VernacularTitle', 'AbstractText', 'Keyword']
  const parsed = setSchema.safeParse(xmlOf(service, response, { raw, many }))
  if (!parsed.success) {
    throw new SheafError('source_failed', 'PubMed answered with XML that is no set of articles.', {
      advice: 'Try again later, or search without this source.',
      retryable: true,
      cause: parsed.error,
    })
  }
  const records = usable(service, parsed.data.PubmedArticleSet.PubmedArticle, (article) => {
    const read = articleSchema.safeParse(article)
    return read.success ? pubmedRecord(read.data) : undefined
  })
  return new Map(records.map((record) => [record.reference, record]))
}

function pubmedRecord({ MedlineCitation: citation, PubmedData }: Article): BibliographicRecord | undefined {
  const pmid = /^[1-9]\d{0,8}$/.exec(citation.PMID.trim())?.[0]
  if (pmid === undefined) return undefined
  const { Article: article } = citation
  const issue = article.Journal?.JournalIssue
  const id = (kind: string) =>
    PubmedData?.ArticleIdList?.ArticleId?.find((node) => attribute(node, 'IdType') === kind)?.['#text']
  const doi = article.ELocationID?.find((node) => attribute(node, 'EIdType') === 'doi')?.['#text']
  const pmcid = id('pmc')
  const types = (article.PublicationTypeList?.PublicationType ?? []).map((node) =>
    node['#text'].toLowerCase(),
  )
  const date = issue?.PubDate
  return recordOf('pubmed', pmid, {
    // A title in brackets is a translation.
    title: (article.ArticleTitle || article.VernacularTitle)?.replace(/(?<!\.)\.\s*$/, ''),
    authors: (article.AuthorList?.Author ?? []).map(nameOf),
    year: Number(/\d{4}/.exec(date?.Year ?? date?.MedlineDate ?? '')?.[0] ?? Number.NaN),
    doi: doi ?? id('doi'),
    pmid,
    pmcid,
    abstract: abstractOf(article.Abstract?.AbstractText ?? []),
    venue: article.Journal?.Title,
    volume: issue?.Volume,
    issue: issue?.Issue,
    pages: article.Pagination?.MedlinePgn,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    keywords: (citation.KeywordList ?? []).flatMap((list) =>
      (list?.Keyword ?? []).map((node) => node['#text']),
    ),
    type: types.includes('preprint') ? 'article' : 'article-journal',
    retracted: types.includes('retracted publication') || isRetracted(citation.CommentsCorrectionsList),
    locations: pmcid ? [{ url: `https://pmc.ncbi.nlm.nih.gov/articles/${pmcid.trim()}/`, isPdf: false }] : [],
  })
}

function nameOf({ LastName, ForeName, Initials, CollectiveName }: AuthorName): FoundName {
  if (CollectiveName) return { body: CollectiveName }
  return { family: LastName, given: ForeName ?? Initials }
}
type AuthorName = NonNullable<Article['MedlineCitation']['Article']['AuthorList']>['Author'][number]

/** The parts of a structured abstract with their labels, as PubMed shows them: `METHODS: We …`. */
function abstractOf(parts: readonly z.infer<typeof element>[]): string {
  return parts
    .map((part) => {
      const label = attribute(part, 'Label')
      return typeof label === 'string' && label !== '' ? `${label}: ${part['#text']}` : part['#text']
    })
    .join(' ')
}

function isRetracted(list: Article['MedlineCitation']['CommentsCorrectionsList']): boolean {
  const kinds = (list?.CommentsCorrections ?? []).map(
    (node) => z.looseObject({ '@RefType': z.string() }).safeParse(node).data,
  )
  return kinds.some((node) => node?.['@RefType'] === 'RetractionIn')
}
