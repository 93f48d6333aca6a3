import { z } from 'zod'
import { taskFailureSchema } from '../report.ts'
import { pageQuerySchema } from './paging.ts'

const spentSchema = z.object({
  /** Calls that were made, whatever came of them; how many of them are under way, and gave no answer that was used. */
  calls: z.int(),
  asking: z.int(),
  failed: z.int(),
  /** Questions that were answered by what is kept. */
  kept: z.int(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  cacheWriteTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  /** What budgets count: also what was estimated for calls of which nobody knows what they used. */
  tokens: z.number(),
  /** US dollars; absent where the price of a call is unknown. */
  cost: z.number().optional(),
})

/** What a review's calls of language models came to. */
export const sessionCostSchema = z
  .object({
    /** By task, then model. */
    lines: z.array(
      z.object({
        task: z.string(),
        model: z.string(),
        ...spentSchema.shape,
        /** Milliseconds from asking to the end of the answer, on average. */
        latency: z.number().optional(),
      }),
    ),
    total: spentSchema,
  })
  .meta({ id: 'SessionCost' })
export type SessionCost = z.infer<typeof sessionCostSchema>

export const failureSchema = taskFailureSchema.meta({ id: 'TaskFailure' })

/** Failures are named by what failed, which may be a file deep in its folders. */
export const failureQuerySchema = pageQuerySchema.extend({ after: z.string().max(5000).optional() })
