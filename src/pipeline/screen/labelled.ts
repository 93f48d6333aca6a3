import type { ScreeningCandidate } from '../../analysts/analyst.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Label, ScreeningDecision } from '../../contract/screening.ts'
import { type Contribution, createScreener } from '../../methods/screening/screener.ts'

/** What a person's labels are applied to. */
export interface LabelledScreening {
  question: string
  candidates: readonly ScreeningCandidate[]
  /** What the analyst decided without the labels, one for each candidate. */
  decisions: readonly ScreeningDecision[]
  labels: readonly Label[]
}

/** From this probability of inclusion on, the classifier calls a paper core; below the lower one it excludes it. */
const coreFrom = 0.5
const excludedBelow = 0.1
/** The classifier excludes only when it has seen this many labels of each kind: fewer do not tell how unlike is unlike. */
const labelsToExclude = 5
/** Terms that a rationale names, of each kind. */
const termsNamed = 3

/**
 * Screening as a person's labels have it: what they labelled is decided by them; the rest by a classifier taught by them,
 * once there is one label of each kind. Decisions by rule (years) yield to their labels alone, retraction to nothing. Without labels nothing changes.
 */
export function applyLabels(screening: LabelledScreening): ScreeningDecision[] {
  const labelOf = new Map(screening.labels.map((label) => [label.paperId, label]))
  const judge = classifierOf(screening)
  return screening.decisions.map((decision) => {
    const label = labelOf.get(decision.paperId)
    // Nobody's label makes sound again what its publisher has taken back.
    if (decision.reason === 'retracted') return decision
    if (label && label.label !== 'maybe') return byPerson(decision, label)
    if (decision.decidedBy === 'rule') return decision
    return judge?.(decision) ?? decision
  })
}

function byPerson({ paperId }: ScreeningDecision, { label, reason }: Label): ScreeningDecision {
  const included = label === 'include'
  const why = reason === undefined ? '' : `: ${reason}`
  return {
    paperId,
    tier: included ? 'core' : 'exclude',
    reason: included ? 'labelled_include' : 'labelled_exclude',
    score: included ? 1 : 0,
    rationale: `${included ? 'Included' : 'Excluded'} by a person${why}`.slice(0, 500),
    decidedBy: 'person',
  }
}

type Judge = (decision: ScreeningDecision) => ScreeningDecision

function classifierOf({ question, candidates, labels }: LabelledScreening): Judge | undefined {
  const known = new Set(candidates.map(({ paper }) => paper.id))
  const teaching = labels.filter(({ paperId }) => known.has(paperId))
  const count = (kind: Label['label']) => teaching.filter(({ label }) => label === kind).length
  if (count('include') === 0 || count('exclude') === 0) return undefined
  const mayExclude = Math.min(count('include'), count('exclude')) >= labelsToExclude
  const trained = createScreener({
    question,
    papers: papersToScreen(candidates.map(({ paper }) => paper)),
  }).train(teaching)
  const scores = new Map(trained.ranking().map(({ paperId, score }) => [paperId, score]))
  return ({ paperId }) => {
    const score = scores.get(paperId)!
    const tier = score >= coreFrom ? 'core' : mayExclude && score < excludedBelow ? 'exclude' : 'background'
    return {
      paperId,
      tier,
      reason: tier === 'core' ? 'labelled_include' : tier === 'exclude' ? 'labelled_exclude' : 'out_of_scope',
      score,
      rationale: rationaleOf(score, trained.explain(paperId, 2 * termsNamed)),
      decidedBy: 'classifier',
    }
  }
}

/** Papers as the classifier reads them. */
export function papersToScreen(papers: readonly Pick<Paper, 'id' | 'fields'>[]) {
  return papers.map(({ id, fields: { title, abstract, keywords } }) => ({ id, title, abstract, keywords }))
}

function rationaleOf(score: number, contributions: readonly Contribution[]): string {
  const named = (sign: number) =>
    contributions
      .filter(({ weight }) => weight * sign > 0)
      .slice(0, termsNamed)
      .map(({ term }) => `“${term}”`)
      .join(', ')
  const speaks = (side: string, terms: string) => (terms === '' ? '' : `; ${side} ${terms}`)
  const judged = `Taught by the labels: ${Math.round(score * 100)} % likely to belong`
  return `${judged}${speaks('for it', named(1))}${speaks('against it', named(-1))}.`.slice(0, 500)
}
