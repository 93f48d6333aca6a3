import { z } from 'zod'
import { documentIdSchema, pageSchema, rectangleSchema } from '../document.ts'
import { evidenceSpanSchema } from '../evidence.ts'
import { overruleSchema, tiers } from '../screening.ts'
import { auditSchema, claimSchema } from '../synthesis.ts'
import { pageQuerySchema } from './paging.ts'
import { sessionIdSchema } from './session.ts'

/** Name of a paper, a quotation or another finding in an address. */
export const findingIdSchema = z.string().min(1).max(300)

/** Which entries of a list of findings are wanted. */
export const findingQuerySchema = pageQuerySchema.extend({
  paper: findingIdSchema.optional().meta({ description: 'Only those of this paper.' }),
  tier: z.enum(tiers).optional().meta({ description: 'Only decisions of this tier.' }),
})

/** A claim with the verdict of its audit, where it has one. */
export const auditedClaimSchema = z
  .object({ claim: claimSchema, audit: auditSchema.optional() })
  .meta({ id: 'AuditedClaim' })

/** Decisions that are to stand in the place of screening's. */
export const overrulesSchema = z
  .strictObject({
    decisions: z
      .array(overruleSchema.omit({ by: true }))
      .min(1)
      .max(1000),
  })
  .meta({ id: 'Overrules' })

/** Where a page is, in an address. */
export const pageParamsSchema = z.object({
  session: sessionIdSchema,
  document: documentIdSchema,
  page: z.coerce.number().int().positive().max(1_000_000),
})

/** The text of a page; offsets of quotations count its UTF-16 code units. */
export const pageViewSchema = pageSchema.omit({ boxes: true, lines: true }).meta({ id: 'Page' })

/** Where a quotation stands on its pages: rectangles in points, origin at the bottom left. */
export const placedSpanSchema = z
  .object({
    span: evidenceSpanSchema,
    highlights: z.array(
      z.object({
        page: z.int(),
        rectangles: z.array(rectangleSchema),
        pageWidth: z.number(),
        pageHeight: z.number(),
      }),
    ),
  })
  .meta({ id: 'PlacedSpan' })
