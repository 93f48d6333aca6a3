import { z } from 'zod'

/**
 * What a session may stop for until a person has agreed: the plan; more downloads of full texts than are allowed without
 * asking; hosts outside the allowed list; more tokens of a language model than its budget.
 */
export const gateNames = ['plan', 'downloads', 'domains', 'tokens'] as const
export const gateNameSchema = z.enum(gateNames)

/** A question to a person that a session waits for. The plan's gate is kept with the plan. */
export const gateSchema = z.object({
  gate: z.enum(['downloads', 'domains', 'tokens']),
  state: z.enum(['pending', 'approved', 'rejected']),
  /** The question, as one sentence. */
  message: z.string(),
  /** What it is about, in numbers and names: `{ papers: 40, allowed: 15 }`. */
  details: z.record(z.string(), z.unknown()),
  /** What the person set, where they changed it: how many downloads, which domains, how many tokens. */
  answer: z
    .object({
      downloads: z.number().int().nonnegative().optional(),
      domains: z.array(z.string()).optional(),
      tokens: z.number().int().nonnegative().optional(),
    })
    .optional(),
})
export type Gate = z.infer<typeof gateSchema>
export type GateAnswer = NonNullable<Gate['answer']>
