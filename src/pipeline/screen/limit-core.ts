import type { ScreeningDecision } from '../../contract/screening.ts'

/** Keeps the best `maxPapers` core papers; the others become background, saying so. */
export function limitCore(
  decisions: readonly ScreeningDecision[],
  maxPapers: number | undefined,
): ScreeningDecision[] {
  if (maxPapers === undefined) return [...decisions]
  const ranked = decisions
    .filter((decision) => decision.tier === 'core')
    .sort((one, other) => other.score - one.score || (one.paperId < other.paperId ? -1 : 1))
  const beyond = new Set(ranked.slice(maxPapers).map((decision) => decision.paperId))
  return decisions.map((decision) =>
    beyond.has(decision.paperId)
      ? {
          ...decision,
          tier: 'background',
          reason: 'beyond_limit',
          rationale: `beyond the ${maxPapers} best papers that were asked for; ${decision.rationale}`.slice(
            0,
            500,
          ),
          decidedBy: 'rule',
        }
      : decision,
  )
}
