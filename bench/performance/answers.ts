import { planReview } from '../../src/analysts/extractive/plan.ts'
import { createModelAnalyst } from '../../src/analysts/model/analyst.ts'
import type { ModelGateway } from '../../src/models/gateway.ts'
import type { Figure } from './figure.ts'
import { papersFrom, question } from './papers.ts'
import { openStage, secondsOf, session, together } from './stage.ts'

const questions = 500
const atOnce = 32

/** Kept answers given a second by each database to a gateway that has asked nothing yet. */
export async function answers(): Promise<Figure[]> {
  const papers = papersFrom(0, questions)
  const plan = planReview({ question, sources: ['arxiv'] })
  const figures: Figure[] = []
  for (const kind of ['pglite', 'postgres'] as const) {
    const stage = await openStage(kind, { faults: { wrong: 0 } })
    if (stage === undefined) continue
    const screen = (gateway: ModelGateway) => {
      const analyst = createModelAnalyst({ gateway, session })
      return together(papers, atOnce, (paper) => analyst.screen({ plan, candidates: [{ paper }] }))
    }
    await screen(stage.gateway())
    const { byOutcome } = stage.models.calls()
    const seconds = await secondsOf(() => screen(stage.gateway()))
    const asked =
      (stage.models.calls().byOutcome['openai answered'] ?? 0) - (byOutcome['openai answered'] ?? 0)
    await stage.close()
    figures.push(
      { name: `${kind}: kept answers given`, value: questions / seconds, unit: 'a second' },
      { name: `${kind}: asked again`, value: asked, unit: 'calls', atMost: 0 },
    )
  }
  return figures
}
