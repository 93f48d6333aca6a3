import { z } from 'zod'
import type { EvidenceSpan } from '../../contract/evidence.ts'
import { createIndex } from '../../methods/ranking/ranking.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import type { Answer, EvidenceBase } from '../analyst.ts'
import { type Asking, askTwice } from './asking.ts'
import { figuresBeyond } from './numbers.ts'
import { answerPrompt } from './prompts/answer.ts'
import { paperLine, quotationLine } from './review-lines.ts'
import { cut, oneLine } from './text.ts'

/** The quotations that a question is answered from: those that rank first for its words. */
const mostShown = 80
const most = { sentences: 5, spans: 6 }
const longest = { question: 2_000, sentence: 600 }

const kind = {
  prompt: answerPrompt,
  answer: z.object({ sentences: z.array(z.object({ text: z.string(), spans: z.array(z.string()) })) }),
  maxOutputTokens: 2_000,
}

/**
 * Answers a question from the quotations that bear on it; undefined where they do not answer. A sentence that cites none
 * of what was shown, or has a figure that stands in none of what it cites, is dropped.
 */
export async function answerByModel(
  asking: Asking,
  question: string,
  evidence: EvidenceBase,
): Promise<Answer | undefined> {
  const shown = bearingOn(question, evidence)
  if (shown.length === 0) return undefined
  const papers = [...new Set(shown.map(({ paperId }) => paperId))].flatMap(
    (id) => evidence.papers.get(id) ?? [],
  )
  const lines = [
    { kind: 'question', question: cut(question, longest.question) },
    ...papers.map(paperLine),
    ...shown.map(quotationLine),
  ]
  const known = new Map(shown.map((span) => [span.id, span]))
  const sentences = await askTwice(asking, kind, lines, (answer) => {
    const usable = answer.sentences.flatMap(({ text, spans }) => {
      const cited = [...new Set(spans)].flatMap((id) => known.get(id) ?? []).slice(0, most.spans)
      const sentence = oneLine(text, longest.sentence)
      return /\p{L}/u.test(sentence) && isBorneOut(sentence, cited, evidence)
        ? [{ text: sentence, spans: cited.map(({ id }) => id) }]
        : []
    })
    const dropped = answer.sentences.length - usable.length
    if (dropped > 0) asking.onUnusable({ task: kind.prompt.task, unknown: dropped, missing: 0 })
    return dropped > 0 && usable.length === 0 ? undefined : usable.slice(0, most.sentences)
  })
  return sentences && sentences.length > 0 ? { sentences } : undefined
}

/** The evidence that ranks first for the question, in a fixed order. */
function bearingOn(question: string, { spans, papers }: EvidenceBase): EvidenceSpan[] {
  const sorted = [...spans.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const index = createIndex(
    sorted.map(({ id, paperId, quotation }) => ({
      id,
      title: papers.get(paperId)?.fields.title ?? '',
      body: quotation,
    })),
  )
  return index.rank(question, { limit: mostShown }).flatMap(({ id }) => spans.get(id) ?? [])
}

function isBorneOut(sentence: string, cited: readonly EvidenceSpan[], { papers }: EvidenceBase): boolean {
  const sources = cited.flatMap(({ paperId, quotation }) => {
    const paper = papers.get(paperId)
    return paper ? [quotation, shortReference(paper)] : [quotation]
  })
  return cited.length > 0 && figuresBeyond(sentence, sources).length === 0
}
