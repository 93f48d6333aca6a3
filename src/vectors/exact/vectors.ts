import { createScans, lane } from './scan.ts'
import {
  createSketcher,
  normOf,
  rowsOfGroup,
  type SketchedQuestion,
  type Sketcher,
  sketchBytes,
} from './sketches.ts'

/** Rows that are laid out together: their bytes, their factors, and room for their scores. */
const rowsOfBlock = 4096
const groupsOfBlock = rowsOfBlock / rowsOfGroup
/** So many rows, those with the highest bounds, are compared first; a few times as many as are wanted of them. */
const likelyRows = 600
/** Heights of bounds that are told apart to find those, and of how many rows one is looked at. */
const steps = 4096
const sampled = 16
/** Rows from anywhere that are compared together. */
const mostPicked = 32
/** Bytes by which WebAssembly's memory grows, and the most of it that there are: 4 GiB. */
const wasmPage = 65_536
const mostPages = 65_536

/**
 * Gives rows with their scores to `take`: all whose score is above nothing and may reach what `floor` says, which may rise
 * meanwhile; some below it too. A score is the cosine times the length of the question.
 */
export type Visit = (floor: () => number, take: (row: number, score: number) => void) => void

/** Vectors in a memory of their own, and what compares a question with them. */
export interface Vectors {
  count(): number
  /** Takes a vector in; returns its row, one higher than the last. */
  append(vector: Int8Array): number
  /** Makes a question the one that is compared until the next; returns its length. */
  ask(question: Int8Array): number
  /** Visits rows of some ranges, pairs `[first, last)`, each of them compared. */
  visitSome(ranges: readonly number[], ...how: Parameters<Visit>): void
  /** Visits all rows that are wanted, those of full blocks only if their sketches let them reach the floor. */
  visitAll(...how: [...Parameters<Visit>, wanted?: (row: number) => boolean]): void
}

interface Block {
  readonly rows: number
  readonly factors: number
  readonly scores: number
  /** Once the block is full. */
  codes?: number
}

