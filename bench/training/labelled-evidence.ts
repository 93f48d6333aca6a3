import { resolve } from 'node:path'
import { z } from 'zod'
import type { CandidateSentence, EvidenceQuery } from '../../src/analysts/extractive/evidence-features.ts'
import { splitSentences } from '../../src/methods/text/sentences.ts'
import { readLines } from './labelled-sentences.ts'

/** A query, the sentences of one document, and which of them annotators marked as evidence. */
export interface LabelledEvidence {
  /** Documents with the same group are never on both sides of a split. */
  group: string
  query: EvidenceQuery
  sentences: CandidateSentence[]
  gold: ReadonlySet<number>
}

const claimSchema = z.object({
  claim: z.string(),
  cited_doc_ids: z.array(z.string()),
  evidence: z.record(z.string(), z.array(z.object({ label: z.string(), sentences: z.array(z.number()) }))),
})
const abstractSchema = z.object({ id: z.string(), sentences: z.array(z.string()) })

/** SciFact's training claims (Wadden et al. 2020) with each abstract that holds evidence; with `none`, the cited that do not. */
export function scifactEvidence(labelledSets: string, none = false): LabelledEvidence[] {
  const abstracts = new Map(
    readLines(resolve(labelledSets, 'scifact/corpus.jsonl'), abstractSchema).map(({ id, sentences }) => [
      id,
      sentences,
    ]),
  )
  return readLines(resolve(labelledSets, 'scifact/claims_train.jsonl'), claimSchema).flatMap(
    ({ claim, evidence, cited_doc_ids }) => {
      const ids = none ? cited_doc_ids.filter((id) => !(id in evidence)) : Object.keys(evidence)
      return ids.map((id) => ({
        group: id,
        query: { text: claim },
        sentences: (abstracts.get(id) ?? []).map((text) => ({ text })),
        gold: new Set((evidence[id] ?? []).flatMap(({ sentences }) => sentences)),
      }))
    },
  )
}

const trialSchema = z.object({
  id: z.string(),
  text: z.string(),
  prompts: z.array(
    z.object({
      outcome: z.string(),
      intervention: z.string(),
      comparator: z.string(),
      evidence: z.array(z.object({ start: z.number(), end: z.number() })),
    }),
  ),
})

/** Evidence Inference (DeYoung et al. 2020): full texts of trials, and what they say of an intervention's effect. */
export function trialEvidence(labelledSets: string): LabelledEvidence[] {
  const trials = readLines(resolve(labelledSets, 'evidence/evidence_inference_dev.jsonl'), trialSchema)
  return trials.flatMap(({ id, text, prompts }) => {
    const sentences = sentencesUnderHeadings(text)
    return prompts.flatMap(({ outcome, intervention, comparator, evidence }) => {
      const gold = new Set(
        sentences.flatMap(({ start, end }, index) =>
          evidence.some(
            (span) =>
              Math.min(end, span.end) - Math.max(start, span.start) >
              0.5 * Math.min(end - start, span.end - span.start),
          )
            ? [index]
            : [],
        ),
      )
      const query = { text: `${intervention} ${comparator} ${outcome}`, focus: outcome }
      return gold.size > 0 ? [{ group: id, query, sentences, gold }] : []
    })
  })
}

/** Sentences with their offsets; a line "BODY.RESULTS:" is the heading of what follows it. */
function sentencesUnderHeadings(text: string): (CandidateSentence & { start: number; end: number })[] {
  const parts = [...text.matchAll(/^([A-Z]+(?:\.[^\n]{0,200})?): ?$/gm)]
  return parts.flatMap((part, index) => {
    const from = part.index + part[0].length
    const body = text.slice(from, parts[index + 1]?.index ?? text.length)
    const section = part[1]!.startsWith('ABSTRACT')
      ? `Abstract ${part[1]!.slice(9)}`
      : part[1]!.replace(/^BODY\./, '')
    return splitSentences(body).map(({ start, end }) => ({
      text: body.slice(start, end),
      section,
      start: from + start,
      end: from + end,
    }))
  })
}
