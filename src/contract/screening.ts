import { z } from 'zod'

/** What becomes of a paper: `core` is read and synthesised, `background` is kept and listed, `exclude` is out. */
export const tiers = ['core', 'background', 'exclude'] as const
export type Tier = (typeof tiers)[number]

/** Why, as a closed set; each paper's rationale says it in words. */
export const reasonCodes = [
  /** On the question. */
  'relevant',
  /** Named by the person who asked. */
  'named',
  /** A survey or an overview: context for the question, no finding of its own. */
  'survey_context',
  /** Shares too little with the question. */
  'out_of_scope',
  /** Published outside the years asked for. */
  'outside_dates',
  /** On the question, but beyond the number of papers asked for. */
  'beyond_limit',
  /** Says too little to be judged: no abstract and no readable text. */
  'insufficient_detail',
  /** On the subject, but reports no evaluation or result. */
  'missing_evaluation',
  /** The same work as another paper. */
  'duplicate_work',
  /** Withdrawn by its publisher. */
  'retracted',
  /** A person's label, or a classifier taught by them, decided. */
  'labelled_include',
  'labelled_exclude',
] as const

/** What screening decided for one paper. */
export const screeningDecisionSchema = z.object({
  paperId: z.string(),
  tier: z.enum(tiers),
  reason: z.enum(reasonCodes),
  /** How well the paper fits the question, 0 to 1, comparable within a session only. */
  score: z.number().min(0).max(1),
  /** One line that names what decided: the words found and missing, the label, the date. */
  rationale: z.string().max(500),
  decidedBy: z.enum(['rule', 'extractive', 'model', 'classifier', 'person']),
})
export type ScreeningDecision = z.infer<typeof screeningDecisionSchema>

/** A person's judgement of one paper, which teaches the classifier. `maybe` is kept but teaches nothing. */
export const labelSchema = z.object({
  paperId: z.string(),
  label: z.enum(['include', 'exclude', 'maybe']),
  reason: z.string().optional(),
})
export type Label = z.infer<typeof labelSchema>

/** A person's decision on one paper, which stands whatever screening says. */
export const overruleSchema = z.object({
  paperId: z.string(),
  tier: z.enum(tiers),
  reason: z.string().max(400).optional(),
  /** Who decided it. */
  by: z.string(),
})
export type Overrule = z.infer<typeof overruleSchema>