/** Makes an empty store for vectors of a length. */
export async function createVectors(length: number): Promise<Vectors> {
  const stride = Math.ceil(length / lane) * lane
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages })
  const { scan, pick, sketch } = await createScans(memory)
  const blocks: Block[] = []
  let used = 0
  let count = 0
  let sketcher: Sketcher | undefined
  let asked: { norm: number; sketched: SketchedQuestion | undefined; bounded: boolean } | undefined
  let floats = new Float32Array(memory.buffer)
  let integers = new Int32Array(memory.buffer)
  const questionAt = room(stride * 2)
  let tablesAt = 0
  const picksAt = room(mostPicked * 8)
  const pickedAt = room(mostPicked * 4)

  function room(bytes: number): number {
    const at = used
    used += Math.ceil(bytes / lane) * lane
    const missing = used - memory.buffer.byteLength
    if (missing > 0) {
      memory.grow(Math.ceil(missing / wasmPage))
      floats = new Float32Array(memory.buffer)
      integers = new Int32Array(memory.buffer)
    }
    return at
  }

  /** Makes the sketches of a block that is full. Vectors of the first one decide the centre of all. */
  function sketchBlock(block: Block): void {
    const rows = () => new Int8Array(memory.buffer, block.rows, rowsOfBlock * stride)
    if (sketcher === undefined) {
      sketcher = createSketcher(centreOf(rows(), stride, length))
      tablesAt = room(sketcher.tableBytes)
    }
    const { bytes, write } = sketcher
    const codes = room(sketchBytes(groupsOfBlock, bytes))
    for (let group = 0; group < groupsOfBlock; group++)
      write(
        rows().subarray(group * rowsOfGroup * stride),
        stride,
        new Uint8Array(memory.buffer, codes + group * rowsOfGroup * bytes, rowsOfGroup * bytes),
        new Float32Array(memory.buffer, termsOf(codes, bytes) + group * rowsOfGroup * 12, rowsOfGroup * 3),
      )
    block.codes = codes
  }

  function compare(first: number, last: number, ...[floor, take]: Parameters<Visit>): void {
    for (let row = first; row < last; ) {
      const block = blocks[Math.floor(row / rowsOfBlock)]!
      const at = row % rowsOfBlock
      const rows = Math.min(last - row, rowsOfBlock - at)
      scan(questionAt, block.rows + at * stride, stride, block.factors + at * 4, block.scores + at * 4, rows)
      const scores = block.scores / 4 + at
      for (let place = 0; place < rows; place++) {
        const score = floats[scores + place]!
        if (score > 0 && score >= floor()) take(row + place, score)
      }
      row += rows
    }
  }

  /** Compares rows that are given one by one, some at a time; what `end` leaves over is nothing. */
  function picker(...[floor, take]: Parameters<Visit>) {
    const rows: number[] = []
    const end = () => {
      if (rows.length === 0) return
      pick(questionAt, picksAt, stride, pickedAt, rows.length)
      for (const [place, row] of rows.entries()) {
        const score = floats[pickedAt / 4 + place]!
        if (score > 0 && score >= floor()) take(row, score)
      }
      rows.length = 0
    }
    const add = (row: number) => {
      const block = blocks[Math.floor(row / rowsOfBlock)]!
      const at = row % rowsOfBlock
      const addresses = picksAt / 4 + rows.length * 2
      integers[addresses] = block.rows + at * stride
      integers[addresses + 1] = block.factors + at * 4
      if (rows.push(row) === mostPicked) end()
    }
    return { add, end }
  }

  /** Writes the upper bounds of the question that is asked where scores are written. */
  function findBounds({ scale, shift, norm, spread }: SketchedQuestion): void {
    const { bytes } = sketcher!
    for (const { codes, scores } of blocks) {
      if (codes === undefined) continue
      const terms = termsOf(codes, bytes)
      sketch(tablesAt, codes, bytes, terms, scores, groupsOfBlock, scale, shift, norm, spread)
    }
  }

  /** Gives rows to `take` whose bounds are from `least`, which may rise, up to and not including `below`. */
  function eachBound(least: () => number, below: number, take: (row: number) => void): void {
    const { offset } = asked!.sketched!
    const to = below - offset
    let from = least() - offset
    for (const [number, { codes, scores }] of blocks.entries()) {
      if (codes === undefined) continue
      for (let at = 0; at < rowsOfBlock; at++) {
        const bound = floats[scores / 4 + at]!
        if (bound < from || bound >= to) continue
        take(number * rowsOfBlock + at)
        from = least() - offset
      }
    }
  }

  /** A height that the bounds of about {@link likelyRows} wanted rows reach, by a sample of them. */
  function likelyHeight(wanted: (row: number) => boolean): number {
    const { norm, sketched } = asked!
    const width = (norm * 2) / steps
    const counts = new Int32Array(steps)
    for (const [number, { codes, scores }] of blocks.entries()) {
      if (codes === undefined) continue
      for (let at = 0; at < rowsOfBlock; at += sampled) {
        const bound = floats[scores / 4 + at]! + sketched!.offset
        if (bound > 0 && wanted(number * rowsOfBlock + at))
          counts[Math.min(steps - 1, Math.floor(bound / width))]!++
      }
    }
    let step = steps
    for (let rows = 0; rows < likelyRows && step > 0; ) rows += counts[--step]! * sampled
    return step * width
  }

  return {
    count: () => count,

    append(vector) {
      if (count % rowsOfBlock === 0) {
        const rows = room(rowsOfBlock * stride)
        blocks.push({ rows, factors: room(rowsOfBlock * 4), scores: room(rowsOfBlock * 4) })
      }
      const block = blocks.at(-1)!
      const at = count % rowsOfBlock
      new Int8Array(memory.buffer, block.rows + at * stride, length).set(vector)
      floats[block.factors / 4 + at] = 1 / normOf(vector)
      if (at === rowsOfBlock - 1) sketchBlock(block)
      return count++
    },

    ask(question) {
      new Int16Array(memory.buffer, questionAt, length).set(question)
      const norm = normOf(question)
      const tables = sketcher && new Uint8Array(memory.buffer, tablesAt, sketcher.tableBytes)
      asked = { norm, sketched: tables && sketcher!.ask(question, norm, tables), bounded: false }
      return norm
    },

    visitSome(ranges, floor, take) {
      for (let range = 0; range < ranges.length; range += 2)
        compare(ranges[range]!, ranges[range + 1]!, floor, take)
    },

    visitAll(floor, take, wanted = () => true) {
      const takeWanted = (row: number, score: number) => wanted(row) && take(row, score)
      const rough = asked?.sketched
      if (rough === undefined) return compare(0, count, floor, takeWanted)
      if (!asked!.bounded) findBounds(rough)
      asked!.bounded = true
      compare(count - (count % rowsOfBlock), count, floor, takeWanted)
      const { add, end } = picker(floor, take)
      // Those with the highest bounds first, since after them the floor is nearly as high as it will be.
      const height = Math.max(floor(), likelyHeight(wanted))
      const addWanted = (row: number) => wanted(row) && add(row)
      eachBound(() => height, Infinity, addWanted)
      end()
      // Where fewer documents have a passage than are asked for, nothing can be left out, and rows are read faster in a row.
      if (floor() <= 0) {
        asked!.bounded = false
        return compare(0, count, floor, takeWanted)
      }
      eachBound(floor, height, addWanted)
      end()
    },
  }
}

const termsOf = (codes: number, bytes: number) => codes + groupsOfBlock * rowsOfGroup * bytes

/** The mean of a block's vectors, each of length 1. */
function centreOf(rows: Int8Array, stride: number, length: number): Float64Array {
  const centre = new Float64Array(length)
  for (let row = 0; row < rowsOfBlock; row++) {
    const vector = rows.subarray(row * stride, row * stride + length)
    const share = 1 / (normOf(vector) * rowsOfBlock)
    for (let at = 0; at < length; at++) centre[at]! += vector[at]! * share
  }
  return centre
}
