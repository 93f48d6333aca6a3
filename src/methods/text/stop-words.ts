/**
 * English function words: articles, pronouns, prepositions, conjunctions, auxiliaries and question words. No noun, verb
 * or adjective with a meaning of its own is in it, so it is safe for every field. Lower case, without apostrophes.
 */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above across after again against all almost alone along already also although always am among an and another
  any anybody anyone anything are aren around as at be became because become becomes been before being below between both
  but by can cannot could couldn did didn do does doesn doing don done down during each either else ever every everyone
  everything for from further had hadn has hasn have haven having he hence her here hers herself him himself his how
  however i if in indeed instead into is isn it its itself just least less ll many may maybe me might more moreover most
  much must my myself namely neither never nevertheless no nobody none nor not nothing now of off often on once only onto
  or other others otherwise our ours ourselves out over own per perhaps quite rather re same seem seemed seems several
  shall she should shouldn since so some somehow someone something sometimes still such than that the their theirs them
  themselves then there therefore these they this those though through throughout thus to together too toward towards
  under until up upon us ve very via was wasn we well were weren what whatever when whenever where whereas wherever
  whether which while who whoever whole whom whose why will with within without won would wouldn yet you your yours
  yourself yourselves`
    .split(/\s+/)
    .filter((word) => word.length > 0),
)
