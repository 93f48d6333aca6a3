import { byNearness, isBeyond, type Nearness, type NearPassage, nearestPassages } from '../vector-index.ts'
import { createScan, lane } from './scan.ts'

/** Rows that are laid out together: their bytes, their factors, and room for their scores. */
const rowsOfBlock = 4096
/** Bytes by which WebAssembly's memory grows, and the most of it that there are: 4 GiB. */
const wasmPage = 65_536
const mostPages = 65_536

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

/** Vectors of one model in one thread. */
export interface Shard {
  append(rows: VectorRows): void
  nearest(asked: Omit<Nearness, 'model'>): ShardAnswer
}

interface Block {
  readonly rows: number
  readonly factors: number
  readonly scores: number
}

/** Makes an empty one for vectors of a length. */
export async function createShard(length: number): Promise<Shard> {
  const stride = Math.ceil(length / lane) * lane
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages })
  const scan = await createScan(memory)
  const blocks: Block[] = []
  const blockBytes = rowsOfBlock * (stride + 8)
  let used = stride
  let count = 0
  // Where each row is from: places in `documents`, then page, start and end.
  let places = new Int32Array(0)
  const documents: string[] = []
  const numberOf = new Map<string, number>()
  /** Rows of a document, as pairs `[first, last)`. */
  const runs: number[][] = []
  let bestScore = new Float32Array(0)
  let bestRow = new Int32Array(0)

  function addBlock(): void {
    const missing = used + blockBytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
    const factors = used + rowsOfBlock * stride
    blocks.push({ rows: used, factors, scores: factors + rowsOfBlock * 4 })
    used += blockBytes
  }

  function enter(document: string): number {
    let number = numberOf.get(document)
    if (number === undefined) {
      number = documents.push(document) - 1
      numberOf.set(document, number)
      runs.push([])
    }
    const of = runs[number]!
    if (of.at(-1) === count) of[of.length - 1] = count + 1
    else of.push(count, count + 1)
    return number
  }

  /** Rows that are to be compared, as pairs; all of them unless only some documents are wanted. */
  function wanted(of: ReadonlySet<string> | undefined): number[] {
    if (of === undefined) return [0, count]
    return [...of].flatMap((document) => runs[numberOf.get(document) ?? -1] ?? [])
  }

  function compare(first: number, last: number): void {
    for (let row = first; row < last; ) {
      const block = blocks[Math.floor(row / rowsOfBlock)]!
      const at = row % rowsOfBlock
      const rows = Math.min(last - row, rowsOfBlock - at)
      scan(0, block.rows + at * stride, stride, block.factors + at * 4, block.scores + at * 4, rows)
      row += rows
    }
  }

  return {
    append({ passages, components }) {
      for (const [index, { document, page, start, end }] of passages.entries()) {
        if (count % rowsOfBlock === 0) addBlock()
        if (count * 4 >= places.length) places = grown(places, Math.max(4096, places.length * 2))
        const vector = components.subarray(index * length, (index + 1) * length)
        const block = blocks.at(-1)!
        const at = count % rowsOfBlock
        new Int8Array(memory.buffer, block.rows + at * stride, length).set(vector)
        new Float32Array(memory.buffer, block.factors + at * 4, 1)[0] = 1 / normOf(vector)
        places.set([enter(document), page, start, end], count * 4)
        count++
      }
    },

    nearest({ question, documents: visible, after, limit }) {
      if (question.length !== length || count === 0) return { best: [], nearest: [] }
      new Int8Array(memory.buffer, 0, length).set(question)
      const norm = normOf(question)
      if (bestScore.length < documents.length) {
        bestScore = new Float32Array(documents.length * 2)
        bestRow = new Int32Array(documents.length * 2)
      }
      bestScore.fill(0, 0, documents.length)
      const near = createBest<number>(nearestPassages)
      const ranges = wanted(visible)
      const seen: number[] = []
      for (let range = 0; range < ranges.length; range += 2) {
        const last = ranges[range + 1]!
        compare(ranges[range]!, last)
        for (let row = ranges[range]!; row < last; ) {
          const block = blocks[Math.floor(row / rowsOfBlock)]!
          const end = Math.min(last, row - (row % rowsOfBlock) + rowsOfBlock)
          const scores = new Float32Array(memory.buffer, block.scores, rowsOfBlock)
          for (; row < end; row++) {
            const score = scores[row % rowsOfBlock]!
            if (score <= 0) continue
            if (score > near.least()) near.add(score, row)
            const document = places[row * 4]!
            if (bestScore[document] === 0) seen.push(document)
            if (score > bestScore[document]!) {
              bestScore[document] = score
              bestRow[document] = row
            }
          }
        }
      }
      const first = createBest<Omit<NearPassage, 'pages'>>(limit, (a, b) => byNearness(a, b))
      for (const document of seen) {
        const score = bestScore[document]! / norm
        if (score < first.least()) continue
        const found = { document: documents[document]!, score }
        if (!isBeyond(found, after)) continue
        const [, page, start, end] = places.subarray(bestRow[document]! * 4, bestRow[document]! * 4 + 4)
        first.add(score, { ...found, page: page!, start: start!, end: end! })
      }
      return {
        best: first.sorted(),
        nearest: near.sorted().map((row) => ({
          document: documents[places[row * 4]!]!,
          page: places[row * 4 + 1]!,
          score: new Float32Array(memory.buffer, scoreOf(blocks, row), 1)[0]! / norm,
        })),
      }
    },
  }
}

function scoreOf(blocks: readonly Block[], row: number): number {
  return blocks[Math.floor(row / rowsOfBlock)]!.scores + (row % rowsOfBlock) * 4
}

/** Keeps the best of many: what is added is cut back to the best `size` now and then. */
function createBest<Item>(size: number, compare?: (a: Item, b: Item) => number) {
  let kept: { score: number; item: Item }[] = []
  let least = 0
  const order = (a: { score: number; item: Item }, b: { score: number; item: Item }) =>
    b.score - a.score || (compare?.(a.item, b.item) ?? 0)
  const cut = () => {
    kept = kept.sort(order).slice(0, size)
    if (kept.length === size) least = kept.at(-1)!.score
  }
  return {
    /** No score below it can be among the best. */
    least: () => least,
    add(score: number, item: Item) {
      kept.push({ score, item })
      if (kept.length >= size * 4) cut()
    },
    sorted() {
      cut()
      return kept.map(({ item }) => item)
    },
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}

function normOf(vector: Int8Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at++) sum += vector[at]! * vector[at]!
  return Math.sqrt(sum) || 1
}
