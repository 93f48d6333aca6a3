import { expect, test } from 'vitest'
import { z } from 'zod'
import { createPglite } from '../../test/support/databases.ts'
import { startModelServer } from '../../test/support/model-servers.ts'
import { createLimits } from '../limits/database-limits.ts'
import type { Limits } from '../limits/limits.ts'
import { openDatabase } from '../store/database.ts'
import { createSession } from '../store/sessions.ts'
import { createModelGateway } from './create-gateway.ts'

test('a call tells its turn right before it is made, since the budgets may have kept it', async () => {
  const order: string[] = []
  const data = await createPglite()
  const database = await openDatabase(data.config)
  const { sql } = database
  const server = await startModelServer(() => {
    order.push('call')
    return { json: { said: 'one' } }
  })
  try {
    await createSession(sql, { id: 's1', question: 'Why?', settings: {} })
    const real = createLimits(sql)
    const limits: Limits = {
      ...real,
      take: async (request) => ({
        ...(await real.take(request)),
        renew: async () => void order.push('turn'),
      }),
    }
    const provider = { provider: 'openai', model: 'm', apiKey: 'k', baseUrl: server.baseUrls.openai } as const
    await createModelGateway({ sql, limits, providers: [provider] }).ask({
      prompt: { task: 'screen', version: 1, instructions: 'Judge.' },
      input: 'q',
      answer: z.object({ said: z.string() }),
      maxOutputTokens: 100,
      session: 's1',
    })
    expect(order).toEqual(['turn', 'call'])
  } finally {
    await server.close()
    await database.close()
    await data.remove()
  }
})
