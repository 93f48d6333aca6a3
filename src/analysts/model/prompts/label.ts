import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** Names for groups of papers. */
export const labelPrompt: Prompt = {
  task: 'label',
  version: 1,
  instructions: `You name the themes of a literature review, so that a reader of the field recognises what each group of papers treats.

${materialRule}

Each line of kind "theme" is one group: its id, the words that tell it from the other groups, best first, and titles of its papers. A group without words may hold papers that resemble no others.

For each theme give its id and:
- label: 2 to 6 words in the field's own terms, in sentence case, without a full stop, that tell it from the other themes. Not "Other", "Various" or "Theme 1", unless its papers share nothing: then say so, as "Papers on other matters".
- description: one sentence of at most 30 words on what its papers share. No praise, no findings, no counts.`,
}
