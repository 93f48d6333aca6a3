import type { Sql } from '../../store/database.ts'
import { newPassagesOfVectors, type PassageVector, passagesOfNewVectors } from '../../store/embeddings.ts'
import { type Nearness, type NearPassage, nearestPassages, type VectorIndex } from '../vector-index.ts'

/** Vectors read from the database at once. */
const batch = 1000
/**
 * Numbers are given before a transaction commits, so one may appear after a higher one. So many of the last are looked at
 * again, which is what several processes embed at a time.
 */
const lookBack = 256

/** All vectors of one model, row by row; grows. */
interface Matrix {
  readonly passages: Omit<PassageVector, 'vector'>[]
  readonly known: Set<number>
  lengths: number
  components: Int8Array
  norms: Float32Array
  newestPassage: number
  newestEmbedding: number
}

/**
 * Compares a question with every vector, which are kept in this process, one byte for each component: 90 MB for 60,000
 * passages of 1,536. New ones are read before each search.
 */
export function createExactIndex(sql: Sql): VectorIndex {
  const matrices = new Map<string, Matrix>()
  const loading = new Map<string, Promise<void>>()

  /** One reads at a time; who comes meanwhile reads after, lest it miss what was embedded since. */
  async function load(model: string, matrix: Matrix): Promise<void> {
    const before = loading.get(model) ?? Promise.resolve()
    const now = before.catch(() => undefined).then(() => readNew(sql, model, matrix))
    loading.set(model, now)
    await now
  }

  return {
    async nearest(asked) {
      const matrix = matrices.get(asked.model) ?? emptyMatrix()
      matrices.set(asked.model, matrix)
      await load(asked.model, matrix)
      return bestOfEach(matrix, asked)
    },
  }
}

function emptyMatrix(): Matrix {
  return {
    passages: [],
    known: new Set(),
    lengths: 0,
    components: new Int8Array(),
    norms: new Float32Array(),
    newestPassage: 0,
    newestEmbedding: 0,
  }
}

async function readNew(sql: Sql, model: string, matrix: Matrix): Promise<void> {
  for (let after = matrix.newestEmbedding - lookBack; ; ) {
    const rows = await passagesOfNewVectors(sql, model, after, batch)
    append(matrix, rows)
    if (rows.length < batch) break
    after = rows.at(-1)!.embedding
  }
  for (let passage = matrix.newestPassage - lookBack; ; ) {
    const place = { passage, embedding: matrix.newestEmbedding }
    const rows = await newPassagesOfVectors(sql, model, place, batch)
    append(matrix, rows)
    if (rows.length < batch) break
    passage = rows.at(-1)!.passage
  }
}

function append(matrix: Matrix, rows: readonly PassageVector[]): void {
  for (const { vector, ...passage } of rows) {
    matrix.newestEmbedding = Math.max(matrix.newestEmbedding, passage.embedding)
    matrix.newestPassage = Math.max(matrix.newestPassage, passage.passage)
    if (matrix.lengths === 0) matrix.lengths = vector.length
    // A server that has changed its model under the same name gives vectors that cannot be compared with the old ones.
    if (matrix.known.has(passage.passage) || vector.length !== matrix.lengths) continue
    matrix.known.add(passage.passage)
    const row = matrix.passages.push(passage) - 1
    if (row >= matrix.norms.length) grow(matrix, Math.max(1024, 2 * row))
    const components = new Int8Array(vector.buffer, vector.byteOffset, vector.length)
    matrix.components.set(components, row * matrix.lengths)
    matrix.norms[row] = normOf(components)
  }
}

function grow(matrix: Matrix, rows: number): void {
  const components = new Int8Array(rows * matrix.lengths)
  components.set(matrix.components)
  const norms = new Float32Array(rows)
  norms.set(matrix.norms)
  Object.assign(matrix, { components, norms })
}

function normOf(vector: Int8Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at++) sum += vector[at]! * vector[at]!
  return Math.sqrt(sum) || 1
}

function bestOfEach(matrix: Matrix, { question, documents, after, limit }: Nearness): NearPassage[] {
  if (question.length !== matrix.lengths) return []
  const scores = cosines(matrix, question, documents)
  const order = [...scores.keys()].sort((a, b) => scores.get(b)! - scores.get(a)!)
  const best = new Map<string, NearPassage & { on: Set<number> }>()
  for (const [place, row] of order.entries()) {
    const { document, page, start, end } = matrix.passages[row]!
    const known = best.get(document)
    if (known && place < nearestPassages) known.on.add(page)
    if (!known)
      best.set(document, {
        document,
        page,
        start,
        end,
        score: scores.get(row)!,
        pages: 1,
        on: new Set([page]),
      })
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || (a.document < b.document ? -1 : 1))
    .filter(
      ({ score, document }) =>
        after === undefined || score < after.score || (score === after.score && document > after.document),
    )
    .slice(0, limit)
    .map(({ on, ...passage }) => ({ ...passage, pages: on.size }))
}

function cosines(
  { passages, components, norms, lengths }: Matrix,
  question: Int8Array,
  documents: ReadonlySet<string> | undefined,
): Map<number, number> {
  const norm = normOf(question)
  const scores = new Map<number, number>()
  for (let row = 0; row < passages.length; row++) {
    if (documents && !documents.has(passages[row]!.document)) continue
    let sum = 0
    const from = row * lengths
    for (let at = 0; at < lengths; at++) sum += components[from + at]! * question[at]!
    const cosine = sum / (norm * norms[row]!)
    if (cosine > 0) scores.set(row, cosine)
  }
  return scores
}
