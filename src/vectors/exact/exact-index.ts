import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { SheafError } from '../../errors.ts'
import type { Sql } from '../../store/database.ts'
import type { PassageVector } from '../../store/embeddings.ts'
import { createIntake, nothingTaken } from '../intake.ts'
import { byNearness, nearestPassages, type VectorIndex } from '../vector-index.ts'
import type { ShardAnswer, VectorRows } from './shard.ts'
import type { ThreadAnswer, ThreadRequest } from './thread.ts'

/** More threads than this wait for the memory, not for the processor. */
const mostThreads = 4

/**
 * Compares a question with every vector, most of them by a sketch. They are kept in threads of this process, each with its share of
 * the documents: 500 MB for a million passages of 384 components. Threads start with the first question.
 */
export function createExactIndex(sql: Sql): VectorIndex {
  const lengths = new Map<string, number>()
  let threads: Thread[] | undefined
  const started = () =>
    (threads ??= Array.from({ length: Math.min(mostThreads, availableParallelism()) }, startThread))
  const intake = createIntake(sql, {
    start: async () => nothingTaken,
    async take(model, rows) {
      const length = lengths.get(model) ?? rows[0]!.vector.length
      lengths.set(model, length)
      // A server that has changed its model under the same name gives vectors that cannot be compared with the old ones.
      const fitting = rows.filter(({ vector }) => vector.length === length)
      const all = started()
      await Promise.all(
        all.map((thread, place) => {
          const own = fitting.filter(({ document }) => shareOf(document, all.length) === place)
          return own.length > 0 && thread.ask({ model, append: packed(own, length) })
        }),
      )
    },
  })

  return {
    async nearest({ model, documents, ...asked }) {
      await intake.upToDate(model)
      const all = started()
      const own = documents && sharesOf(documents, all.length)
      const answers = await Promise.all(
        all.map((thread, place) => thread.ask({ model, nearest: { ...asked, documents: own?.[place] } })),
      )
      return merged(
        answers.filter((answer) => answer !== undefined),
        asked.limit,
      )
    },
    async close() {
      await Promise.all(threads?.map((thread) => thread.end()) ?? [])
    },
  }
}

interface Thread {
  ask(request: RequestBody): Promise<ShardAnswer | undefined>
  end(): Promise<unknown>
}
type RequestBody = ThreadRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'number'>
    : never
  : never

function startThread(): Thread {
  const path = fileURLToPath(new URL(`./thread${extname(import.meta.url)}`, import.meta.url))
  const worker = new Worker(path, { execArgv: [] })
  const waiting = new Map<number, PromiseWithResolvers<ShardAnswer | undefined>>()
  let last = 0
  let ended: string | undefined
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = waiting.get(answer.number)
    waiting.delete(answer.number)
    if (waiting.size === 0) worker.unref()
    if ('failure' in answer) asked?.reject(failed(answer.failure))
    else asked?.resolve(answer.answer)
  })
  worker.on('error', (thrown) => (ended = String(thrown)))
  worker.on('exit', () => {
    ended ??= 'it was ended'
    for (const asked of waiting.values()) asked.reject(failed(ended))
    waiting.clear()
  })
  worker.unref()
  return {
    ask(request) {
      if (ended !== undefined) return Promise.reject(failed(ended))
      const asked = Promise.withResolvers<ShardAnswer | undefined>()
      waiting.set(++last, asked)
      worker.ref()
      worker.postMessage({ ...request, number: last })
      return asked.promise
    },
    end: () => worker.terminate(),
  }
}

const failed = (why: string) =>
  new SheafError('internal', `The thread that compares vectors failed: ${why}.`, {
    advice: 'Start Sheaf again; the vectors themselves are in the database.',
  })

function packed(rows: readonly PassageVector[], length: number): VectorRows {
  const components = new Int8Array(rows.length * length)
  for (const [index, { vector }] of rows.entries()) components.set(vector, index * length)
  return {
    passages: rows.map(({ document, page, start, end }) => ({ document, page, start, end })),
    components,
    length,
  }
}

/** In which thread a document's passages are; its name is a hash already. */
function shareOf(document: string, threads: number): number {
  return Number.parseInt(document.slice(0, 6), 16) % threads
}

/** Documents by the thread that has their passages. */
function sharesOf(documents: Iterable<string>, threads: number): string[][] {
  const shares = Array.from({ length: threads }, (): string[] => [])
  for (const document of documents) shares[shareOf(document, threads)]!.push(document)
  return shares
}

function merged(answers: readonly ShardAnswer[], limit: number) {
  const nearest = answers
    .flatMap((answer) => answer.nearest)
    .sort(byNearness)
    .slice(0, nearestPassages)
  const pages = new Map<string, Set<number>>()
  for (const { document, page } of nearest) pages.set(document, (pages.get(document) ?? new Set()).add(page))
  return answers
    .flatMap((answer) => answer.best)
    .sort(byNearness)
    .slice(0, limit)
    .map((passage) => ({ ...passage, pages: pages.get(passage.document)?.size ?? 1 }))
}
