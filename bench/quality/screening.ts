import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { createIndex } from '../../src/methods/ranking/ranking.ts'
import { createRandom } from '../../src/methods/screening/random.ts'
import type { ScreenedPaper } from '../../src/methods/screening/screener.ts'
import { createScreener, type TeachingLabel } from '../../src/methods/screening/screener.ts'
import { adviseStopping } from '../../src/methods/screening/stopping.ts'
import { readJsonLines } from './json-lines.ts'
import type { Measure } from './measure.ts'
import { averagePrecision, mean, workSaved } from './metrics.ts'

/** A review whose papers were all judged by its authors. */
export interface LabelledReview {
  set: string
  question: string
  papers: ScreenedPaper[]
  included: ReadonlySet<string>
}

const reviewList = z.array(z.object({ set: z.string(), question: z.string() }))
const labelledPaper = z.object({
  title: z.string(),
  abstract: z.string(),
  label: z.union([z.literal(0), z.literal(1)]),
})

/** Reads the labelled reviews, or those named. Only the question is taken of what is known of a review. */
export function readReviews(labelledSets: string, sets?: readonly string[]): LabelledReview[] {
  const folder = resolve(labelledSets, 'screening')
  const reviews = reviewList.parse(JSON.parse(readFileSync(resolve(folder, 'reviews_dev.json'), 'utf8')))
  return reviews
    .filter(({ set }) => sets?.includes(set) ?? true)
    .map(({ set, question }) => {
      const records = readJsonLines(resolve(folder, `${set}.jsonl`), labelledPaper)
      // Some sets give one id to several records, so a record is known by its line.
      const papers = records.map(({ title, abstract }, line) => ({ id: String(line), title, abstract }))
      const included = new Set(papers.filter((_, line) => records[line]?.label === 1).map(({ id }) => id))
      return { set, question, papers, included }
    })
}

/**
 * Screens a review as a person would who judges as its authors did, starting from `seed` labels or the question alone,
 * and learning anew after every 5 to 20 labels. Ends once every included paper was seen; what is left follows in its
 * last order. Returns whether each paper was included, in the order in which they were judged.
 */
export function simulateScreening(review: LabelledReview, seed: readonly TeachingLabel[] = []): boolean[] {
  const screener = createScreener(review)
  const labels = [...seed]
  const judged = (id: string) => review.included.has(id)
  let found = labels.filter(({ label }) => label === 'include').length
  while (found < review.included.size) {
    const batch = Math.min(20, Math.max(5, Math.floor(labels.length / 10)))
    for (const paperId of screener.train(labels).next(batch)) {
      labels.push({ paperId, label: judged(paperId) ? 'include' : 'exclude' })
      if (judged(paperId)) found += 1
    }
  }
  const order = labels.map(({ paperId }) => judged(paperId))
  return [...order, ...Array<boolean>(review.papers.length - order.length).fill(false)]
}

/** Labels for some papers drawn at random from each class, fewer where the review has fewer. */
export function drawLabels(
  review: LabelledReview,
  included: number,
  excluded: number,
  seed: number,
): TeachingLabel[] {
  const random = createRandom(seed)
  const draw = (label: 'include' | 'exclude', count: number) => {
    const ids = review.papers
      .map(({ id }) => id)
      .filter((id) => review.included.has(id) === (label === 'include'))
    for (let last = ids.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1))
      const held = ids[last]!
      ids[last] = ids[other]!
      ids[other] = held
    }
    return ids.slice(0, count).map((paperId) => ({ paperId, label }))
  }
  return [...draw('include', included), ...draw('exclude', excluded)]
}

/** Average precision over the papers that were not examples, with 5 included and 20 excluded ones; mean over the draws. */
export function precisionWithExamples(review: LabelledReview, draws: number): number {
  const screener = createScreener(review)
  return mean(
    Array.from({ length: draws }, (_, draw) => {
      const labels = drawLabels(review, 5, 20, draw + 1)
      const examples = new Set(labels.map(({ paperId }) => paperId))
      const ranked = screener.train(labels).next(review.papers.length)
      return averagePrecision(ranked, new Set([...review.included].filter((id) => !examples.has(id))))
    }),
  )
}

