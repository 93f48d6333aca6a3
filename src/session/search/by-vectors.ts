import type { SearchAnswer } from '../../contract/api/search.ts'
import { SheafError } from '../../errors.ts'
import type { Embedder } from '../../models/embedder.ts'
import { type SearchPlace, visibleDocuments } from '../../store/search.ts'
import type { Viewer } from '../../store/viewers.ts'
import type { NearPassage } from '../../vectors/vector-index.ts'
import type { Deployment } from '../deployment.ts'
import { coverageOf } from './coverage.ts'
import { requestVectors } from './index-passages.ts'
import type { Hit } from './search-library.ts'

/** Milliseconds for the vector of a question; a person waits for it. */
const questionPatience = 5_000

/**
 * Ranks passages by the cosine of their vectors and the question's. What has no vector yet is asked for and not found; how
 * much that is stands in the answer.
 * @returns nothing `found` where no passage or the question has a vector now
 */
export async function searchByVectors(
  { sql, queues, vectors }: Pick<Deployment, 'sql' | 'queues' | 'vectors'>,
  embedder: Embedder,
  question: string,
  viewer: Viewer,
  page: { after?: SearchPlace | undefined; limit: number },
): Promise<{ found?: Hit[]; indexed: NonNullable<SearchAnswer['indexed']> }> {
  // To count takes as long as to search, so the question does not wait for it, though its vector may turn out to serve for nothing.
  const [indexed, near] = await Promise.all([
    coverageOf(sql, embedder.model, viewer),
    nearestTo({ sql, vectors }, embedder, question, viewer, page),
  ])
  if (indexed.passages < indexed.of || indexed.documentsToCome > 0) await requestVectors({ queues })
  if (indexed.passages === 0 || near === undefined) return { indexed }
  const found = near.map(({ start, end, ...hit }) => ({ ...hit, passage: { start, end } }))
  return { found, indexed }
}

async function nearestTo(
  { sql, vectors }: Pick<Deployment, 'sql' | 'vectors'>,
  embedder: Embedder,
  question: string,
  viewer: Viewer,
  page: { after?: SearchPlace | undefined; limit: number },
): Promise<NearPassage[] | undefined> {
  const [vector, documents] = await Promise.all([vectorOf(embedder, question), visibleDocuments(sql, viewer)])
  return vector && vectors.nearest({ model: embedder.model, question: vector, documents, ...page })
}

async function vectorOf(embedder: Embedder, question: string): Promise<Int8Array | undefined> {
  const named = { sha256: embedder.nameOf(question, 'question'), text: question }
  try {
    return (await embedder.embed([named], 'question', AbortSignal.timeout(questionPatience)))[0]
  } catch (thrown) {
    // A model that is away, busy or over its budget is no reason to find nothing: words are ranked instead.
    if (SheafError.isInstance(thrown) && thrown.code !== 'store_unavailable') return undefined
    throw thrown
  }
}
