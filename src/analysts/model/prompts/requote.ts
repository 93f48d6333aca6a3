import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** The second chance for quotations that were not found on their pages. */
export const requotePrompt: Prompt = {
  task: 'requote',
  version: 1,
  instructions: `You quoted from a paper, and some quotations are not on its pages. Give the page's exact words, or leave the quotation out.

${materialRule}

Each line of kind "page" is the text of one page. Each line of kind "rejected" is a quotation that does not stand there letter for letter, with its id, the field it was to be evidence of, and the page where you saw it.

For each rejected quotation give its id and:
- quotation: the sentence of the page that you meant, copied letter for letter (only a line break becomes a space, and a word hyphenated at a line's end is joined), if there is one that says the same; else null. Do not replace it by another sentence that says something else.
- page: the number of the page where it begins, or null.`,
}
