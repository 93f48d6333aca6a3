import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A stand-in for a Qdrant server: the few requests that Sheaf makes, answered as its reference of version 1.12 says. */
export interface QdrantLab {
  readonly address: string
  close(): Promise<void>
}

const payload = z.record(z.string(), z.union([z.string(), z.number()]))
const pointsSchema = z.object({
  points: z.array(z.object({ id: z.int().nonnegative(), vector: z.array(z.number()), payload })),
})
const collectionSchema = z.object({
  vectors: z.object({ size: z.int().positive(), distance: z.literal('Cosine') }).loose(),
})
const indexSchema = z.object({ field_name: z.string(), field_schema: z.enum(['keyword', 'integer']) })
const filterSchema = z.object({
  must: z.array(z.object({ key: z.string(), match: z.object({ any: z.array(z.string()) }) })),
})
const scrollSchema = z.object({
  limit: z.int().positive(),
  order_by: z.object({ key: z.string(), direction: z.enum(['asc', 'desc']) }),
  with_payload: z.literal(true),
})
const querySchema = z.object({
  query: z.array(z.number()),
  limit: z.int().positive(),
  with_payload: z.literal(true),
  filter: filterSchema.optional(),
  params: z.unknown(),
})

interface Collection {
  readonly params: z.infer<typeof collectionSchema>
  /** Payload fields with an index of integers, by which alone points can be put in order. */
  readonly integers: Set<string>
  readonly points: Map<number, z.infer<typeof pointsSchema>['points'][number]>
}

class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Starts one on a free port of the loopback interface. */
export async function startQdrantLab(key?: string): Promise<QdrantLab> {
  const collections = new Map<string, Collection>()

  function answer(method: string, path: string, body: unknown): unknown {
    const [, name = '', rest = ''] = /^\/collections\/([^/]+)(\/.*)?$/.exec(path) ?? []
    const found = collections.get(name)
    if (method === 'PUT' && rest === '') {
      if (found) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`)
      collections.set(name, {
        params: collectionSchema.parse(body),
        integers: new Set(),
        points: new Map(),
      })
      return true
    }
    if (!found) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`)
    if (method === 'GET' && rest === '')
      return { status: 'green', points_count: found.points.size, config: { params: found.params } }
    if (method === 'PUT' && rest === '/index') {
      const { field_name, field_schema } = indexSchema.parse(body)
      if (field_schema === 'integer') found.integers.add(field_name)
      return { operation_id: 1, status: 'completed' }
    }
    if (method === 'PUT' && rest === '/points') {
      for (const point of pointsSchema.parse(body).points) {
        if (point.vector.length !== found.params.vectors.size)
          throw new Refusal(400, 'Wrong input: Vector dimension error')
        found.points.set(point.id, point)
      }
      return { operation_id: 2, status: 'completed' }
    }
    if (method === 'POST' && rest === '/points/scroll') return scrolled(found, scrollSchema.parse(body))
    if (method === 'POST' && rest === '/points/query') return queried(found, querySchema.parse(body))
    throw new Refusal(404, '')
  }

  const server = createServer(async (request, response) => {
    const send = (status: number, value: object) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...value, time: 0.001 }))
    try {
      const body = await bodyOf(request)
      if (key !== undefined && request.headers['api-key'] !== key)
        throw new Refusal(401, 'Must provide an API key')
      const { pathname } = new URL(request.url!, 'http://127.0.0.1')
      send(200, { result: answer(request.method!, pathname, body), status: 'ok' })
    } catch (thrown) {
      const status = thrown instanceof Refusal ? thrown.status : thrown instanceof z.ZodError ? 422 : 500
      send(status, { status: { error: String(thrown) } })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString())
}

function scrolled(collection: Collection, { limit, order_by }: z.infer<typeof scrollSchema>) {
  if (!collection.integers.has(order_by.key))
    throw new Refusal(400, `Bad request: No range index for \`order_by\` key: \`${order_by.key}\``)
  const sign = order_by.direction === 'asc' ? 1 : -1
  const value = (point: { payload: Record<string, string | number> }) => Number(point.payload[order_by.key])
  const points = [...collection.points.values()]
    .sort((a, b) => sign * (value(a) - value(b)))
    .slice(0, limit)
    .map((point) => ({ id: point.id, payload: point.payload, order_value: value(point) }))
  return { points, next_page_offset: null }
}

function queried(collection: Collection, { query, limit, filter }: z.infer<typeof querySchema>) {
  const fits = (payload: Record<string, string | number>) =>
    filter?.must.every(({ key, match }) => match.any.includes(String(payload[key]))) ?? true
  const points = [...collection.points.values()]
    .filter((point) => fits(point.payload))
    .map((point) => ({
      id: point.id,
      version: 1,
      score: cosine(query, point.vector),
      payload: point.payload,
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
  return { points }
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1)
}
