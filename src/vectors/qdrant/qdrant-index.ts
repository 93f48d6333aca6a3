import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Sql } from '../../store/database.ts'
import type { PassageVector } from '../../store/embeddings.ts'
import { createIntake, type IntakePlace, lookBack, nothingTaken } from '../intake.ts'
import { bestOfDocuments, type RankedPassage } from '../ranked-passages.ts'
import type { Nearness, VectorIndex } from '../vector-index.ts'
import { createQdrantClient } from './client.ts'

/** Points sent at once: 3 MB of JSON with vectors of 1,536. */
const pointsAtOnce = 500

const payloadSchema = z.object({
  passage: z.number(),
  embedding: z.number(),
  document: z.string(),
  page: z.int(),
  start: z.int(),
  end: z.int(),
})
const collectionSchema = z.object({
  config: z.object({ params: z.object({ vectors: z.object({ size: z.int() }) }) }),
})
const scrolledSchema = z.object({ points: z.array(z.object({ payload: payloadSchema })) })
const queriedSchema = z.object({
  points: z.array(z.object({ score: z.number(), payload: payloadSchema })),
})
const done = z.unknown()

/**
 * Asks a Qdrant server for the nearest: a collection for each model, on its disk in half precision, in its memory one byte for each
 * component. Cosines are right to three places. What is in it can be made anew from the database at any time.
 */
export function createQdrantIndex(
  sql: Sql,
  { address, key }: { address: string; key?: string | undefined },
): VectorIndex {
  const client = createQdrantClient(address, key)
  const lengths = new Map<string, number>()

  async function lengthOf(model: string): Promise<number | undefined> {
    const known = lengths.get(model)
    if (known !== undefined) return known
    const found = await client.find(pathOf(model), collectionSchema)
    const length = found?.config.params.vectors.size
    if (length !== undefined) lengths.set(model, length)
    return length
  }

  async function makeCollection(model: string, size: number): Promise<void> {
    const body = {
      vectors: { size, distance: 'Cosine', datatype: 'float16', on_disk: true },
      quantization_config: { scalar: { type: 'int8', always_ram: true } },
    }
    try {
      await client.ask({ method: 'PUT', path: pathOf(model), body }, done)
    } catch (thrown) {
      // Another process has made it since this one looked.
      if ((await lengthOf(model)) === undefined) throw thrown
    }
    await makeIndexes(model)
  }

  /** Changes nothing where they are; a process that made the collection may have ended before it made them. */
  async function makeIndexes(model: string): Promise<void> {
    for (const [field_name, field_schema] of [
      ['document', 'keyword'],
      ['passage', 'integer'],
      ['embedding', 'integer'],
    ])
      await client.ask(
        { method: 'PUT', path: `${pathOf(model)}/index?wait=true`, body: { field_name, field_schema } },
        done,
      )
  }

  async function last(model: string, by: 'passage' | 'embedding') {
    const body = { limit: lookBack, order_by: { key: by, direction: 'desc' }, with_payload: true }
    const { points } = await client.ask(
      { method: 'POST', path: `${pathOf(model)}/points/scroll`, body },
      scrolledSchema,
    )
    return points.map(({ payload }) => payload)
  }

  const intake = createIntake(sql, {
    async start(model): Promise<IntakePlace> {
      if ((await lengthOf(model)) === undefined) return nothingTaken
      await makeIndexes(model)
      const recent = [...(await last(model, 'passage')), ...(await last(model, 'embedding'))]
      return {
        passage: Math.max(0, ...recent.map(({ passage }) => passage)),
        embedding: Math.max(0, ...recent.map(({ embedding }) => embedding)),
        recent,
      }
    },
    async take(model, rows) {
      if ((await lengthOf(model)) === undefined) await makeCollection(model, rows[0]!.vector.length)
      const length = await lengthOf(model)
      // A server that has changed its model under the same name gives vectors that cannot be compared with the old ones.
      const fitting = rows.filter(({ vector }) => vector.length === length)
      for (let first = 0; first < fitting.length; first += pointsAtOnce)
        await client.ask(
          {
            method: 'PUT',
            path: `${pathOf(model)}/points?wait=true`,
            body: { points: fitting.slice(first, first + pointsAtOnce).map(pointOf) },
          },
          done,
        )
    },
  })

  async function nearestPassages(
    { model, question, documents }: Nearness,
    limit: number,
  ): Promise<RankedPassage[]> {
    const { points } = await client.ask(
      {
        method: 'POST',
        path: `${pathOf(model)}/points/query`,
        body: {
          query: [...question],
          limit,
          with_payload: true,
          ...(documents && { filter: { must: [{ key: 'document', match: { any: [...documents] } }] } }),
          params: { quantization: { rescore: true } },
        },
      },
      queriedSchema,
    )
    return points.map(({ score, payload: { document, page, start, end } }) => ({
      document,
      page,
      start,
      end,
      score,
    }))
  }

  return {
    async nearest(asked) {
      await intake.upToDate(asked.model)
      if ((await lengthOf(asked.model)) !== asked.question.length || asked.documents?.size === 0) return []
      return bestOfDocuments(asked, (passages) => nearestPassages(asked, passages))
    },
    close: async () => undefined,
  }
}

/** Names of models may hold anything. */
function pathOf(model: string): string {
  return `/collections/sheaf_${createHash('sha256').update(model).digest('hex').slice(0, 16)}`
}

function pointOf({ vector, passage, ...payload }: PassageVector) {
  return { id: passage, vector: [...Int8Array.from(vector)], payload: { passage, ...payload } }
}
