/** A process for `tokens.ts`: screens papers one by one through a gateway of its own, and tells when none is left waiting. */
import process from 'node:process'
import { planReview } from '../../src/analysts/extractive/plan.ts'
import { createModelAnalyst } from '../../src/analysts/model/analyst.ts'
import { createLimits } from '../../src/limits/database-limits.ts'
import { createModelGateway } from '../../src/models/create-gateway.ts'
import type { ProviderConfig } from '../../src/models/providers.ts'
import { openDatabase } from '../../src/store/database.ts'
import { papersFrom, question } from './papers.ts'
import { session, together } from './stage.ts'

export interface ScreeningTask {
  readonly databaseUrl: string
  readonly providers: readonly ProviderConfig[]
  readonly first: number
  readonly count: number
  readonly atOnce: number
}

process.once('message', async (task: ScreeningTask) => {
  const { sql, close } = await openDatabase({ kind: 'postgres', url: task.databaseUrl })
  const gateway = createModelGateway({ sql, limits: createLimits(sql), providers: task.providers })
  const analyst = createModelAnalyst({ gateway, session })
  const plan = planReview({ question, sources: ['arxiv'] })
  const papers = papersFrom(task.first, task.count)
  function* whileAnyWait() {
    yield* papers
    process.send!('none waits')
  }
  await together(whileAnyWait(), task.atOnce, (paper) => analyst.screen({ plan, candidates: [{ paper }] }))
  await close()
  process.send!('done', () => process.disconnect())
})
