import { z } from 'zod'

/** A concept of the question with the other words that authors use for it. A paper is about it if it uses one of them. */
export const conceptSchema = z.object({
  term: z.string().min(1),
  synonyms: z.array(z.string().min(1)),
})
export type Concept = z.infer<typeof conceptSchema>

/** The review's protocol, made from the question and open to the user's edit before anything is searched. */
export const planSchema = z.object({
  question: z.string().min(1),
  /** The question in parts that a paper can answer, at least one. */
  researchQuestions: z.array(z.string().min(1)).min(1),
  /** What a paper must have to be reviewed, each as one sentence. */
  inclusion: z.array(z.string().min(1)),
  /** What keeps a paper out, each as one sentence. */
  exclusion: z.array(z.string().min(1)),
  concepts: z.array(conceptSchema).min(1),
  /** Inclusive bounds on the year of publication. */
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** At most this many papers are taken into the review, best first. */
  maxPapers: z.number().int().positive().optional(),
  /** Which sources are searched, with what is asked of each, in its own language. */
  sources: z.array(z.object({ source: z.string(), query: z.string() })),
})
export type Plan = z.infer<typeof planSchema>
