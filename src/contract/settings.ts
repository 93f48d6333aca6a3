import { z } from 'zod'

/** What a person asked for when they started a review. Kept with the session, so that resuming needs no flags. */
export const sessionSettingsSchema = z.object({
  /** Who judges. */
  analyst: z.enum(['extractive']),
  /** Names of the sources to search. */
  sources: z.array(z.string()).min(1),
  /** Folders of the library source, absolute. */
  libraryFolders: z.array(z.string()),
  /** Inclusive bounds on the year of publication. */
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** At most this many papers are reviewed. */
  maxPapers: z.number().int().positive().optional(),
  /** Stop for a person's approval of the plan. */
  reviewPlan: z.boolean(),
  /** Folder for the report, absolute. */
  output: z.string(),
})
export type SessionSettings = z.infer<typeof sessionSettingsSchema>
