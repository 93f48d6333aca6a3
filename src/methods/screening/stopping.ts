import { SheafError } from '../../errors.ts'

/** What has been screened of a list of papers. */
export interface ScreeningRecord {
  /** Judgements in the order in which they were made: whether each paper was included. */
  judgements: readonly boolean[]
  /** Number of all papers of the list, screened or not. */
  total: number
}

/** Whether the rest of the list may be left unread, and what it may hold. */
export interface StoppingAdvice {
  /** Whether `targetRecall` has been reached with `confidence`. */
  stop: boolean
  /** Probability of a record like this one if the target had been missed; small means: reached. 0 when all is read. */
  pValue: number
  /** Relevant papers that are probably still unseen: the most that would show such a record in half of all cases. */
  unseen: number
  /** Relevant papers that are still unseen at most, at `confidence`. */
  unseenAtMost: number
}

/**
 * Says when to stop screening papers that are shown best first: the test of Callaghan & Müller-Hansen (2020, "Statistical
 * stopping criteria for automated screening in systematic reviews", Systematic Reviews 9:273, the ranked quasi-sampling
 * of their BUSCAR method). The last papers read are taken for a random draw from those unread before them. Were the
 * target missed, so many relevant papers would still be there that a draw so poor in them would be improbable
 * (hypergeometric distribution). The smallest probability over all such draws counts. Since the last papers read are
 * likelier to be relevant than the unread ones, the test errs on the side of reading on.
 *
 * Throws `invalid_input` when there are more judgements than papers, or the target or confidence is not within (0, 1).
 */
export function adviseStopping(
  { judgements, total }: ScreeningRecord,
  { targetRecall = 0.95, confidence = 0.95 }: { targetRecall?: number; confidence?: number } = {},
): StoppingAdvice {
  if (!Number.isInteger(total) || judgements.length > total) {
    throw new SheafError('invalid_input', `${judgements.length} judgements cannot be of ${total} papers.`)
  }
  for (const [name, share] of Object.entries({ targetRecall, confidence })) {
    if (!(share > 0 && share < 1)) {
      throw new SheafError('invalid_input', `The ${name} must be between 0 and 1, not ${share}.`)
    }
  }
  const draws = drawsOf(judgements, total)
  const found = judgements.filter(Boolean).length
  const unread = total - judgements.length
  const logFactorials = logFactorialTable(total)
  const pValue = (missed: number) =>
    missed > unread ? 0 : Math.min(1, ...draws.map((draw) => probabilityOfDraw(draw, missed, logFactorials)))

  const fewestMissed = Math.floor(found * (1 / targetRecall - 1)) + 1
  const p = pValue(fewestMissed)
  return {
    stop: p < 1 - confidence,
    pValue: p,
    unseen: mostMissed(unread, (missed) => pValue(missed) >= 0.5),
    unseenAtMost: mostMissed(unread, (missed) => pValue(missed) >= 1 - confidence),
  }
}

/** The last `size` papers read, of which `relevant` were relevant, out of the `population` that was unread before them. */
interface Draw {
  size: number
  relevant: number
  population: number
}

/** One draw from each included paper on, and one of all: between two included papers the longer draw says more. */
function drawsOf(judgements: readonly boolean[], total: number): Draw[] {
  const draws: Draw[] = []
  let relevant = 0
  for (let start = judgements.length; start >= 0; start--) {
    const previousIncluded = start > 0 && judgements[start - 1]
    if (start === 0 || previousIncluded) {
      draws.push({ size: judgements.length - start, relevant, population: total - start })
    }
    if (previousIncluded) relevant += 1
  }
  return draws
}

/** P(X ≤ relevant) for a hypergeometric X: so few, if `missed` more were among those still unread. */
function probabilityOfDraw(draw: Draw, missed: number, logFactorials: Float64Array): number {
  const { size, relevant, population } = draw
  const marked = relevant + missed
  const logChoose = (from: number, chosen: number) =>
    logFactorials[from]! - logFactorials[chosen]! - logFactorials[from - chosen]!
  const all = logChoose(population, size)
  let probability = 0
  for (let hits = Math.max(0, size + marked - population); hits <= Math.min(relevant, size); hits++) {
    probability += Math.exp(logChoose(marked, hits) + logChoose(population - marked, size - hits) - all)
  }
  return Math.min(1, probability)
}

/** The largest number up to `limit` for which a condition holds that, once it fails, fails for all larger ones. */
function mostMissed(limit: number, holds: (missed: number) => boolean): number {
  let low = 0
  let high = limit
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function logFactorialTable(largest: number): Float64Array {
  const table = new Float64Array(largest + 1)
  for (let number = 2; number <= largest; number++) table[number] = table[number - 1]! + Math.log(number)
  return table
}
