import type { SparseMatrix } from './features.ts'
import { createRandom } from './random.ts'

/** A row that teaches, and how much an error on it costs. */
export interface TrainingExample {
  row: number
  positive: boolean
  /** C of this example; above 0. */
  cost: number
}

/** A line between two classes: a row's margin is `weights · row + bias`. */
export interface LinearModel {
  weights: Float64Array
  bias: number
}

const mostRounds = 20
/** Training ends when no example's multiplier moves by more than this within a round. */
const tolerance = 1e-4

/**
 * L2-regularised linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008,
 * "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML, algorithm 1). The bias is learned as the weight
 * of a constant 1. Examples are visited in an order shuffled from `seed`, so the same input gives the same model.
 */
export function trainLinearSvm(
  matrix: SparseMatrix,
  examples: readonly TrainingExample[],
  { seed = 1 }: { seed?: number } = {},
): LinearModel {
  const model: LinearModel = { weights: new Float64Array(matrix.columnCount), bias: 0 }
  const multipliers = new Float64Array(examples.length)
  const curvatures = Float64Array.from(
    examples,
    ({ row, cost }) => 1 + squaredLength(matrix, row) + 1 / (2 * cost),
  )
  const order = Int32Array.from(examples.keys())
  const random = createRandom(seed)
  for (let round = 0; round < mostRounds; round++) {
    shuffle(order, random)
    let largestStep = 0
    for (const number of order) {
      const { row, positive, cost } = examples[number]!
      const sign = positive ? 1 : -1
      const before = multipliers[number]!
      const gradient = sign * marginOf(model, matrix, row) - 1 + before / (2 * cost)
      const after = Math.max(before - gradient / curvatures[number]!, 0)
      const step = after - before
      if (step === 0) continue
      multipliers[number] = after
      addRow(model, matrix, row, sign * step)
      largestStep = Math.max(largestStep, Math.abs(step))
    }
    if (largestStep < tolerance) break
  }
  return model
}

/** Signed distance (in units of the margin) of a row from the line; positive on the included side. */
export function marginOf(model: LinearModel, matrix: SparseMatrix, row: number): number {
  let margin = model.bias
  for (let entry = matrix.starts[row]!; entry < matrix.starts[row + 1]!; entry++) {
    margin += model.weights[matrix.columns[entry]!]! * matrix.values[entry]!
  }
  return margin
}

function addRow(model: LinearModel, matrix: SparseMatrix, row: number, factor: number): void {
  model.bias += factor
  for (let entry = matrix.starts[row]!; entry < matrix.starts[row + 1]!; entry++) {
    model.weights[matrix.columns[entry]!]! += factor * matrix.values[entry]!
  }
}

function squaredLength(matrix: SparseMatrix, row: number): number {
  let squares = 0
  for (let entry = matrix.starts[row]!; entry < matrix.starts[row + 1]!; entry++) {
    squares += matrix.values[entry]! ** 2
  }
  return squares
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const held = order[last]!
    order[last] = order[other]!
    order[other] = held
  }
}
