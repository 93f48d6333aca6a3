/** A process for `processes.test.ts`: asks a gateway what it is told to, and sends back what became of it. */
import { z } from 'zod'
import { createLimits } from '../limits/database-limits.ts'
import { openDatabase } from '../store/database.ts'
import { createModelGateway } from './create-gateway.ts'
import type { ProviderConfig } from './providers.ts'

export interface GatewayTask {
  readonly databaseUrl: string
  readonly providers: readonly ProviderConfig[]
  readonly inputs: readonly string[]
  readonly claimLasts: number
  readonly sessionTokens?: number
}

process.once('message', async (task: GatewayTask) => {
  const database = await openDatabase({ kind: 'postgres', url: task.databaseUrl })
  const gateway = createModelGateway({
    sql: database.sql,
    limits: createLimits(database.sql),
    providers: task.providers,
    claimLasts: task.claimLasts,
    sessionBudget: async () => ({ tokens: task.sessionTokens }),
  })
  const ends = await Promise.all(
    task.inputs.map((input) =>
      gateway
        .ask({
          prompt: { task: 'screen', version: 1, instructions: 'Judge.' },
          input,
          answer: z.object({ said: z.string() }),
          maxOutputTokens: 100,
          session: 's1',
        })
        .then(
          ({ value, kept }) => ({ said: value.said, kept }),
          (thrown: { code: string }) => ({ code: thrown.code }),
        ),
    ),
  )
  await database.close()
  process.send!(ends, () => process.disconnect())
})
