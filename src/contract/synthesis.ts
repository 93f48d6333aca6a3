import { z } from 'zod'

/** A group of papers that treat the same matter. */
export const themeSchema = z.object({
  /** `t1`, `t2`, … in order of size. */
  id: z.string(),
  /** A short name that a person recognises, as "Testing for structural change". */
  label: z.string(),
  /** One sentence on what the papers share. */
  description: z.string(),
  /** Words that tell this theme from the others, best first. */
  keywords: z.array(z.string()),
  paperIds: z.array(z.string()).min(1),
})
export type Theme = z.infer<typeof themeSchema>

/** Which papers of a theme use a dataset and report a metric. A cell without papers is left out. */
export const matrixSchema = z.object({
  themes: z.array(z.string()),
  datasets: z.array(z.string()),
  metrics: z.array(z.string()),
  cells: z.array(
    z.object({
      theme: z.string(),
      dataset: z.string(),
      metric: z.string(),
      paperIds: z.array(z.string()).min(1),
      spans: z.array(z.string()),
    }),
  ),
})
export type Matrix = z.infer<typeof matrixSchema>

/** A statement of the review, resting on at least one span. */
export const claimSchema = z.object({
  /** Stable: `c` and 12 hexadecimal digits. */
  id: z.string(),
  themeId: z.string(),
  text: z.string().min(1),
  spans: z.array(z.string()).min(1),
  /** How much it matters for the question, 0 to 1, comparable within a session. */
  salience: z.number().min(0).max(1),
  /** Whether its sources themselves are unsure, few, or at odds. */
  uncertainty: z.enum(['low', 'medium', 'high']),
})
export type Claim = z.infer<typeof claimSchema>

/** What the audit found of one claim. Only `supported` and `repaired` claims are published; an error is an error, not a pass. */
export const auditSchema = z.object({
  claimId: z.string(),
  verdict: z.enum(['supported', 'repaired', 'removed', 'error']),
  /** How far the claim went beyond its spans. */
  severity: z.enum(['none', 'minor', 'major']),
  /** One sentence: what was compared and what did not hold. */
  reason: z.string(),
  /** The claim as it may be published; present for `supported` and `repaired`. */
  publishedText: z.string().optional(),
})
export type Audit = z.infer<typeof auditSchema>

/** Two or more claims of different papers on one matter that say the same, or do not. */
export const relationSchema = z.object({
  id: z.string(),
  kind: z.enum(['agreement', 'contradiction']),
  themeId: z.string(),
  claims: z.array(z.string()).min(2),
  /** One sentence on what they agree or differ in. */
  statement: z.string(),
})
export type Relation = z.infer<typeof relationSchema>

/** What is not known yet, and how the review came to say so. */
export const gapSchema = z.object({
  id: z.string(),
  kind: z.enum(['open_problem', 'research_opportunity', 'next_experiment']),
  origin: z.enum(['limitations', 'contradiction', 'empty_cell']),
  title: z.string(),
  description: z.string(),
  /** Spans it rests on; empty only for an empty cell, which is the absence of any. */
  spans: z.array(z.string()),
})
export type Gap = z.infer<typeof gapSchema>
