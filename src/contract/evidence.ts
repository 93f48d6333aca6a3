import { z } from 'zod'
import { documentIdSchema } from './document.ts'

/** A run of characters `[start, end)` on one page's text, in UTF-16 code units. */
export const pageRangeSchema = z.object({
  page: z.number().int().positive(),
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
})
export type PageRange = z.infer<typeof pageRangeSchema>

/** Where a quotation stands: the document, and one run of characters, or two where it goes on over a page break. */
export const locatorSchema = z.object({
  document: documentIdSchema,
  ranges: z.array(pageRangeSchema).min(1).max(2),
})
export type Locator = z.infer<typeof locatorSchema>

/** What a quotation tells of a study; the fields of a study card. */
export const evidenceFields = ['problem', 'method', 'dataset', 'metric', 'result', 'limitation'] as const
export type EvidenceField = (typeof evidenceFields)[number]

/** A quotation that was found on its page. Nothing is a span without a locator that holds. */
export const evidenceSpanSchema = z.object({
  /** Stable: `s` and 12 hexadecimal digits of the hash of paper, field and locator. */
  id: z.string(),
  paperId: z.string(),
  field: z.enum(evidenceFields),
  /** The quotation in readable form: line breaks and hyphenation undone, else letter for letter what the page says. */
  quotation: z.string().min(1),
  locator: locatorSchema,
  /** The heading under which it stands, where one was recognised. */
  section: z.string().optional(),
  /** How sure the analyst is that the quotation tells this of the study, 0 to 1. */
  confidence: z.number().min(0).max(1),
})
export type EvidenceSpan = z.infer<typeof evidenceSpanSchema>

/** A quotation that an analyst proposed and that does not stand on the page. Counted, never used. */
export const rejectedQuotationSchema = z.object({
  paperId: z.string(),
  field: z.enum(evidenceFields),
  quotation: z.string(),
})
export type RejectedQuotation = z.infer<typeof rejectedQuotationSchema>

/** One entry of a study card: what it says, and the spans that carry it. */
export const cardEntrySchema = z.object({ text: z.string().min(1), spans: z.array(z.string()).min(1) })
export type CardEntry = z.infer<typeof cardEntrySchema>

/** What one paper says of itself, each entry backed by at least one span. An empty list: nothing was found. */
export const studyCardSchema = z.object({
  paperId: z.string(),
  problem: z.array(cardEntrySchema),
  method: z.array(cardEntrySchema),
  dataset: z.array(cardEntrySchema),
  metric: z.array(cardEntrySchema),
  result: z.array(cardEntrySchema),
  limitation: z.array(cardEntrySchema),
})
export type StudyCard = z.infer<typeof studyCardSchema>
