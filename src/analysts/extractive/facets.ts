import { comparisonCue } from './cues.ts'

/** What a question may ask about its subject, by its words, and the words in which papers tell it. */
const facets: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\b(?:evaluat|assess|effectiv|effects?\b|impacts?\b|outcomes?\b|benefi)/i,
    /\b(?:evaluat|assess|effectiv|feedback|survey(?:s|ed)\b|questionnaire|(?:pre|post)-?tests?\b|improvements?\b|outcomes?\b|satisf|learning gains?\b)/i,
  ],
  [
    /\b(?:barriers?|obstacles?|challeng|difficult|hinder|prevents?|problems?|limits?\b|limitations?|in the way|pitfalls?|fail)/i,
    /\b(?:difficult|missing|unavailable|unclear|unable|could not|cannot|not (?:\w+ )?(?:available|provided|reported|match|described|possible|reproduc)|fail|lack|insufficient|discrepan|issues?\b|problems? (?:with|in))/i,
  ],
  [/\b(?:compar|differ|better|best|versus|outperform|superior)/i, comparisonCue],
]

/** Tells for a sentence the share, 0 to 1, of what the question asks beyond its subject that the sentence tells of. */
export function facetsOf(question: string): (sentence: string) => number {
  const asked = facets.filter(([asks]) => asks.test(question)).map(([, tells]) => tells)
  return (sentence) =>
    asked.length === 0 ? 0 : asked.filter((tells) => tells.test(sentence)).length / asked.length
}
