import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Plan } from '../../contract/plan.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import type { MaterialLine } from './material.ts'
import { cut } from './text.ts'

/** Bounds of fields, in UTF-16 units. */
const longest = { question: 4_000, reference: 200, title: 400, quotation: 1_200 }

/** The review's protocol, as every task is given it. */
export function reviewLine({
  question,
  researchQuestions,
  inclusion,
  exclusion,
  concepts,
}: Plan): MaterialLine {
  return {
    kind: 'review',
    question: cut(question, longest.question),
    parts: researchQuestions,
    inclusion,
    exclusion,
    concepts: concepts.map(({ term, synonyms }) => [term, ...synonyms]),
  }
}

/** A paper by name: how sentences refer to it, and its title. */
export function paperLine(paper: Paper): MaterialLine {
  return {
    kind: 'paper',
    id: paper.id,
    reference: cut(shortReference(paper), longest.reference),
    title: cut(paper.fields.title, longest.title),
  }
}

/** A quotation that claims may rest on. */
export function quotationLine({ id, paperId, field, quotation }: EvidenceSpan): MaterialLine {
  return { kind: 'quotation', id, paper: paperId, field, quotation: cut(quotation, longest.quotation) }
}
