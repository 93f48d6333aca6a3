import type { ScreeningCandidate } from '../analysts/analyst.ts'
import type { ScreeningDecision } from '../contract/screening.ts'
import { labelsOf, overrulesOf } from '../store/screening.ts'
import { applyLabels } from './screen/labelled.ts'
import { limitCore } from './screen/limit-core.ts'
import { overruled } from './screen/overruled.ts'
import { planOf, type TaskContext } from './task.ts'

/** A paper that the person named is in the review, whatever it shares with the question; rules hold for it too. */
function unlessNamed(decision: ScreeningDecision, { paper }: ScreeningCandidate): ScreeningDecision {
  const named = paper.records.some((key) => key.startsWith('given:'))
  if (!named || decision.decidedBy === 'rule') return decision
  const { paperId } = decision
  return {
    paperId,
    tier: 'core',
    reason: 'named',
    score: 1,
    rationale: 'named by the person who asked',
    decidedBy: 'person',
  }
}

/**
 * What becomes of each candidate: the analyst's judgement, a person's labels over it, and no more core papers than were
 * asked for; what a person has decided on a paper stands over all. `coreAlready` are core papers decided on before, which
 * count towards that number.
 */
export async function judgePapers(
  context: TaskContext,
  candidates: readonly ScreeningCandidate[],
  coreAlready = 0,
): Promise<ScreeningDecision[]> {
  const { sql, session, analyst, signal } = context
  const plan = planOf(context)
  const judged = await analyst.screen({ plan, candidates }, signal)
  const labels = await labelsOf(sql, session.id)
  const decisions = judged.map((decision, index) => unlessNamed(decision, candidates[index]!))
  const labelled = applyLabels({ question: plan.question, candidates, decisions, labels })
  const limited = limitCore(
    labelled,
    plan.maxPapers === undefined ? undefined : Math.max(0, plan.maxPapers - coreAlready),
  )
  const overrules = await overrulesOf(sql, session.id)
  return limited.map((decision) => overruled(decision, overrules.get(decision.paperId)))
}
