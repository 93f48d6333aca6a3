import { Hono } from 'hono'
import { z } from 'zod'
import { providers } from './exchange.ts'
import type { ModelFaults } from './faults.ts'
import type { ModelLab } from './model-lab.ts'

const share = z.number().min(0).max(1)
const faultsSchema = z
  .strictObject({
    provider: z.enum(providers),
    down: z.boolean(),
    quotaGone: z.boolean(),
    serverError: share,
    overloaded: share,
    rateLimited: share,
    quotaMidStream: share,
    malformed: share,
    refused: share,
    slow: share,
    wrong: share,
  } satisfies { [Fault in keyof ModelFaults]: z.ZodType<ModelFaults[Fault]> } & { provider: z.ZodType })
  .partial()

/** Reads and changes a laboratory's models while it runs. */
export function modelControl(lab: Pick<ModelLab, 'violations' | 'calls' | 'setFaults'>): Hono {
  const app = new Hono()
  app.get('/violations', (context) => context.json(lab.violations()))
  app.get('/calls', (context) => context.json(lab.calls()))
  app.post('/faults', async (context) => {
    const given = faultsSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!given.success) return context.json({ error: z.prettifyError(given.error) }, 400)
    const { provider, ...faults } = given.data
    lab.setFaults(faults as Partial<ModelFaults>, provider)
    return context.json(given.data)
  })
  return app
}
