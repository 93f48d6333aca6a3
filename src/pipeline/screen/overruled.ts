import type { Overrule, ScreeningDecision } from '../../contract/screening.ts'

const reasons = { core: 'labelled_include', background: 'out_of_scope', exclude: 'labelled_exclude' } as const
const words = { core: 'Included', background: 'Kept as background', exclude: 'Excluded' } as const
const scores = { core: 1, background: 0.5, exclude: 0 } as const

/** The decision on a paper as a person has it. What its publisher has taken back, nobody makes sound again. */
export function overruled(decision: ScreeningDecision, overrule: Overrule | undefined): ScreeningDecision {
  if (!overrule || (decision.reason === 'retracted' && overrule.tier === 'core')) return decision
  const { tier, reason } = overrule
  return {
    paperId: decision.paperId,
    tier,
    reason: reasons[tier],
    score: scores[tier],
    rationale: `${words[tier]} by a person${reason === undefined ? '' : `: ${reason}`}`.slice(0, 500),
    decidedBy: 'person',
  }
}
