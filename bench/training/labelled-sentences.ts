import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { AbstractRole } from '../../src/analysts/extractive/roles.ts'
import { splitSentences } from '../../src/methods/text/sentences.ts'

/** An abstract in sentences with the rhetorical role that annotators, or the authors' own headings, gave each. */
export interface LabelledAbstract {
  id: string
  sentences: string[]
  roles: AbstractRole[]
}

const csabstructSchema = z.object({
  sentences: z.array(z.string()),
  labels: z.array(z.enum(['background', 'objective', 'method', 'result', 'other'])),
})
const pubmedqaSchema = z.object({
  id: z.string(),
  sections: z.array(z.object({ label: z.string(), text: z.string() })),
  conclusion: z.string(),
})

/** Reads a file of JSON lines. Throws when a line does not match the schema. */
export function readLines<T>(path: string, schema: z.ZodType<T>): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => schema.parse(JSON.parse(line)))
}

/** CSAbstruct (Cohan et al. 2019, "Pretrained Language Models for Sequential Sentence Classification"): computing. */
export function csabstruct(labelledSets: string): LabelledAbstract[] {
  const path = resolve(labelledSets, 'evidence/csabstruct_dev.jsonl')
  return readLines(path, csabstructSchema).map(({ sentences, labels }, index) => ({
    id: `cs${index}`,
    sentences,
    roles: labels,
  }))
}

/** Structured abstracts of PubMedQA (Jin et al. 2019), each sentence labelled by the heading the authors put it under. */
export function structuredAbstracts(labelledSets: string): LabelledAbstract[] {
  const path = resolve(labelledSets, 'evidence/pubmedqa_dev.jsonl')
  return readLines(path, pubmedqaSchema).flatMap(({ id, sections, conclusion }) => {
    const abstract: LabelledAbstract = { id: `pm${id}`, sentences: [], roles: [] }
    for (const { label, text } of [...sections, { label: 'CONCLUSION', text: conclusion }]) {
      const role = roleOfHeading(label)
      if (role === undefined) return []
      for (const { start, end } of splitSentences(text)) {
        abstract.sentences.push(text.slice(start, end))
        abstract.roles.push(role)
      }
    }
    return [abstract]
  })
}

function roleOfHeading(label: string): AbstractRole | undefined {
  if (/CONCLU|RESULT|FINDING|INTERPRET|DISCUSS/.test(label)) return 'result'
  if (
    /METHOD|DESIGN|PATIENT|SUBJECT|PARTICIP|SETTING|MATERIAL|PROCEDURE|INTERVENT|MEASURE|OUTCOME|DATA/.test(
      label,
    )
  )
    return 'method'
  if (/BACKGROUND|INTRODUCTION|CONTEXT|RATIONALE/.test(label)) return 'background'
  if (/OBJECTIVE|AIM|PURPOSE|GOAL|HYPOTH|QUESTION/.test(label)) return 'objective'
  return undefined
}
