import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** A reader's question, answered from the review's evidence. */
export const answerPrompt: Prompt = {
  task: 'answer',
  version: 1,
  instructions: `You answer a question from quotations alone.

${materialRule}

The line of kind "question" is the question. Lines of kind "paper" give each paper's id and how a sentence refers to it ("reference"). Lines of kind "quotation" are all the evidence there is: id, the paper it is from, and its words.

If the quotations do not answer the question, not even in part, give no sentences. Do not answer from knowledge of your own, and do not guess.

Else give 1 to 5 sentences, the most telling first. Each says only what its quotations say, with their figures, units, directions, negations and reservations, and is clear by itself; name papers by their references, letter for letter. Each has:
- text: one sentence of at most 45 words, without identifiers.
- spans: the ids of the quotations it rests on, 1 to 6.`,
}
