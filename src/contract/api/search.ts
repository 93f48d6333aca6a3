import { z } from 'zod'
import { authorSchema } from '../paper.ts'
import { pageQuerySchema } from './paging.ts'

/** How documents are searched: by the words on their pages, or by what their passages are about. */
export const searchModes = ['text', 'meaning'] as const

/** What is searched for. */
export const searchQuerySchema = pageQuerySchema.extend({
  q: z.string().trim().min(1).max(500).meta({
    description: 'Words; with mode=text also "a phrase", or, and -without.',
    example: '"quotation matching" or alignment -music',
  }),
  mode: z.enum(searchModes).default('text'),
  limit: pageQuerySchema.shape.limit.unwrap().max(50).default(20),
})

/** A document that was found. */
export const searchHitSchema = z
  .object({
    document: z.string(),
    /** As a review of yours has it, else as the document itself says. */
    title: z.string().optional(),
    authors: z.array(authorSchema),
    year: z.int().optional(),
    /** Its best page, from 1, and on how many pages it has something. */
    page: z.int(),
    pages: z.int(),
    /** Plain text of that page; `marks` are `[start, end)` of the words that were asked for, in UTF-16 units. */
    snippet: z.object({ text: z.string(), marks: z.array(z.tuple([z.int(), z.int()])) }),
    /** Comparable within one search only. */
    score: z.number(),
    /** Sessions that you may see in which it was read, newest first, at most 20. */
    sessions: z.array(z.string()),
  })
  .meta({ id: 'SearchHit' })
export type SearchHit = z.infer<typeof searchHitSchema>

/** Part of what a search found. */
export const searchAnswerSchema = z
  .object({
    items: z.array(searchHitSchema),
    next: z.string().optional(),
    /** What ranked: the words as they stand, words that say the like, or vectors of a model. */
    method: z.enum(['text', 'words', 'embeddings']),
    /** With a model: how many passages of those you may see have a vector, and how many documents are yet to be cut. */
    indexed: z.object({ passages: z.int(), of: z.int(), documentsToCome: z.int() }).optional(),
  })
  .meta({ id: 'SearchAnswer' })
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

/** What papers are searched for. */
export const paperSearchQuerySchema = searchQuerySchema
  .pick({ limit: true, after: true })
  .extend({ q: searchQuerySchema.shape.q })

/** A paper that was found by its title or abstract, whether its text was read or not. */
export const paperHitSchema = searchHitSchema
  .pick({ authors: true, year: true, snippet: true, score: true, sessions: true })
  .extend({
    paper: z.string(),
    title: z.string(),
    /** Its text, where that was read. */
    document: z.string().optional(),
  })
  .meta({ id: 'PaperHit' })

/** Part of what a search for papers found, best first. */
export const paperSearchAnswerSchema = z
  .object({ items: z.array(paperHitSchema), next: z.string().optional() })
  .meta({ id: 'PaperSearchAnswer' })
export type PaperSearchAnswer = z.infer<typeof paperSearchAnswerSchema>
