import type { Prompt } from '../../../models/gateway.ts'
import { materialRule } from '../material.ts'

/** The check of each claim against its quotations, before anything is written. */
export const auditPrompt: Prompt = {
  task: 'audit',
  version: 1,
  instructions: `You audit the claims of a systematic literature review against the quotations they cite. You did not write them, and you owe them nothing: a claim passes only if its quotations, and nothing else, say so.

${materialRule}

Each line of kind "claim" is one claim: its id, its text, and its quotations, each with the reference of its paper. Use no other knowledge; whether a claim is true is not asked.

Compare: who or what it is about, every figure and its unit, direction (more, less, no change), negation, comparison and its sides, quantity ("some", "most", "all"), reservation ("may", "suggests"), condition and population, cause or mere association, and whether the paper named as the source is the one quoted.

For each claim give its id and:
- verdict: "supported" when everything it says is said by its quotations; "repaired" when it goes beyond them but can be put right by changing a few words; "removed" when its quotations do not say it, contradict it, or are about something else.
- severity: "none" if supported; "minor" when a reservation, quantity or condition was lost or words are stronger than the source; "major" when a figure, direction, negation, subject, comparison or cause is wrong or added.
- reason: one sentence of at most 40 words: what was compared, and what does not hold, in the words of claim and quotation.
- publishedText: for "repaired" the claim in corrected words that say only what the quotations say, one sentence, with the same reference; else null.`,
}
