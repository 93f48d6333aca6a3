import { z } from 'zod'
import { documentFailureSchema, documentIdSchema } from './document.ts'

/** A person or a body. A body has only a family name. */
export const authorSchema = z.object({ family: z.string(), given: z.string().optional() })
export type Author = z.infer<typeof authorSchema>

/** Kinds of work that a reference distinguishes; the names are CSL's. */
export const workTypes = [
  'article-journal',
  'paper-conference',
  'chapter',
  'book',
  'thesis',
  'report',
  'article',
  'document',
] as const

/** The bibliographic fields of a work. All but the title may be unknown; an unknown field is absent, never empty. */
export const bibliographicFieldsSchema = z.object({
  title: z.string(),
  authors: z.array(authorSchema),
  /** Year of publication. */
  year: z.number().int().optional(),
  /** Lower case, without resolver or `doi:` prefix. */
  doi: z.string().optional(),
  /** Without version, as `1706.03762` or `hep-th/9901001`. */
  arxivId: z.string().optional(),
  pmid: z.string().optional(),
  /** With its prefix, as `PMC1234567`. */
  pmcid: z.string().optional(),
  isbn: z.string().optional(),
  abstract: z.string().optional(),
  /** Journal, proceedings or series. */
  venue: z.string().optional(),
  volume: z.string().optional(),
  issue: z.string().optional(),
  /** Page range in the venue, as `12-34`. */
  pages: z.string().optional(),
  publisher: z.string().optional(),
  url: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  type: z.enum(workTypes).optional(),
  retracted: z.boolean().optional(),
})
export type BibliographicFields = z.infer<typeof bibliographicFieldsSchema>

/** Where a field's value was read. */
export const fieldOrigins = ['companion', 'pdf-text', 'pdf-metadata', 'file-name', 'source'] as const
export type FieldOrigin = (typeof fieldOrigins)[number]

/** An open-access place where a work's full text may be had, as a source names it. Not visited yet, not trusted. */
export const fullTextLocationSchema = z.object({
  /** http or https. */
  url: z.string(),
  /** Which version stands there, in the words of OpenAlex and Unpaywall without "Version". */
  version: z.enum(['published', 'accepted', 'submitted']).optional(),
  /** As the source writes it: `cc-by`. */
  license: z.string().optional(),
  /** Whether the source says that it is the PDF itself, not a page about it. */
  isPdf: z.boolean(),
})
export type FullTextLocation = z.infer<typeof fullTextLocationSchema>

/** One record as one source gave it, before anything is merged (PRISMA: "records identified"). */
export const recordSchema = z.object({
  /** Unique within a session and the same in every run: `<source>:<reference>`. */
  key: z.string(),
  /** Name of the source, as `library` or `arxiv`. */
  source: z.string(),
  /** The record's own name there: a path below the library folder, an identifier. */
  reference: z.string(),
  fields: bibliographicFieldsSchema,
  /** Which field was read where. */
  origins: z.partialRecord(z.string(), z.enum(fieldOrigins)),
  /** Where its full text may be had, the source's best first. */
  locations: z.array(fullTextLocationSchema).optional(),
  /** What its source was asked, in that source's own language, where that was broader than the plan. */
  query: z.string().optional(),
  /** Found in the references of a core paper (`backward`) or among works that cite one (`forward`); absent: searched for. */
  foundBy: z.enum(['backward', 'forward']).optional(),
  /** The full text, when the source holds it. */
  document: documentIdSchema.optional(),
  /** Number of pages of that document. */
  pageCount: z.number().int().optional(),
  /** Why the full text, which should be there, cannot be read. */
  failure: documentFailureSchema.optional(),
})
export type BibliographicRecord = z.infer<typeof recordSchema>

/** A work under review: one or several records of it, merged. */
export const paperSchema = z.object({
  /** Stable for the same records: `p` and 12 hexadecimal digits. */
  id: z.string(),
  fields: bibliographicFieldsSchema,
  /** Which record each field was taken from. */
  provenance: z.partialRecord(z.string(), z.string()),
  /** Keys of all records merged into it, the one that leads first. */
  records: z.array(z.string()).min(1),
  /** Why the records are held to be one work; empty for a single record. */
  mergedBecause: z.array(z.string()),
  /** `a`, `b`, … where several papers of the review have the same authors and year. */
  yearSuffix: z.string().optional(),
  document: documentIdSchema.optional(),
  pageCount: z.number().int().optional(),
  failure: documentFailureSchema.optional(),
  /** Where its full text may be had, best first. */
  locations: z.array(fullTextLocationSchema).optional(),
  /** Where its full text was sought, in order, and what came of it; the last is where it was had, if it was. */
  retrieval: z.array(z.object({ url: z.string(), outcome: z.string() })).optional(),
})
export type Paper = z.infer<typeof paperSchema>
