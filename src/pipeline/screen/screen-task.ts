import { decisionsOf, storeDecisions } from '../../store/screening.ts'
import { candidatesOf } from '../candidates.ts'
import { judgePapers } from '../judge-papers.ts'
import { type TaskKind, whole } from '../task.ts'

/** Decides what becomes of each paper. All are judged together, for what is rare among them weighs more. */
export const screenTask: TaskKind = {
  name: 'screen',
  phase: 'screen',
  queue: 'analysis',
  essential: true,

  items: async () => [...whole],

  async run(context) {
    const decisions = await judgePapers(context, await candidatesOf(context))
    return async (transaction) => {
      await storeDecisions(transaction, context.session.id, decisions)
    }
  },

  async counts({ sql, session }) {
    const decisions = await decisionsOf(sql, session.id)
    const inTier = (tier: string) => decisions.filter((decision) => decision.tier === tier).length
    return { core: inTier('core'), background: inTier('background'), excluded: inTier('exclude') }
  },
}
