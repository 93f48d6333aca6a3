/** One labelled sequence: for each position the names of its features, and the index of its label. */
export interface Sequence {
  features: string[][]
  labels: number[]
}

/** A linear-chain conditional random field: weights of feature × label, and of label × next label. */
export interface ChainModel {
  labels: number
  weights: Map<string, Float64Array>
  transitions: Float64Array
}

export interface ChainTraining {
  labels: number
  epochs: number
  /** Strength of the quadratic penalty, per sequence. */
  penalty: number
  rate: number
  /** A feature seen in fewer positions is not learnt. */
  leastSeen: number
  seed: number
}

/** A small linear congruential generator: the order of training is the same in every run. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Fits by AdaGrad on the exact gradient of the conditional likelihood (Lafferty, McCallum & Pereira 2001). */
export function fitChain(sequences: readonly Sequence[], options: ChainTraining): ChainModel {
  const { labels, epochs, penalty, rate, leastSeen, seed } = options
  const seen = new Map<string, number>()
  for (const { features } of sequences)
    for (const position of features) for (const name of position) seen.set(name, (seen.get(name) ?? 0) + 1)
  const model: ChainModel = { labels, weights: new Map(), transitions: new Float64Array(labels * labels) }
  const squares = new Map<string, Float64Array>()
  for (const [name, count] of seen) {
    if (count < leastSeen) continue
    model.weights.set(name, new Float64Array(labels))
    squares.set(name, new Float64Array(labels).fill(1e-6))
  }
  const transitionSquares = new Float64Array(labels * labels).fill(1e-6)
  const random = generator(seed)
  const order = sequences.map((_, index) => index)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let index = order.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1))
      ;[order[index], order[other]] = [order[other]!, order[index]!]
    }
    for (const index of order) {
      const sequence = sequences[index]!
      const { node, edge } = marginals(model, sequence.features)
      for (const [position, names] of sequence.features.entries()) {
        const gold = sequence.labels[position]!
        for (const name of names) {
          const weight = model.weights.get(name)
          if (!weight) continue
          const square = squares.get(name)!
          for (let label = 0; label < labels; label++) {
            const gradient =
              node[position * labels + label]! - (label === gold ? 1 : 0) + penalty * weight[label]!
            square[label]! += gradient * gradient
            weight[label]! -= (rate * gradient) / Math.sqrt(square[label]!)
          }
        }
      }
      for (let pair = 0; pair < labels * labels; pair++) {
        let gradient = edge[pair]! + penalty * model.transitions[pair]!
        for (let position = 1; position < sequence.labels.length; position++) {
          if (sequence.labels[position - 1]! * labels + sequence.labels[position]! === pair) gradient -= 1
        }
        transitionSquares[pair]! += gradient * gradient
        model.transitions[pair]! -= (rate * gradient) / Math.sqrt(transitionSquares[pair]!)
      }
    }
  }
  return model
}

/** Scores of every label at every position, before transitions. */
export function emissions(model: ChainModel, features: readonly string[][]): Float64Array[] {
  return features.map((names) => {
    const score = new Float64Array(model.labels)
    for (const name of names) {
      const weight = model.weights.get(name)
      if (weight) for (let label = 0; label < model.labels; label++) score[label]! += weight[label]!
    }
    return score
  })
}

function marginals(
  model: ChainModel,
  features: readonly string[][],
): { node: Float64Array; edge: Float64Array } {
  const { labels, transitions } = model
  const score = emissions(model, features)
  const length = score.length
  const forward = score.map(() => new Float64Array(labels))
  const backward = score.map(() => new Float64Array(labels))
  forward[0]!.set(score[0]!)
  for (let position = 1; position < length; position++)
    for (let label = 0; label < labels; label++)
      forward[position]![label] =
        score[position]![label]! +
        logSum(labels, (before) => forward[position - 1]![before]! + transitions[before * labels + label]!)
  for (let position = length - 2; position >= 0; position--)
    for (let label = 0; label < labels; label++)
      backward[position]![label] = logSum(
        labels,
        (next) =>
          transitions[label * labels + next]! + score[position + 1]![next]! + backward[position + 1]![next]!,
      )
  const total = logSum(labels, (label) => forward[length - 1]![label]!)
  const node = new Float64Array(length * labels)
  const edge = new Float64Array(labels * labels)
  for (let position = 0; position < length; position++)
    for (let label = 0; label < labels; label++) {
      node[position * labels + label] = Math.exp(
        forward[position]![label]! + backward[position]![label]! - total,
      )
      if (position > 0)
        for (let before = 0; before < labels; before++)
          edge[before * labels + label]! += Math.exp(
            forward[position - 1]![before]! +
              transitions[before * labels + label]! +
              score[position]![label]! +
              backward[position]![label]! -
              total,
          )
    }
  return { node, edge }
}

function logSum(count: number, at: (index: number) => number): number {
  let most = Number.NEGATIVE_INFINITY
  for (let index = 0; index < count; index++) most = Math.max(most, at(index))
  let sum = 0
  for (let index = 0; index < count; index++) sum += Math.exp(at(index) - most)
  return most + Math.log(sum)
}
