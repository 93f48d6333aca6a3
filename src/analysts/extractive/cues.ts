/** Words that mark a statistic: a test, an interval, a count of people, a share. */
export const statisticCue =
  /\bp\s{0,2}[<=>≤≥]\s{0,2}0?\.\d|\b(?:95|99)\s?%\s?(?:ci|confidence)|\b(?:confidence interval|odds ratio|hazard ratio|relative risk|standard deviation|mean difference)\b|\b(?:or|hr|rr|ci|sd)\s?[=:]?\s?\d|±|\bn\s?=\s?\d|\d\s?%/i

/** Words that report what came out. */
export const findingCue =
  /\b(?:found|find|finds|show(?:s|ed|n)?|demonstrat(?:e[ds]?|ing)|observed?|reveal(?:s|ed)?|indicat(?:e[ds]?|ing)|suggest(?:s|ed|ing)?|conclude[ds]?|confirm(?:s|ed)?|identif(?:y|ied)|report(?:s|ed)?|achiev(?:e[ds]?|ing)|outperform\w*|resulted in|results? in|led to|leads to|associated with|correlated? with|depend(?:s|ed)? on|significant(?:ly)?|no (?:significant )?(?:difference|effect|association|evidence)s?)\b/i

/** Words that compare. */
export const comparisonCue =
  /\b(?:more|less|fewer|higher|lower|greater|smaller|larger|better|worse|faster|slower|stronger|weaker|than|compared (?:to|with)|versus|vs|superior|inferior|similar|equal(?:ly)?|differ(?:s|ed|ent|ence)?)\b/i

/** Words that take a statement back a little. After Hyland 1998, "Hedging in Scientific Research Articles". */
export const hedges =
  /\b(?:may|might|could|can|possibly|possible|perhaps|probably|probable|likely|unlikely|potential(?:ly)?|appears? to|appeared to|seems?|seemed|suggest(?:s|ed|ing)?|indicat(?:e[sd]?|ing)|tends? to|tended to|presumably|apparently|plausibl[ey]|hypothesi[sz]e[sd]?|speculate[sd]?|believe[sd]?|assume[sd]?|arguably|approximately|about|around|roughly|nearly|almost|generally|typically|usually|often|sometimes|mostly|largely|partially|partly|some|preliminary|to some extent|in some cases|would|should)\b/gi

/** Words that turn a statement round. */
export const negations =
  /\b(?:not|no|nor|never|none|neither|without|cannot|fail(?:s|ed|ing)? to|unable to|lack(?:s|ed|ing)? of|absence of|n[o']t)\b|n['’]t\b/gi

/** Which way a change or a comparison goes, by stem. */
const upward =
  'increas rise rose risen rais higher greater more larger grow grew grown gain improv enhanc better elev upregul superior stronger faster exceed outperform longer promot acceler'
const downward =
  'decreas reduc reduct lower less fewer fell fall fallen drop declin diminish smaller shorten wors worsen impair inferior weaker slower downregul attenu suppress inhibit prevent deterior shorter'
const directions = new Map([
  ...upward.split(' ').map((stem) => [stem, 1] as const),
  ...downward.split(' ').map((stem) => [stem, -1] as const),
])

/** The direction that a stem names: 1 for more or better, -1 for less or worse, 0 for none. */
export function directionOf(stem: string): number {
  return directions.get(stem) ?? 0
}

/** How often a global pattern matches. */
export function matches(pattern: RegExp, text: string): string[] {
  return Array.from(text.matchAll(pattern), ([word]) => word.toLowerCase())
}
