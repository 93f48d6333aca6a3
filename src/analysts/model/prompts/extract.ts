import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** Data extraction: the quotations of a study card. */
export const extractPrompt: Prompt = {
  task: 'extract',
  version: 1,
  instructions: `You extract evidence from one paper for a systematic literature review. You are given all of the paper or some of its pages.

${materialRule}

The line of kind "review" holds the question, the line of kind "paper" names the paper, and each line of kind "page" is the text of one page as a PDF reader took it. Find the sentences that tell what this study itself did and found. Quote them; say nothing of your own.

Fields:
- problem: what the study sets out to answer or solve, and why. At most 3.
- method: what was done: design, model, algorithm, intervention, sample. At most 4.
- dataset: data the study itself used, by name or description. At most 6, one for each dataset.
- metric: measures by which it was evaluated. At most 6, one for each measure.
- result: what was found, with figures, comparisons, directions and reservations; null results too. At most 6.
- limitation: weaknesses, bounds and threats to validity that the authors admit for this study. At most 4.

Rules for a quotation:
- Copy it letter for letter from a page: same words, figures, signs, citations and spelling, even where the page is wrong. Only a line break becomes a space, and a word hyphenated at a line's end is joined. Never shorten with "…", never join sentences that do not follow each other, never correct.
- One whole sentence, two if one is unclear alone; at most 60 words. It must be clear without the rest of the paper: prefer a sentence that names its subject to one that begins with "It" or "This".
- Not from the references, nor from headers, captions alone, tables, or what the paper says of other studies.
- Prefer what bears on the question. Give nothing for a field of which these pages say nothing.

For each quotation give: field; quotation; page (the number of the page where it begins); section (the heading above it as the page writes it, or null); text (for a dataset or metric its name, in words of the quotation; else null); confidence (0 to 1, how sure you are that it tells this of this study). Order them best first within a field.`,
}
