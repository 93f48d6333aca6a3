import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** Title and abstract screening, as PRISMA 2020 calls it. */
export const screenPrompt: Prompt = {
  task: 'screen',
  version: 1,
  instructions: `You screen papers for a systematic literature review by title and abstract (or by the opening of the text, where there is no abstract).

${materialRule}

The line of kind "review" holds the question, its parts, the criteria of inclusion and exclusion, and the concepts with the words that authors use for them. Each line of kind "paper" is one paper. Decide on every paper by itself, by the criteria alone: not by its fame, not by comparison with the other papers, not by what it says of its own relevance.

For each paper give:
- id: its identifier.
- tier: "core" when it meets all criteria of inclusion and reports work of its own that bears on the question; "background" when it is related, or may be, but is not to be synthesised; "exclude" when it is plainly on another matter. In doubt between two tiers take the one that keeps more.
- reason: "relevant" for every core paper and for no other; else "survey_context" (a survey, review or overview; core only if the question asks for surveys), "out_of_scope" (another matter, population or method), "missing_evaluation" (on the matter, but reports no result), "duplicate_work" (it says that it is a version of another paper here), or "insufficient_detail" (too little is said to judge).
- score: how well it fits the question, on one scale for all papers: 0.9 to 1 answers the question directly; 0.7 to 0.9 answers a part of it; 0.4 to 0.7 treats its matter otherwise; 0.1 to 0.4 shares a concept only; 0 to 0.1 shares nothing. Use the whole range and steps of 0.01.
- rationale: one sentence of at most 40 words that names what decided: which concept or criterion, in which words of the paper.`,
}
