import { z } from 'zod'
import { documentFailureSchema, documentIdSchema } from './document.ts'
import { evidenceSpanSchema, rejectedQuotationSchema, studyCardSchema } from './evidence.ts'
import { paperSchema, recordSchema } from './paper.ts'
import { planSchema } from './plan.ts'
import { screeningDecisionSchema } from './screening.ts'
import {
  auditSchema,
  claimSchema,
  gapSchema,
  matrixSchema,
  relationSchema,
  themeSchema,
} from './synthesis.ts'

/** Version of report.json's schema. The first number changes when a reader of the old one would misread the new one. */
export const reportSchemaVersion = '1.0'

/**
 * Numbers of the PRISMA 2020 flow diagram (Page et al. 2021, BMJ 372:n71), as this review has them.
 * `identified - duplicatesRemoved - unreadable = screened`; `screened - excluded - background = sought`;
 * `sought - notRetrieved = assessed`; `assessed - notRead = included`.
 */
export const prismaSchema = z.object({
  /** Records found, by source. */
  identified: z.array(z.object({ source: z.string(), records: z.number().int() })),
  duplicatesRemoved: z.number().int(),
  /** Papers removed before screening: nothing but a file that cannot be read is known of them. By reason. */
  unreadable: z.array(z.object({ reason: z.string(), papers: z.number().int() })),
  screened: z.number().int(),
  /** Left out at screening, by reason. */
  excluded: z.array(z.object({ reason: z.string(), papers: z.number().int() })),
  /** Kept as background, by reason. */
  background: z.array(z.object({ reason: z.string(), papers: z.number().int() })),
  /** Core papers whose full text was sought. */
  sought: z.number().int(),
  /** No full text could be had, by reason. */
  notRetrieved: z.array(z.object({ reason: z.string(), papers: z.number().int() })),
  assessed: z.number().int(),
  /** Full text was there and could not be read, or said nothing, by reason. */
  notRead: z.array(z.object({ reason: z.string(), papers: z.number().int() })),
  included: z.number().int(),
})
export type Prisma = z.infer<typeof prismaSchema>

/** A citation of the report: number `n` stands for one span. */
export const citationSchema = z.object({
  number: z.number().int().positive(),
  span: z.string(),
  paperId: z.string(),
})
export type Citation = z.infer<typeof citationSchema>

/** One sentence of the report. Every sentence that states a finding has citations; others (`kind: 'link'`) state none. */
export const sentenceSchema = z.object({
  kind: z.enum(['finding', 'link']),
  text: z.string().min(1),
  /** Citation numbers, in order. */
  citations: z.array(z.number().int().positive()),
  /** The claim it publishes, for a finding. */
  claim: z.string().optional(),
})
export type Sentence = z.infer<typeof sentenceSchema>

/** The synthesis of one theme, in paragraphs of sentences. */
export const synthesisSectionSchema = z.object({
  themeId: z.string(),
  title: z.string(),
  paragraphs: z.array(z.array(sentenceSchema)),
})
export type SynthesisSection = z.infer<typeof synthesisSectionSchema>

/** A document the review read or tried to read, and the files it was found in, as paths below their library folder. */
export const reportDocumentSchema = z.object({
  id: documentIdSchema.optional(),
  files: z.array(z.string()),
  pages: z.number().int().optional(),
  failure: documentFailureSchema.optional(),
  /** Pages of an otherwise readable document that could not be read. */
  pageFailures: z.array(z.object({ page: z.number().int(), message: z.string() })),
})
export type ReportDocument = z.infer<typeof reportDocumentSchema>

/** A task that failed while the review went on. */
export const taskFailureSchema = z.object({ phase: z.string(), item: z.string(), message: z.string() })
export type TaskFailure = z.infer<typeof taskFailureSchema>

/**
 * The whole review (report.json). It holds no time of day, no session name and no absolute path: the same question over
 * the same files gives the same bytes. Those stand in manifest.json.
 */
export const reportSchema = z.object({
  schema: z.literal(`sheaf-report/${reportSchemaVersion}`),
  title: z.string(),
  plan: planSchema,
  /** Who judged: `extractive`, or a model's name. */
  analyst: z.string(),
  prisma: prismaSchema,
  records: z.array(recordSchema),
  papers: z.array(paperSchema),
  decisions: z.array(screeningDecisionSchema),
  documents: z.array(reportDocumentSchema),
  spans: z.array(evidenceSpanSchema),
  rejectedQuotations: z.array(rejectedQuotationSchema),
  cards: z.array(studyCardSchema),
  themes: z.array(themeSchema),
  claims: z.array(claimSchema),
  audits: z.array(auditSchema),
  relations: z.array(relationSchema),
  matrix: matrixSchema,
  gaps: z.array(gapSchema),
  /** What the review found, in a few cited sentences. */
  summary: z.array(sentenceSchema),
  synthesis: z.array(synthesisSectionSchema),
  /** Agreements and contradictions between papers. */
  relationSentences: z.array(sentenceSchema),
  gapSentences: z.array(sentenceSchema),
  /** What this review itself cannot say and why, in plain sentences. */
  reviewLimitations: z.array(z.string()),
  citations: z.array(citationSchema),
  /** Papers cited, in the order of the reference list; `number` is the one printed there. */
  references: z.array(z.object({ number: z.number().int().positive(), paperId: z.string() })),
  failures: z.array(taskFailureSchema),
})
export type Report = z.infer<typeof reportSchema>

/** manifest.json: how this report came about, and the hash of every file beside it and of every input. */
export const manifestSchema = z.object({
  schema: z.literal('sheaf-manifest/1.0'),
  session: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
  settings: z.record(z.string(), z.unknown()),
  queries: z.array(z.object({ source: z.string(), query: z.string(), records: z.number().int() })),
  /** Every file read: where it was, and its SHA-256 where it could be read. */
  inputs: z.array(z.object({ path: z.string(), sha256: documentIdSchema.optional() })),
  /** What was used of language models: calls, answers that were kept, tokens, and US dollars where prices are known. */
  models: z
    .object({
      calls: z.number().int(),
      failed: z.number().int(),
      kept: z.number().int(),
      inputTokens: z.number(),
      cachedTokens: z.number(),
      outputTokens: z.number(),
      reasoningTokens: z.number(),
      tokens: z.number(),
      cost: z.number().optional(),
    })
    .optional(),
  /** Every file of the report but this one. */
  outputs: z.array(z.object({ file: z.string(), sha256: documentIdSchema, bytes: z.number().int() })),
})
export type Manifest = z.infer<typeof manifestSchema>
