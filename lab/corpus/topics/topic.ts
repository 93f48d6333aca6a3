/** What a question asks about, in the words of its field. Noun phrases stand without an article where they can,
 * and sentences put them where their number does not show. */
export interface Topic {
  /** As it stands in truth and reports. */
  readonly id: string
  /** arXiv's category. */
  readonly category: string
  /** Whether it is on PubMed and Europe PMC (`life`), on arXiv (`preprint`), or both now and then (`mixed`). */
  readonly field: 'life' | 'preprint' | 'mixed'
  readonly question: string
  /** What acts: the usual term first, then its synonyms. */
  readonly subject: readonly [string, string, string]
  /** What it acts on: the usual term first, then its synonyms. */
  readonly outcome: readonly [string, string, string]
  /** Where or with whom, the usual term first. */
  readonly setting: readonly [string, string]
  /** Forms that the subject takes; findings are about one of them. */
  readonly methods: readonly [string, string, string, string, string, string]
  readonly comparators: readonly string[]
  readonly datasets: readonly [string, string, string, string, string, string]
  /** How the outcome is measured; `better` says which way is an improvement. Effects are from `range[0]` to `range[1]` units. */
  readonly metrics: readonly Metric[]
  /** Kinds of study, with an article. */
  readonly designs: readonly string[]
  /** Clauses: why an effect may come about. */
  readonly mechanisms: readonly string[]
  /** Clauses: what limits a study. */
  readonly limitations: readonly string[]
  /** Outcomes that the same subject is also studied for, and the question does not ask about. */
  readonly otherOutcomes: readonly [string, string, string]
  /** Other things that are studied for the same outcome, and the question does not ask about. */
  readonly otherSubjects: readonly [string, string]
  readonly venues: readonly string[]
}

/** A measure of an outcome. */
export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  readonly range: readonly [number, number]
}
