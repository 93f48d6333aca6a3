import type { Label } from '../../contract/screening.ts'
import { SheafError } from '../../errors.ts'
import { createTextFeatures } from './features.ts'
import { marginOf, type TrainingExample, trainLinearSvm } from './linear-svm.ts'
import { fitSigmoid } from './sigmoid.ts'

/** A paper as the classifier sees it. */
export interface ScreenedPaper {
  id: string
  title: string
  abstract?: string | undefined
  keywords?: readonly string[] | undefined
}

/** A judgement that teaches; a `maybe` teaches nothing. */
export type TeachingLabel = Pick<Label, 'paperId' | 'label'>

/** A term that moved a paper's score, and by how much: above 0 towards inclusion. */
export interface Contribution {
  term: string
  weight: number
}

/** A classifier that has learned from labels. */
export interface TrainedScreener {
  /**
   * All papers, likeliest first. `margin` orders them; `score` (0 to 1) is the estimated probability of inclusion among
   * papers such as were labelled, 0.5 being the border. Scores compare within one session only.
   */
  ranking(): { paperId: string; margin: number; score: number }[]
  /** The papers without a label that a person should judge next: the likeliest, best first. */
  next(count: number): string[]
  /** The terms that moved this paper's score most, largest first, and never more than `count`. */
  explain(paperId: string, count: number): Contribution[]
}

/** A classifier over a fixed list of papers. */
export interface Screener {
  /**
   * Learns from all labels so far, those of the question alone when there are none. The last label of a paper counts.
   * Throws `invalid_input` for a label of a paper that is not in the list.
   */
  train(labels: readonly TeachingLabel[]): TrainedScreener
}

/** C of the support vector machine for an example of average weight. */
const cost = 0.3
/** Total weight of what is included over that of what is not. */
const classRatio = 30
/** The question counts as one included paper, so its say shrinks as included papers come in. */
const questionWeight = 1
/** All papers without a label together weigh as much as this many excluded ones: most of them will be. */
const unlabelledWeight = 100
/** Parts into which labelled papers are split to learn what a margin means. */
const folds = 5

/**
 * Makes a classifier that is taught by labels: a linear support vector machine on the words of title, abstract
 * and keywords, with the question as an included example, and the papers without a label as weak excluded ones
 * (the presumption of Cormack & Grossman 2015, "Autonomy and Reliability of Continuous Active Learning", arXiv:1504.06868).
 * The result depends neither on the order of the papers nor of labels of different papers.
 */
export function createScreener(review: { question: string; papers: readonly ScreenedPaper[] }): Screener {
  const papers = review.papers.toSorted((left, right) =>
    left.id < right.id ? -1 : left.id > right.id ? 1 : 0,
  )
  const rowOf = new Map(papers.map(({ id }, row) => [id, row]))
  if (rowOf.size !== papers.length) throw new SheafError('invalid_input', 'Two papers to screen share an id.')
  const questionRow = papers.length
  const { matrix, termOf } = createTextFeatures([
    ...papers.map(({ title, abstract, keywords }) => [title, abstract ?? '', ...(keywords ?? [])]),
    [review.question],
  ])

  const learn = (labelled: ReadonlyMap<number, boolean>) => {
    const model = trainLinearSvm(matrix, examplesOf(labelled, papers.length, questionRow))
    return { model, margins: Float64Array.from(papers.keys(), (row) => marginOf(model, matrix, row)) }
  }

  return {
    train(labels) {
      const labelled = readLabels(labels, rowOf)
      const { model, margins } = learn(labelled)
      const order = [...papers.keys()].sort((left, right) => margins[right]! - margins[left]! || left - right)
      return {
        ranking() {
          const probability = fitSigmoid(unseenMargins(labelled, learn))
          return order.map((row) => {
            const margin = margins[row]!
            return { paperId: papers[row]!.id, margin, score: probability(margin) }
          })
        },
        next(count) {
          const unlabelled = order.filter((row) => !labelled.has(row))
          return unlabelled.slice(0, count).map((row) => papers[row]!.id)
        },
        explain(paperId, count) {
          const row = knownRow(paperId, rowOf)
          const contributions: Contribution[] = []
          for (let entry = matrix.starts[row]!; entry < matrix.starts[row + 1]!; entry++) {
            const column = matrix.columns[entry]!
            const weight = model.weights[column]! * matrix.values[entry]!
            if (weight !== 0) contributions.push({ term: termOf(column), weight })
          }
          return contributions
            .sort(
              (left, right) =>
                Math.abs(right.weight) - Math.abs(left.weight) || (left.term < right.term ? -1 : 1),
            )
            .slice(0, count)
        },
      }
    },
  }
}

function knownRow(paperId: string, rowOf: ReadonlyMap<string, number>): number {
  const row = rowOf.get(paperId)
  if (row === undefined) {
    throw new SheafError('invalid_input', `There is no paper "${paperId}" among those to screen.`, {
      advice: 'Label papers by the ids that the session lists.',
    })
  }
  return row
}

function readLabels(
  labels: readonly TeachingLabel[],
  rowOf: ReadonlyMap<string, number>,
): Map<number, boolean> {
  const labelled = new Map<number, boolean>()
  for (const { paperId, label } of labels) {
    const row = knownRow(paperId, rowOf)
    if (label === 'maybe') labelled.delete(row)
    else labelled.set(row, label === 'include')
  }
  return labelled
}

/** Examples whose costs keep the classes' balance and average {@link cost} over question and labels. */
function examplesOf(
  labelled: ReadonlyMap<number, boolean>,
  paperCount: number,
  questionRow: number,
): TrainingExample[] {
  const included = [...labelled.values()].filter(Boolean).length + questionWeight
  const excluded = labelled.size - (included - questionWeight)
  const unlabelled = paperCount - labelled.size
  const excludedWeight = included / (classRatio * (excluded + (unlabelled > 0 ? unlabelledWeight : 0)))
  const scale = (cost * (included + excluded)) / (included * (1 + 1 / classRatio))
  const examples: TrainingExample[] = [{ row: questionRow, positive: true, cost: questionWeight * scale }]
  for (let row = 0; row < paperCount; row++) {
    const positive = labelled.get(row)
    if (positive === true) examples.push({ row, positive, cost: scale })
    else if (positive === false) examples.push({ row, positive, cost: excludedWeight * scale })
    else {
      const weight = (excludedWeight * unlabelledWeight) / unlabelled
      examples.push({ row, positive: false, cost: weight * scale })
    }
  }
  return examples
}

/** The margin of each labelled paper from a model that did not see its label. */
function unseenMargins(
  labelled: ReadonlyMap<number, boolean>,
  learn: (labelled: ReadonlyMap<number, boolean>) => { margins: Float64Array },
): { margin: number; positive: boolean }[] {
  const inRowOrder = [...labelled].sort(([left], [right]) => left - right)
  const classes = [true, false].map((label) => inRowOrder.filter(([, positive]) => positive === label))
  const results: { margin: number; positive: boolean }[] = []
  for (let fold = 0; fold < folds; fold++) {
    const held = classes.flatMap((members) => members.filter((_, number) => number % folds === fold))
    if (held.length === 0) continue
    const rest = new Map(labelled)
    for (const [row] of held) rest.delete(row)
    const { margins } = learn(rest)
    for (const [row, positive] of held) results.push({ margin: margins[row]!, positive })
  }
  return results
}
