import { z } from 'zod'

/** A document's identity: the SHA-256 of its bytes, as 64 lower-case hexadecimal digits. */
export const documentIdSchema = z.string().regex(/^[0-9a-f]{64}$/)
export type DocumentId = z.infer<typeof documentIdSchema>

/** Why a full text could not be had (PRISMA: "reports not retrieved"). */
export const retrievalFailureCodes = [
  /** No open-access place is known. */
  'no_open_access',
  /** Those who hold it ask for a login, a payment or a browser, or do not let programs in. */
  'refused_by_host',
  /** The place is gone, or never answered. */
  'unreachable',
  /** What is there is not a PDF: a landing page, an error page. */
  'not_a_full_text',
  /** Its address leads into a private network or is no web address. */
  'address_refused',
  /** A person did not agree to the download, or to the host. */
  'not_approved',
] as const

/** Why a document could not be had or read. Each stands in the report beside the file's or the paper's name. */
export const documentFailureCodes = [
  ...retrievalFailureCodes,
  'not_a_pdf',
  'damaged',
  'truncated',
  'password_protected',
  'needs_ocr',
  'no_readable_text',
  'too_large',
  'too_many_pages',
  'too_much_text',
  'out_of_memory',
  'timed_out',
  'engine_crashed',
  'file_unreadable',
] as const
export const documentFailureSchema = z.object({
  code: z.enum(documentFailureCodes),
  /** One plain sentence: what is wrong with this file and, where there is one, the way out. */
  message: z.string(),
})
export type DocumentFailure = z.infer<typeof documentFailureSchema>

/** A rectangle in points (1/72 inch), origin at the bottom left of the page as it is shown (after /Rotate). */
export const rectangleSchema = z.object({
  left: z.number(),
  bottom: z.number(),
  right: z.number(),
  top: z.number(),
})
export type Rectangle = z.infer<typeof rectangleSchema>

/** A line of text as it is laid out: a run of the page's characters `[start, end)` with its place and dominant font. */
export const textLineSchema = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  box: rectangleSchema,
  /** Size of the line's most frequent font, in points. */
  fontSize: z.number(),
  /** Name of that font as the PDF gives it, without subset prefix; empty when unknown. */
  font: z.string(),
  /** Whether that font is bold by weight, flags or name. */
  bold: z.boolean(),
  italic: z.boolean(),
})
export type TextLine = z.infer<typeof textLineSchema>

/**
 * A page as the reader leaves it. `text` is what PDFium reports, in its order, without NULs, lone surrogates and
 * line-end hyphens (U+0002) with their line break; a hyphen that belongs to its word stays (`documents/hyphens.ts`). Offsets
 * everywhere count its UTF-16 code units.
 */
export const pageSchema = z.object({
  /** 1-based position in the file. */
  number: z.number().int().positive(),
  /** The page's own label ("iv", "117") where the file has one. */
  label: z.string().optional(),
  /** Size in points, after /Rotate. */
  width: z.number(),
  height: z.number(),
  text: z.string(),
  lines: z.array(textLineSchema),
  /** Character boxes as `documents/boxes.ts` packs them, one for each UTF-16 unit of `text`. */
  boxes: z.instanceof(Uint8Array),
})
export type Page = z.infer<typeof pageSchema>

/** What the file says of itself (the Info dictionary); often empty, often wrong. */
export const embeddedMetadataSchema = z.object({
  title: z.string().optional(),
  author: z.string().optional(),
  subject: z.string().optional(),
  keywords: z.string().optional(),
  creator: z.string().optional(),
  producer: z.string().optional(),
  creationDate: z.string().optional(),
})
export type EmbeddedMetadata = z.infer<typeof embeddedMetadataSchema>

/** A document that was read: all its pages, and what went wrong on single pages. */
export const readDocumentSchema = z.object({
  id: documentIdSchema,
  byteLength: z.number().int(),
  pages: z.array(pageSchema),
  metadata: embeddedMetadataSchema,
  /** Pages that could not be read while others could, with the reason. */
  pageFailures: z.array(z.object({ page: z.number().int().positive(), message: z.string() })),
})
export type ReadDocument = z.infer<typeof readDocumentSchema>
