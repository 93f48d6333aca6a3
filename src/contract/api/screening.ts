import { z } from 'zod'
import { bibliographicFieldsSchema } from '../paper.ts'
import { labelSchema } from '../screening.ts'
import { pageSchema } from './paging.ts'
import { sessionIdSchema } from './session.ts'

/** How far the teaching of a review's screening is. */
export const screeningStateSchema = z.object({
  question: z.string(),
  /** Papers that can be labelled; how many are, and how many of these as `include`. */
  total: z.int(),
  labelled: z.int(),
  included: z.int(),
  /** Whether one may stop, and how many relevant papers are probably unseen. */
  advice: z.object({
    stop: z.boolean(),
    pValue: z.number(),
    unseen: z.int(),
    unseenAtMost: z.int(),
  }),
})
export type ScreeningState = z.infer<typeof screeningStateSchema>

/** The same with the labels, in the order in which they were given. */
export const screeningViewSchema = screeningStateSchema
  .extend({ labels: pageSchema(labelSchema) })
  .meta({ id: 'Screening' })

/** A paper as the person sees it who labels it. */
export const paperToLabelSchema = z.object({ id: z.string(), fields: bibliographicFieldsSchema })
export type PaperToLabel = z.infer<typeof paperToLabelSchema>

/** The paper to label next; none when all have a label. */
export const nextToLabelSchema = z
  .object({ paper: paperToLabelSchema.optional() })
  .meta({ id: 'NextToLabel' })

/** The longest reason of a label, in characters. */
export const longestReason = 400

/** A label, without the paper that its address names. The reason becomes part of the decision's rationale. */
export const newLabelSchema = z
  .strictObject({
    label: labelSchema.shape.label,
    reason: z.string().trim().min(1).max(longestReason).optional(),
  })
  .meta({ id: 'NewLabel' })

/** Where a label is, in an address. */
export const labelParamsSchema = z.object({ session: sessionIdSchema, paper: z.string().min(1).max(100) })

/** The paper whose label was taken back; none when there was none. */
export const undoneSchema = z.object({ paperId: z.string().optional() }).meta({ id: 'UndoneLabel' })
