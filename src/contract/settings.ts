import { z } from 'zod'

/**
 * Who judges: `extractive` without a model; `model` with the configured ones, waiting when none can be asked; `auto`
 * with a model where one is configured and can be asked, extractively where not.
 */
export const analystChoices = ['extractive', 'model', 'auto'] as const

/** What a person asked for when they started a review. Kept with the session, so that resuming needs no flags. */
export const sessionSettingsSchema = z.object({
  /** Who judges. */
  analyst: z.enum(analystChoices),
  /** Names of the sources to search. */
  sources: z.array(z.string()).min(1),
  /** Folders of the library source, absolute. */
  libraryFolders: z.array(z.string()),
  /** Inclusive bounds on the year of publication. */
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** At most this many papers are reviewed. */
  maxPapers: z.number().int().positive().optional(),
  /** Works that a person named: DOIs, arXiv ids, PubMed ids, addresses. Reviewed beside what is found. */
  identifiers: z.array(z.string()).default([]),
  /** At most this many records are taken from each live source. */
  maxRecords: z.number().int().positive().default(100),
  /** Follow the references of core papers (`backward`) and the works that cite them (`forward`). */
  chase: z.array(z.enum(['backward', 'forward'])).default([]),
  /** What may be done without asking; absent: no limit. */
  allowed: z
    .object({
      /** Downloads of full texts. */
      downloads: z.number().int().nonnegative().optional(),
      /** Hosts that full texts may be had from, with all below them. */
      domains: z.array(z.string()).optional(),
      /** Tokens of language models, in and out. */
      tokens: z.number().int().nonnegative().optional(),
    })
    .default({}),
  /** Stop for a person's approval of the plan. */
  reviewPlan: z.boolean(),
  /** Folder for the report, absolute. */
  output: z.string(),
})
export type SessionSettings = z.infer<typeof sessionSettingsSchema>

/** The same, where what has a default may be left out. */
export type SessionRequest = z.input<typeof sessionSettingsSchema>
