import type { z } from 'zod'
import type { SearchAnswer, SearchHit, searchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import { snippetOf } from '../../methods/text/snippet.ts'
import {
  describeDocuments,
  type FoundPage,
  pagesWithWords,
  type SearchPlace,
  textsOfPages,
} from '../../store/search.ts'
import type { Viewer } from '../../store/viewers.ts'
import type { Deployment } from '../deployment.ts'
import { searchByVectors } from './by-vectors.ts'
import { searchByWords } from './by-words.ts'
import { nameOfPlace, placeNamed, stemsAsked } from './places.ts'

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
  const page = { after: documentPlace(after), limit: limit + 1 }
  const { found, ...how } = await find(deployment, q, mode, viewer, page)
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await hitsOf(deployment, shown, q, viewer),
    ...(found.length > limit && last && { next: nameOfPlace(last.score, last.document) }),
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
  const stems = stemsAsked(q)
  const documents = found.map(({ document }) => document)
  const [described, texts] = await Promise.all([
    describeDocuments(sql, documents, viewer, mostSessions),
    textsOfPages(sql, found),
  ])
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

function documentPlace(name: string | undefined): SearchPlace | undefined {
  if (name === undefined) return undefined
  const { score, id } = placeNamed(name, /^[0-9a-f]{64}$/)
  return { score, document: id }
}
