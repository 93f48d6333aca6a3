import { planSchema } from '../../contract/plan.ts'
import { storePlan } from '../../store/sessions.ts'
import { planOf, type TaskKind, whole } from '../task.ts'

/** Makes the review's protocol from the question. */
export const planTask: TaskKind = {
  name: 'plan',
  phase: 'plan',
  queue: 'synthesis',
  essential: true,

  items: async () => [...whole],

  async run({ session, settings, analyst, sources, signal }) {
    const { since, until, maxPapers } = settings
    const draft = await analyst.plan(
      { question: session.question, since, until, maxPapers, sources: [...sources.keys()] },
      signal,
    )
    const plan = planSchema.parse({
      ...draft,
      sources: [...sources.values()].map((source) => ({ source: source.name, query: source.query(draft) })),
    })
    return async (transaction) => {
      await storePlan(transaction, session.id, plan, !settings.reviewPlan)
    }
  },

  async counts(context) {
    const plan = planOf(context)
    return { 'research questions': plan.researchQuestions.length, concepts: plan.concepts.length }
  },
}
