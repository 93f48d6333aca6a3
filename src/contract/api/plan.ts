import { z } from 'zod'
import { planSchema } from '../plan.ts'

/** What a review would do, before it does anything. */
export const dryRunSchema = z
  .object({
    plan: planSchema,
    /** What would be asked of sources and read; `search` stands for a search whose results are not known yet. */
    items: z.array(
      z.object({
        source: z.string(),
        reference: z.string(),
        /** As a person knows it; absent: the reference. */
        label: z.string().optional(),
      }),
    ),
    /** Where the report would go; shown to `admin` alone. */
    output: z.string().optional(),
  })
  .meta({ id: 'DryRun' })
export type DryRun = z.infer<typeof dryRunSchema>
