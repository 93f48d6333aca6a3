import { cutPassages } from '../../methods/text/passages.ts'
import type { Embedder } from '../../models/embedder.ts'
import { embedJob } from '../../queue/jobs.ts'
import { pageTexts } from '../../store/documents.ts'
import { passagesWithoutVector, storePassages, uncutDocuments } from '../../store/passages.ts'
import type { Deployment } from '../deployment.ts'

/** Documents cut, and passages embedded, between looks whether to stop. */
const documentsAtOnce = 50
const passagesAtOnce = 512
/** The job is put into the queue at most once in so long, in milliseconds. */
const jobEvery = 30_000

/** Asks for the job that embeds what has no vector yet. Many who ask at once get one job. */
export async function requestVectors({ queues }: Pick<Deployment, 'queues'>): Promise<void> {
  await queues.add(embedJob, {}, `embed-${Math.floor(Date.now() / jobEvery)}`)
}

/** Cuts documents into passages and embeds them, until none is left. What is done stays done when it is stopped. */
export async function indexPassages(
  { sql, embedder }: Pick<Deployment, 'sql' | 'embedder'>,
  signal: AbortSignal,
): Promise<void> {
  if (!embedder) return
  for (;;) {
    const documents = await uncutDocuments(sql, documentsAtOnce)
    if (documents.length === 0) break
    for (const document of documents) {
      signal.throwIfAborted()
      await cutDocument({ sql }, embedder, document)
    }
  }
  for (;;) {
    const missing = await passagesWithoutVector(sql, embedder.model, passagesAtOnce)
    if (missing.length === 0) return
    const texts = new Map<string, Map<number, string>>()
    for (const document of new Set(missing.map((one) => one.document)))
      texts.set(document, await pageTexts(sql, document))
    const named = missing.map(({ document, page, start, end, sha256 }) => ({
      sha256,
      text: wordsOf(texts.get(document)!.get(page)!, start, end),
    }))
    await embedder.embed(named, 'passage', signal)
  }
}

async function cutDocument(
  { sql }: Pick<Deployment, 'sql'>,
  embedder: Embedder,
  document: string,
): Promise<void> {
  const texts = await pageTexts(sql, document)
  const passages = [...texts].flatMap(([page, text]) =>
    cutPassages(text).map(({ start, end }) => ({
      page,
      start,
      end,
      sha256: embedder.nameOf(wordsOf(text, start, end), 'passage'),
    })),
  )
  await storePassages(sql, document, passages)
}

/** A passage as it is embedded: where its lines broke does not matter. */
function wordsOf(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\s+/g, ' ')
}
