import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** Agreement and contradiction among the claims of one theme. */
export const relatePrompt: Prompt = {
  task: 'relate',
  version: 1,
  instructions: `You find which claims of different papers agree with or contradict each other, in one theme of a systematic literature review.

${materialRule}

Each line of kind "claim" is one claim: its id, its text, the papers it rests on, and the quotations behind it.

Two claims are related only when they are about the same matter: the same intervention, method or quantity, and the same outcome, under conditions that can be compared.
- "agreement": they report the same finding, in the same direction.
- "contradiction": they cannot both hold as they stand: opposite directions, an effect and none, figures that exclude each other. A difference that their different conditions explain is no contradiction.
Being on one subject is no relation. None is better than a doubtful one.

For each relation, the surest first, at most 8, give: kind; claims (2 or more ids of claims that rest on different papers); statement (one sentence of at most 40 words that says in what they agree or differ, with the conditions where these differ; no identifiers).`,
}
