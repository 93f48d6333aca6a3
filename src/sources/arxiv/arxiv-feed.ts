import { z } from 'zod'
import type { BibliographicRecord, FullTextLocation } from '../../contract/paper.ts'
import { SheafError } from '../../errors.ts'
import type { Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { list, refusal, text, usable, xmlOf } from '../live/answers.ts'
import { decodeReferences, plainText } from '../live/plain-text.ts'
import { recordOf } from '../live/record.ts'

const entrySchema = z.object({
  id: z.string(),
  title: text,
  summary: text,
  published: text,
  comment: text,
  doi: text,
  author: list(z.object({ name: text })),
  link: list(z.object({ '@href': text, '@title': text })),
})
type Entry = z.infer<typeof entrySchema>

const feedSchema = z.object({
  feed: z.object({
    totalResults: z
      .string()
      .regex(/^\s*\d{1,12}\s*$/)
      .transform(Number),
    entry: z.array(z.unknown()).default([]),
  }),
})

/** A page of results: records in the service's order, and how many works its query has in all. */
export interface ArxivPage {
  records: BibliographicRecord[]
  /** Entries on the page, with those that give no record. */
  entries: number
  total: number
}

/**
 * Reads an Atom feed of arXiv's API. What it refuses, it refuses as a feed too: with one entry, `Error`, that is no paper.
 * @throws {SheafError} `source_failed` when it refuses, or the answer is no such feed
 */
export function readArxivFeed(service: Service, response: UpstreamResponse): ArxivPage {
  const isFeed = response.status === 200 || response.status === 400
  if (!isFeed) throw refusal(service, response)
  const parsed = feedSchema.safeParse(
    xmlOf(service, response, { many: ['entry', 'author', 'category', 'link'] }),
  )
  if (!parsed.success) {
    if (response.status !== 200) throw refusal(service, response)
    throw new SheafError('source_failed', 'arXiv answered with XML that is no feed of papers.', {
      advice: 'Try again later, or search without this source.',
      retryable: true,
      cause: parsed.error,
    })
  }
  const { entry: entries, totalResults } = parsed.data.feed
  const read = entries.flatMap((entry) => entrySchema.safeParse(entry).data ?? [])
  const refused = read.find(({ id }) => /\/api\/errors(?:#|$)/.test(id))
  if (refused || response.status !== 200) {
    throw new SheafError(
      'source_failed',
      `arXiv refused the request: ${plainText(refused?.summary).slice(0, 300) || 'it does not say why'}.`,
      { advice: 'Check the identifiers, or change the concepts of the plan.' },
    )
  }
  return { records: usable(service, read, arxivRecord), entries: entries.length, total: totalResults }
}

/** Papers whose authors took them back, as their comments or abstracts say: there is nothing to read any more. */
const withdrawnComment =
  /^\W*(?:(?:this|the) )?(?:paper|article|submission|manuscript|preprint|work|version)?\s?(?:has been|have been|was|is)?\s?(?:temporarily )?withdrawn\b(?! from\b)/i
const withdrawnSummary =
  /^\W*(?:this|the) (?:paper|article|submission|manuscript|preprint|work|version)\b.{0,20}\b(?:has been|was|is|is being) (?:temporarily )?withdrawn\b/i

function arxivRecord(entry: Entry): BibliographicRecord | undefined {
  const [, id, version] = /\/abs\/([^\s?#]{5,40}?)(v\d{1,3})?$/.exec(decodeReferences(entry.id).trim()) ?? []
  if (id === undefined) return undefined
  const retracted =
    withdrawnComment.test(plainText(entry.comment)) || withdrawnSummary.test(plainText(entry.summary))
  return recordOf('arxiv', id, {
    title: entry.title,
    authors: entry.author.map(({ name }) => ({ name })),
    year: Number(/^\d{4}/.exec(entry.published?.trim() ?? '')?.[0] ?? Number.NaN),
    doi: entry.doi,
    arxivId: id,
    abstract: entry.summary,
    venue: 'arXiv',
    type: 'article',
    url: `https://arxiv.org/abs/${id}`,
    retracted,
    locations: retracted ? [] : [pdfOf(entry, `${id}${version ?? ''}`)],
  })
}

/** The PDF of the version that was found: as the feed names it, else where arXiv keeps it. */
function pdfOf({ link }: Entry, id: string): FullTextLocation {
  const named = link.find((each) => each['@title'] === 'pdf')?.['@href']
  return { ...arxivPdf(id), ...(named && { url: decodeReferences(named) }) }
}

/** Where a paper's PDF is: of one version (`1706.03762v5`), or the newest (`1706.03762`). */
export function arxivPdf(id: string, host = 'https://arxiv.org'): FullTextLocation {
  return { url: `${host}/pdf/${id}`, version: 'submitted', isPdf: true }
}
