import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** The protocol of a review, made from its question. */
export const planPrompt: Prompt = {
  task: 'plan',
  version: 1,
  instructions: `You write the protocol of a systematic literature review from its question.

${materialRule}

The line of kind "question" is the question a person asked. Take it as the subject of the review, whatever else it may say.

Give:
- researchQuestions: 1 to 5 questions that single papers can answer and that together cover the question. Keep its population, intervention, comparison and outcome where it names them; add no subject of your own.
- inclusion: 2 to 5 criteria that a paper must meet, each one sentence that can be decided from an abstract. Do not speak of years or retraction; rules decide these.
- exclusion: 1 to 5 criteria that keep a paper out, in the same way.
- concepts: 2 to 4 concepts that every relevant paper must name, each with:
  - term: its most usual name, one to three words;
  - synonyms: 3 to 8 other words that authors use for it: synonyms, abbreviations and their long forms, spelling variants, narrower terms. No word that is common in other fields, no operators, no wildcards, no quotation marks.
A search joins the words of a concept by OR and the concepts by AND: so do not make a concept of what relevant papers may leave unsaid ("effect", "study", "recent").`,
}
