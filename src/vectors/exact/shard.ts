import { isBeyond, type Nearness, type NearPassage, nearestPassages } from '../vector-index.ts'
import { createBest } from './best.ts'
import { createVectors, type Visit } from './vectors.ts'

/** Where no more than one row in so many is wanted, those are compared; else the sketches of all are. */
const fewRows = 6

/** Passages with their vectors, one after another, as a thread is given them. */
export interface VectorRows {
  readonly passages: readonly {
    readonly document: string
    readonly page: number
    readonly start: number
    readonly end: number
  }[]
  /** Signed bytes, `length` for each passage. */
  readonly components: Int8Array
  readonly length: number
}

/** What a shard found; of several shards it can be put together. */
export interface ShardAnswer {
  /** The best passages of documents behind the place asked for, best first. */
  readonly best: readonly Omit<NearPassage, 'pages'>[]
  /** The nearest passages of all, nearest first, for the counts of pages. */
  readonly nearest: readonly { readonly document: string; readonly page: number; readonly score: number }[]
}

/** What a shard is asked: of the documents it is told only its own. */
export type ShardQuestion = Omit<Nearness, 'model' | 'documents'> & {
  readonly documents: readonly string[] | undefined
}

/** Vectors of one model in one thread. */
export interface Shard {
  append(rows: VectorRows): void
  nearest(asked: ShardQuestion): ShardAnswer
}

/** Makes an empty one for vectors of a length. */
export async function createShard(length: number): Promise<Shard> {
  const vectors = await createVectors(length)
  // Where each row is from: places in `documents`, then page, start and end.
  let places = new Int32Array(0)
  const documents: string[] = []
  const numberOf = new Map<string, number>()
  /** Rows of a document, as pairs `[first, last)`. */
  const runs: number[][] = []

  function enter(document: string, row: number): number {
    let number = numberOf.get(document)
    if (number === undefined) {
      number = documents.push(document) - 1
      numberOf.set(document, number)
      runs.push([])
    }
    const of = runs[number]!
    if (of.at(-1) === row) of[of.length - 1] = row + 1
    else of.push(row, row + 1)
    return number
  }

  const documentOf = (row: number) => places[row * 4]!
  const byName = (a: number, b: number) =>
    documents[documentOf(a)]! < documents[documentOf(b)]! ? -1 : documentOf(a) === documentOf(b) ? a - b : 1

  /** How rows of these documents are visited: by themselves, or, where they are many, as all rows are. */
  function visitorOf(visible: readonly string[] | undefined): Visit {
    if (visible === undefined) return vectors.visitAll
    const numbers = visible.map((document) => numberOf.get(document)).filter((number) => number !== undefined)
    const own = numbers.flatMap((number) => runs[number]!)
    const rows = own.reduce((sum, row, place) => sum + (place % 2 === 0 ? -row : row), 0)
    if (rows * fewRows < vectors.count()) return (floor, take) => vectors.visitSome(own, floor, take)
    const wanted = new Uint8Array(documents.length)
    for (const number of numbers) wanted[number] = 1
    return (floor, take) => vectors.visitAll(floor, take, (row) => wanted[documentOf(row)] === 1)
  }

  return {
    append({ passages, components }) {
      for (const [index, { document, page, start, end }] of passages.entries()) {
        const row = vectors.append(components.subarray(index * length, (index + 1) * length))
        if (row * 4 >= places.length) places = grown(places, Math.max(4096, places.length * 2))
        places.set([enter(document, row), page, start, end], row * 4)
      }
    },

    nearest({ question, documents: visible, after, limit }) {
      if (question.length !== length || vectors.count() === 0) return { best: [], nearest: [] }
      const norm = vectors.ask(question)
      const visit = visitorOf(visible)
      /** Documents that come before the place asked for, because one of their passages does. */
      const passed = new Set<number>()
      if (after !== undefined) {
        // The place was made from a score by a division, which rounds.
        const floor = after.score * norm * (1 - 1e-9)
        visit(
          () => floor,
          (row, score) => {
            const found = { score: score / norm, document: documents[documentOf(row)]! }
            if (!isBeyond(found, after)) passed.add(documentOf(row))
          },
        )
      }
      const near = createBest(nearestPassages, (row) => row, byName)
      const best = createBest(limit, documentOf, byName)
      visit(
        () => Math.min(near.least(), best.least()),
        (row, score) => {
          near.add(row, score)
          if (!passed.has(documentOf(row))) best.add(row, score)
        },
      )
      const placed = ({ row, score }: { row: number; score: number }) => {
        const [document, page, start, end] = places.subarray(row * 4, row * 4 + 4)
        return { document: documents[document!]!, page: page!, start: start!, end: end!, score: score / norm }
      }
      return { best: best.sorted().map(placed), nearest: near.sorted().map(placed) }
    },
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}
