import { decisionsOf, labelsOf, storeDecisions } from '../../store/screening.ts'
import { readableCorePapers } from '../core-papers.ts'
import { planOf, type TaskKind, whole } from '../task.ts'
import { candidatesOf } from './candidates.ts'
import { applyLabels } from './labelled.ts'
import { limitCore } from './limit-core.ts'

/** Decides what becomes of each paper. All are judged together, for what is rare among them weighs more. */
export const screenTask: TaskKind = {
  name: 'screen',
  phase: 'screen',
  queue: 'analysis',
  essential: true,
  next: 'read',

  items: async () => [...whole],

  async run(context) {
    const { sql, session, analyst, signal } = context
    const plan = planOf(context)
    const candidates = await candidatesOf(context)
    const judged = await analyst.screen({ plan, candidates }, signal)
    const labels = await labelsOf(sql, session.id)
    const decisions = limitCore(
      applyLabels({ question: plan.question, candidates, decisions: judged, labels }),
      plan.maxPapers,
    )
    return async (transaction) => {
      await storeDecisions(transaction, session.id, decisions)
    }
  },

  followers: readableCorePapers,

  async counts({ sql, session }) {
    const decisions = await decisionsOf(sql, session.id)
    const inTier = (tier: string) => decisions.filter((decision) => decision.tier === tier).length
    return { core: inTier('core'), background: inTier('background'), excluded: inTier('exclude') }
  },
}
