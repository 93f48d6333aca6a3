import { generator } from './chain-model.ts'

/** One list to be ranked: the features of each candidate, and which are gold. */
export interface RankedList {
  features: readonly ArrayLike<number>[]
  gold: ReadonlySet<number>
}

export interface PairwiseTraining {
  epochs: number
  rate: number
  penalty: number
  seed: number
}

/**
 * Weights under which gold candidates score above the others of their list: the listwise softmax loss (ListNet top one,
 * Cao et al. 2007) with a quadratic penalty, by AdaGrad.
 */
export function fitRanker(
  lists: readonly RankedList[],
  { epochs, rate, penalty, seed }: PairwiseTraining,
): number[] {
  const width = lists[0]!.features[0]!.length
  const weights = new Array<number>(width).fill(0)
  const squares = new Array<number>(width).fill(1e-4)
  const random = generator(seed)
  const order = lists.map((_, index) => index)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let index = order.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1))
      ;[order[index], order[other]] = [order[other]!, order[index]!]
    }
    for (const index of order) {
      const { features, gold } = lists[index]!
      const share = softmax(
        features.map((row) => score(weights, row)),
        () => true,
      )
      const wanted = softmax(
        features.map((row) => score(weights, row)),
        (candidate) => gold.has(candidate),
      )
      const gradient = weights.map((weight) => penalty * weight)
      for (const [candidate, row] of features.entries()) {
        const pull = share[candidate]! - wanted[candidate]!
        if (pull !== 0) for (let at = 0; at < width; at++) gradient[at]! += pull * row[at]!
      }
      for (let at = 0; at < width; at++) {
        squares[at]! += gradient[at]! ** 2
        weights[at]! -= (rate * gradient[at]!) / Math.sqrt(squares[at]!)
      }
    }
  }
  return weights
}

function softmax(scores: readonly number[], counts: (index: number) => boolean): number[] {
  const most = Math.max(...scores)
  const raised = scores.map((value, index) => (counts(index) ? Math.exp(value - most) : 0))
  const total = raised.reduce((sum, value) => sum + value, 0)
  return raised.map((value) => value / total)
}

/** The linear score of one candidate. */
export function score(weights: readonly number[], features: ArrayLike<number>): number {
  return weights.reduce((sum, weight, at) => sum + weight * features[at]!, 0)
}
