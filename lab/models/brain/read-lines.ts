import { z } from 'zod'
import type { MaterialLine } from '../../../src/analysts/model/material.ts'

const texts = z.array(z.string())

/** The lines of the material, as they are written by `src/analysts/model/`. */
const lineSchemas = {
  question: z.object({ question: z.string() }),
  review: z.object({ question: z.string(), concepts: z.array(texts) }),
  paper: z.object({
    id: z.string(),
    title: z.string(),
    reference: z.string().optional(),
    keywords: texts.optional(),
    abstract: z.string().optional(),
    opening: z.string().optional(),
  }),
  page: z.object({ number: z.number(), text: z.string() }),
  rejected: z.object({ id: z.string(), quotation: z.string(), page: z.number() }),
  theme: z.object({
    id: z.string().optional(),
    keywords: texts.optional(),
    titles: texts.optional(),
    most: z.number().optional(),
  }),
  quotation: z.object({ id: z.string(), paper: z.string(), field: z.string(), quotation: z.string() }),
}

/** All lines of one kind. */
export function linesOfKind<Kind extends keyof typeof lineSchemas>(
  lines: readonly MaterialLine[],
  kind: Kind,
): z.infer<(typeof lineSchemas)[Kind]>[] {
  const schema = lineSchemas[kind]
  return lines.filter((line) => line.kind === kind).map((line) => schema.parse(line)) as z.infer<
    typeof schema
  >[]
}

/** The claims of an audit or of relations, whose quotations differ in shape. */
export function claimLines<Quotation>(lines: readonly MaterialLine[], quotation: z.ZodType<Quotation>) {
  const schema = z.object({
    id: z.string(),
    text: z.string(),
    papers: texts.optional(),
    quotations: z.array(quotation),
  })
  return lines.filter(({ kind }) => kind === 'claim').map((line) => schema.parse(line))
}
