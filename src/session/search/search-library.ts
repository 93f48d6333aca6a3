import { z } from 'zod'
import type { SearchAnswer, SearchHit, searchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import { SheafError } from '../../errors.ts'
import { snippetOf } from '../../methods/text/snippet.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import {
  describeDocuments,
  type FoundPage,
  pagesWithWords,
  type SearchPlace,
  textsOfPages,
  type Viewer,
} from '../../store/search.ts'
import type { Deployment } from '../deployment.ts'
import { searchByVectors } from './by-vectors.ts'
import { searchByWords } from './by-words.ts'

/** A page that was found; `passage` is what it was found for, where that is less than the page. */
export interface Hit extends FoundPage {
  readonly passage?: { readonly start: number; readonly end: number }
}

/** Of a hit's sessions so many are named. */
const mostSessions = 20

/**
 * Searches every document that the caller may see: an administrator all, others those that sessions of theirs or shared
 * with them have read, and their own papers once they were read. Nothing of other documents enters an answer or a score.
 * @throws {SheafError} `invalid_input` for a place that no search has given
 */
export async function searchLibrary(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'embedder' | 'vectors'>,
  caller: Caller,
  { q, mode, limit, after }: z.infer<typeof searchQuerySchema>,
): Promise<SearchAnswer> {
  const viewer: Viewer = caller.scope === 'admin' ? 'everything' : { visibleTo: caller.user }
  const page = { after: after === undefined ? undefined : placeIn(after), limit: limit + 1 }
  const { found, ...how } = await find(deployment, q, mode, viewer, page)
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await hitsOf(deployment, shown, q, viewer),
    ...(found.length > limit && last && { next: nameOf(last) }),
    ...how,
  }
}

async function find(
  deployment: Parameters<typeof searchLibrary>[0],
  q: string,
  mode: z.infer<typeof searchQuerySchema>['mode'],
  viewer: Viewer,
  page: { after: SearchPlace | undefined; limit: number },
): Promise<{ found: Hit[] } & Pick<SearchAnswer, 'method' | 'indexed'>> {
  const { sql, embedder } = deployment
  if (mode === 'text') return { found: await pagesWithWords(sql, q, viewer, page), method: 'text' }
  const near = embedder && (await searchByVectors(deployment, embedder, q, viewer, page))
  const indexed = near && { indexed: near.indexed }
  if (near?.found) return { found: near.found, method: 'embeddings', ...indexed }
  return { found: await searchByWords({ sql }, q, viewer, page), method: 'words', ...indexed }
}

async function hitsOf(
  { sql }: Pick<Deployment, 'sql'>,
  found: readonly Hit[],
  q: string,
  viewer: Viewer,
): Promise<SearchHit[]> {
  if (found.length === 0) return []
  const stems = new Set(tokenize(q.replace(/(?<!\S)-\S+/g, ' ')))
  const documents = found.map(({ document }) => document)
  const described = await describeDocuments(sql, documents, viewer, mostSessions)
  const texts = await textsOfPages(sql, found)
  return found.map(({ document, page, pages, score, passage }, index) => {
    const { fields, embeddedTitle, sessions = [] } = described.get(document) ?? {}
    const title = fields?.title ?? embeddedTitle
    const text = texts[index]!
    return {
      document,
      ...(title !== undefined && { title }),
      authors: fields?.authors ?? [],
      ...(fields?.year !== undefined && { year: fields.year }),
      page,
      pages,
      snippet: snippetOf(passage ? text.slice(passage.start, passage.end) : text, stems),
      score,
      sessions,
    }
  })
}

const placeSchema = z.tuple([z.number(), z.string().regex(/^[0-9a-f]{64}$/)])

/** A place as callers give it back. */
function nameOf({ score, document }: SearchPlace): string {
  return Buffer.from(JSON.stringify([score, document])).toString('base64url')
}

function placeIn(name: string): SearchPlace {
  try {
    const [score, document] = placeSchema.parse(JSON.parse(Buffer.from(name, 'base64url').toString()))
    return { score, document }
  } catch (cause) {
    throw new SheafError('invalid_input', '“after” is no place in an answer.', {
      advice: 'Give "next" of the page before, as it is.',
      cause,
    })
  }
}
