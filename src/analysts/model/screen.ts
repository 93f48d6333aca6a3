import { z } from 'zod'
import type { Plan } from '../../contract/plan.ts'
import { type ScreeningDecision, tiers } from '../../contract/screening.ts'
import type { ScreeningCandidate } from '../analyst.ts'
import { roundedScore, ruledOut } from '../rules.ts'
import { askAboutEach } from './ask-about-each.ts'
import type { Asking } from './asking.ts'
import type { MaterialLine } from './material.ts'
import { screenPrompt } from './prompts/screen.ts'
import { reviewLine } from './review-lines.ts'
import { cut, oneLine } from './text.ts'

const batchSize = 10
/** Bounds of what is shown of a paper, in UTF-16 units. */
const longest = { title: 400, abstract: 1_800, opening: 2_400, venue: 120 }
const mostKeywords = 10

/** Why a model may put a paper into a tier; dates, retractions and labels are not its business. */
const reasons = [
  'relevant',
  'survey_context',
  'out_of_scope',
  'missing_evaluation',
  'duplicate_work',
  'insufficient_detail',
] as const

const decisionSchema = z.object({
  id: z.string(),
  tier: z.enum(tiers),
  reason: z.enum(reasons),
  score: z.number(),
  rationale: z.string(),
})
type ModelDecision = z.infer<typeof decisionSchema>

const kind = {
  prompt: screenPrompt,
  answer: z.object({ decisions: z.array(decisionSchema) }),
  maxOutputTokens: 4_000,
  batchSize,
  entriesOf: ({ decisions }: { decisions: ModelDecision[] }) => decisions,
  /** What is core is relevant and the other way round; a decision that contradicts itself is none. */
  isUsable: ({ tier, reason, rationale }: ModelDecision) =>
    (tier === 'core') === (reason === 'relevant') && oneLine(rationale, 500) !== '',
}

/**
 * One decision for each candidate, in the given order. Rules decide on retracted papers and dates, and the model is not
 * asked. A paper on which it gives no usable decision, asked twice, is kept as background and says so.
 */
export async function screenByModel(
  asking: Asking,
  plan: Plan,
  candidates: readonly ScreeningCandidate[],
): Promise<ScreeningDecision[]> {
  const open = candidates
    .filter(({ paper }) => ruledOut(plan, paper) === undefined)
    .map((candidate) => ({ id: candidate.paper.id, candidate }))
  const decisions = await askAboutEach(asking, kind, [reviewLine(plan)], open, ({ candidate }) =>
    candidateLine(candidate),
  )
  return candidates.map(({ paper }) => {
    const rule = ruledOut(plan, paper)
    if (rule) return { paperId: paper.id, tier: 'exclude', ...rule, score: 0, decidedBy: 'rule' }
    return decisionOf(paper.id, decisions.get(paper.id))
  })
}

function decisionOf(paperId: string, decision: ModelDecision | undefined): ScreeningDecision {
  if (decision === undefined)
    return {
      paperId,
      tier: 'background',
      reason: 'insufficient_detail',
      score: 0,
      rationale: 'the model was asked twice and gave no decision on this paper that could be used',
      decidedBy: 'model',
    }
  const { tier, reason, score, rationale } = decision
  return {
    paperId,
    tier,
    reason,
    score: roundedScore(score),
    rationale: oneLine(rationale, 500),
    decidedBy: 'model',
  }
}

function candidateLine({ paper, opening }: ScreeningCandidate): MaterialLine {
  const { title, year, venue, keywords, abstract } = paper.fields
  return {
    kind: 'paper',
    id: paper.id,
    title: cut(title, longest.title),
    year,
    venue: venue && cut(venue, longest.venue),
    keywords: keywords?.slice(0, mostKeywords).map((keyword) => cut(keyword, longest.venue)),
    ...(abstract !== undefined
      ? { abstract: cut(abstract, longest.abstract) }
      : { opening: opening && cut(opening, longest.opening) }),
  }
}
