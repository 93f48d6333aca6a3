import type { Plan } from '../../contract/plan.ts'
import type { ScreeningDecision } from '../../contract/screening.ts'
import { createIndex } from '../../methods/ranking/ranking.ts'
import type { ScreeningCandidate } from '../analyst.ts'
import { roundedScore, ruledOut } from '../rules.ts'
import { type ConceptCoverage, coverageScore, coverConcepts, searchable } from './concept-coverage.ts'
import { listed } from './plan.ts'

/**
 * From this share of the question's concepts a paper is core. Chosen on real folders of papers with their questions and
 * checked on eleven labelled reviews (`bench/quality/core-papers.ts`).
 */
const leastCore = 0.51
/**
 * Where no paper comes that far, the best ones are core all the same, down to this share of the best one's coverage, but
 * not below `leastCoverage`: a question in words of its own should not leave a review empty.
 */
const shareOfBest = 0.8
const leastCoverage = 0.3
/** Without an abstract, the first this many UTF-16 units of the text stand in for it. */
const standIn = 3_000
/** Less text than this, title aside, is too little to judge. */
const leastText = 200

const survey =
  /\b(?:surveys?|overviews?|systematic (?:literature )?reviews?|literature reviews?|scoping reviews?|meta-analys[ie]s|state of the art|tutorial|taxonomy|bibliography|roadmap|a review)\b|: (?:a|an) (?:critical |brief |short )?(?:review|survey)\b/i
const asksForSurveys = /\b(?:survey|review|overview|meta-analys)/i

interface Judged {
  candidate: ScreeningCandidate
  coverages: ConceptCoverage[]
  /** Share of the question's concepts that the paper names: decides the tier. */
  coverage: number
  /** Coverage and rank by words together: orders the papers. */
  score: number
  detail: number
}

/**
 * One decision for each candidate, in the given order. A rule excludes what was retracted or published outside the years
 * asked for; a score alone excludes nothing: what names too few of the question's concepts becomes background. Coverage
 * decides, since it can say why; the score also counts how the paper ranks for the question's words, which orders the
 * papers of a tier better (docs/notes/04-ranking-without-a-model.md).
 */
export function screenPapers(plan: Plan, candidates: readonly ScreeningCandidate[]): ScreeningDecision[] {
  const ranked = createIndex(
    candidates.map((candidate) => ({
      id: candidate.paper.id,
      title: candidate.paper.fields.title,
      body: summaryOf(candidate),
    })),
  ).rank(plan.question, { feedback: true })
  const rankOf = new Map(ranked.map(({ id, score }) => [id, score]))
  const all = candidates.map((candidate) => judge(plan, candidate, rankOf.get(candidate.paper.id) ?? 0))
  const best = Math.max(0, ...all.map(({ coverage }) => coverage))
  const bar = Math.min(leastCore, Math.max(leastCoverage, shareOfBest * best))
  return all.map((judged) => excludeByRule(plan, judged) ?? decide(plan, judged, bar))
}

/** Weight of the rank beside the coverage in a score. */
const rankWeight = 0.5

function judge(plan: Plan, candidate: ScreeningCandidate, rank: number): Judged {
  const opening = openingOf(candidate)
  const summary = summaryOf(candidate)
  const coverages = coverConcepts(plan.concepts, {
    title: searchable(candidate.paper.fields.title),
    abstract: searchable(summary),
    opening: searchable(opening),
  })
  const coverage = coverageScore(coverages)
  return {
    candidate,
    coverages,
    coverage,
    score: (coverage + rankWeight * rank) / (1 + rankWeight),
    detail: Math.max(summary.length, opening.length),
  }
}

function openingOf({ opening = '' }: ScreeningCandidate): string {
  return opening.slice(0, 20_000)
}

/** Abstract and keywords, or the beginning of the text where there is no abstract. */
function summaryOf(candidate: ScreeningCandidate): string {
  const { abstract, keywords } = candidate.paper.fields
  return [abstract ?? openingOf(candidate).slice(0, standIn), ...(keywords ?? [])].join('\n')
}

function excludeByRule(plan: Plan, { candidate, score }: Judged): ScreeningDecision | undefined {
  const { paper } = candidate
  const rule = ruledOut(plan, paper)
  return (
    rule && { paperId: paper.id, tier: 'exclude', ...rule, score: roundedScore(score), decidedBy: 'rule' }
  )
}

function decide(
  plan: Plan,
  { candidate, coverages, coverage, score, detail }: Judged,
  bar: number,
): ScreeningDecision {
  const { paper } = candidate
  const rationale = rationaleOf(coverages)
  const decision = (
    tier: ScreeningDecision['tier'],
    reason: ScreeningDecision['reason'],
    words: string,
  ): ScreeningDecision => ({
    paperId: paper.id,
    tier,
    reason,
    score: roundedScore(score),
    rationale: words.slice(0, 500),
    decidedBy: 'extractive',
  })
  if (detail < leastText && coverage < bar) {
    const words = paper.failure
      ? `only its title is known: ${paper.failure.message}`
      : 'only its title is known'
    return decision('background', 'insufficient_detail', `${words}; ${rationale}`)
  }
  if (coverage < bar) return decision('background', 'out_of_scope', rationale)
  const called = survey.exec(paper.fields.title)?.[0]
  if (called !== undefined && !asksForSurveys.test(plan.question)) {
    return decision('background', 'survey_context', `calls itself “${called}” in the title; ${rationale}`)
  }
  const closest = coverage < leastCore ? 'among the closest there are; ' : ''
  return decision('core', 'relevant', `${closest}${rationale}`)
}

/** What decided, in words: where which concept is named, and which are not. */
function rationaleOf(coverages: readonly ConceptCoverage[]): string {
  const quoted = ({ concept, word }: ConceptCoverage) =>
    word === undefined || word === concept.term
      ? `“${short(concept.term)}”`
      : `“${short(word)}” (for “${short(concept.term)}”)`
  const parts = (['title', 'abstract', 'opening'] as const).flatMap((where) => {
    const named = coverages.filter((coverage) => coverage.where === where)
    return named.length > 0 ? [`${listed(named.map(quoted), 'and')} in the ${where}`] : []
  })
  const missing = coverages.filter(({ word }) => word === undefined)
  const nothing = missing.length > 0 ? `nothing on ${listed(missing.map(quoted), 'or')}` : ''
  if (parts.length === 0) return nothing
  return [`names ${listed(parts, 'and')}`, nothing].filter((part) => part !== '').join('; ')
}

function short(term: string): string {
  return term.length > 60 ? `${term.slice(0, 59)}…` : term
}
