import type { Paper } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'
import type { ScreeningDecision } from '../contract/screening.ts'

/** The years a review is bounded to, inclusive. */
type Years = Pick<Plan, 'since' | 'until'>

/**
 * What a rule decides of a paper before anybody judges it: a retracted paper is out, and so is one published outside the
 * years asked for. Undefined where no rule applies. A paper without a year is judged by what it says.
 */
export function ruledOut(
  { since, until }: Years,
  { fields: { retracted, year } }: Paper,
): Pick<ScreeningDecision, 'reason' | 'rationale'> | undefined {
  if (retracted) return { reason: 'retracted', rationale: 'its publisher has retracted it' }
  if (year === undefined) return undefined
  if (since !== undefined && year < since)
    return { reason: 'outside_dates', rationale: `published in ${year}, before ${since}` }
  if (until !== undefined && year > until)
    return { reason: 'outside_dates', rationale: `published in ${year}, after ${until}` }
  return undefined
}

/** The rules of {@link ruledOut} as a plan says them: criteria of inclusion and of exclusion, a sentence each. */
export function ruleCriteria({ since, until }: Years): { inclusion: string[]; exclusion: string[] } {
  const bounded = since !== undefined || until !== undefined
  return {
    inclusion: bounded ? [`The paper was published ${periodOf({ since, until })}.`] : [],
    exclusion: [
      ...(bounded ? ['The paper was published outside the years asked for.'] : []),
      'The paper was retracted.',
    ],
  }
}

function periodOf({ since, until }: Years): string {
  if (until === undefined) return `in ${since} or later`
  if (since === undefined) return `in ${until} or earlier`
  return `from ${since} to ${until}`
}

/** A score as decisions carry it: from 0 to 1, in thousandths. */
export function roundedScore(score: number): number {
  return Math.round(Math.min(1, Math.max(0, score)) * 1_000) / 1_000
}