/** Average precision of ranking by the question alone, before any label. */
export function precisionWithoutLabels({ question, papers, included }: LabelledReview): number {
  const index = createIndex(papers.map(({ id, title, abstract }) => ({ id, title, body: abstract ?? '' })))
  return averagePrecision(
    index.rank(question).map(({ id }) => id),
    included,
  )
}

/** What the stopping rule did in one simulated review. */
export interface StoppingOutcome {
  /** Share of the included papers that had been seen when it said stop; 1 when it never did. */
  recall: number
  /** Share of all papers that need not be read any more. */
  saved: number
  /** Share of the moments, one after every 25 papers, at which no more were unseen than it allowed for. */
  covered: number
}

/** Asks the stopping rule after every 25 judgements of a review that was screened in this order. */
export function followStopping(order: readonly boolean[]): StoppingOutcome {
  const relevant = order.filter(Boolean).length
  const outcomes: boolean[] = []
  let stopped: number | undefined
  for (let read = 25; read <= order.length; read += 25) {
    const judgements = order.slice(0, read)
    const advice = adviseStopping({ judgements, total: order.length })
    const seen = judgements.filter(Boolean).length
    outcomes.push(relevant - seen <= advice.unseenAtMost)
    if (advice.stop) {
      stopped = read
      break
    }
  }
  const read = stopped ?? order.length
  const seen = order.slice(0, read).filter(Boolean).length
  return {
    recall: seen / relevant,
    saved: 1 - read / order.length,
    covered: mean(outcomes.map((covered) => (covered ? 1 : 0))),
  }
}

const publishedSavings = [
  { set: 'nudging', published: 'Naive Bayes 71.7, SVM 66.2 (Ferdinands et al. 2020, ASReview)' },
  { set: 'cohen_ace_inhibitors', published: 'Naive Bayes 82.9, SVM 75.8 (Ferdinands et al. 2020, ASReview)' },
  { set: 'wilson_disease', published: 'Naive Bayes 83.4, SVM 79.9 (Ferdinands et al. 2020, ASReview)' },
]
const draws = 5

/** How much reading the taught classifier saves, how it does with few examples, and whether its stopping rule holds. */
export async function measureScreening(labelledSets: string): Promise<Measure[]> {
  const task = 'screening'
  const reviews = readReviews(labelledSets)
  const orders = reviews.map((review) => ({ set: review.set, order: simulateScreening(review) }))
  const savings = publishedSavings.map(({ set, published }) => {
    const order = orders.find((simulated) => simulated.set === set)?.order ?? []
    return {
      task,
      set: `${set}, ${order.length} papers`,
      metric: 'WSS@95',
      value: workSaved(order),
      published,
    }
  })
  const savedByAll = mean(orders.map(({ order }) => workSaved(order)))
  const precision = mean(reviews.map((review) => precisionWithExamples(review, draws)))
  const stopping = orders.map(({ order }) => followStopping(order))
  const few = `${reviews.length} reviews, 5 included and 20 excluded examples, ${draws} draws`
  const all = `${reviews.length} reviews, question as the only seed`
  return [
    ...savings,
    {
      task,
      set: 'mean of these three',
      metric: 'WSS@95',
      value: mean(savings.map(({ value }) => value)),
      atLeast: 76,
      excellent: 80,
      published: 'Naive Bayes 79.3, SVM 74.0 (Ferdinands et al. 2020, ASReview)',
    },
    { task, set: all, metric: 'WSS@95', value: savedByAll },
    {
      task,
      set: `${reviews.length} reviews, question alone`,
      metric: 'average precision',
      value: mean(reviews.map(precisionWithoutLabels)),
    },
    { task, set: few, metric: 'average precision', value: precision, atLeast: 0.33, excellent: 0.4 },
    {
      task,
      set: all,
      metric: 'share stopped at recall ≥ 0.95',
      value: mean(stopping.map(({ recall }) => (recall >= 0.95 ? 1 : 0))),
      atLeast: 0.95,
    },
    { task, set: all, metric: 'mean recall at the stop', value: mean(stopping.map(({ recall }) => recall)) },
    {
      task,
      set: all,
      metric: 'mean share left unread at the stop',
      value: mean(stopping.map(({ saved }) => saved)),
    },
    {
      task,
      set: all,
      metric: 'coverage of the bound on unseen papers',
      value: mean(stopping.map(({ covered }) => covered)),
      atLeast: 0.95,
    },
  ]
}
