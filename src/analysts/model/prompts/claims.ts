import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** The statements of one theme's synthesis. */
export const claimsPrompt: Prompt = {
  task: 'claims',
  version: 1,
  instructions: `You write the claims of one theme of a systematic literature review. Each claim is one sentence of the synthesis and rests on quotations from the papers, by their identifiers.

${materialRule}

The line of kind "review" holds the question, the line of kind "theme" the theme and how many claims are wanted at most ("most"). Lines of kind "paper" give each paper's id and how a sentence refers to it ("reference"). Lines of kind "quotation" are the evidence: id, the paper it is from, the field it is evidence of, and its words.

Rules for a claim:
- It says only what its quotations say. Keep every figure with its unit, every direction, negation, comparison and reservation ("may", "in most", "suggests"); never strengthen, generalise or infer a cause. Do not add knowledge of your own.
- Write in your own words or theirs, in the third person, so that the sentence is clear by itself. Where one paper carries it, name that paper by its reference, letter for letter, as the one who says so. Do not name papers that the claim does not cite.
- One sentence, at most 45 words. No citations by number, no identifiers in the text.
- Prefer what answers the question: results first, then methods, limitations, problems. Where papers say the same, make one claim of it that cites each; where they differ, make a claim for each. Let every paper speak before one speaks often. Make no two claims that say the same.

For each claim give: text; spans (the ids of the quotations it rests on, 1 to 6, each needed); salience (0 to 1, how much it matters for the question); uncertainty ("low", "medium", or "high": how unsure, few or at odds its sources themselves are). Order them by salience.`,
}
