import { z } from 'zod'
import type { StudyCard } from '../../contract/evidence.ts'
import type { Plan } from '../../contract/plan.ts'
import type { Theme } from '../../contract/synthesis.ts'
import type { DraftClaim, EvidenceBase } from '../analyst.ts'
import { roundedScore } from '../rules.ts'
import { type Asking, askTwice } from './asking.ts'
import { inParallel } from './in-parallel.ts'
import type { MaterialLine } from './material.ts'
import { claimsPrompt } from './prompts/claims.ts'
import { paperLine, quotationLine, reviewLine } from './review-lines.ts'
import { byteLength, oneLine } from './text.ts'

/** A theme gets at most this many claims, and one more for each further paper, up to the last figure. */
const mostClaims = { base: 8, papers: 4, ceiling: 16 }
const mostSpans = 6
const longestClaim = 600
/** Bound of the quotations in one question, in bytes of UTF-8: about 12,000 tokens. */
const mostBytes = 48_000
/** What a synthesis is written from; datasets and metrics stand in the matrix. */
const fields = ['result', 'method', 'limitation', 'problem'] as const

const kind = {
  prompt: claimsPrompt,
  answer: z.object({
    claims: z.array(
      z.object({
        text: z.string(),
        spans: z.array(z.string()),
        salience: z.number(),
        uncertainty: z.enum(['low', 'medium', 'high']),
      }),
    ),
  }),
  maxOutputTokens: 6_000,
}

/**
 * The claims of one theme, the most salient first, each resting on at least one of the theme's spans. Themes whose
 * quotations do not fit into one question are asked about in parts. Spans that were not given to the model are struck
 * from a claim, and a claim without any is dropped.
 */
export async function claimsByModel(
  asking: Asking,
  plan: Plan,
  theme: Theme,
  cards: readonly StudyCard[],
  evidence: EvidenceBase,
): Promise<DraftClaim[]> {
  const groups = groupsOf(cards.map((card) => linesOf(card, evidence)).filter((lines) => lines.length > 1))
  const papers = Math.max(0, cards.length - mostClaims.papers)
  const limit = Math.min(mostClaims.ceiling, mostClaims.base + papers)
  const most = Math.ceil(limit / Math.max(1, groups.length))
  const themeLine = { kind: 'theme', label: theme.label, description: theme.description, most }
  const drafts = await inParallel(groups, async (lines) => {
    const known = new Set(lines.flatMap(({ kind: of, id }) => (of === 'quotation' ? [id as string] : [])))
    const claims = await askTwice(asking, kind, [reviewLine(plan), themeLine, ...lines], (answer) => {
      const usable = answer.claims.flatMap((claim) => usableClaim(asking, claim, known))
      return usable.length > 0 ? usable : undefined
    })
    return claims ?? []
  })
  return distinct(drafts.flat().toSorted((one, other) => other.salience - one.salience)).slice(0, limit)
}

/** A paper and what it says; only itself where it says nothing that a synthesis is written from. */
function linesOf(card: StudyCard, { spans, papers }: EvidenceBase): MaterialLine[] {
  const paper = papers.get(card.paperId)
  if (paper === undefined) return []
  const ids = fields.flatMap((field) => card[field].flatMap((entry) => entry.spans))
  const quotations = [...new Set(ids)].flatMap((id) => spans.get(id) ?? [])
  return [paperLine(paper), ...quotations.map(quotationLine)]
}

/** Papers side by side in as few groups as fit. A paper that does not fit alone stands alone. */
function groupsOf(papers: readonly MaterialLine[][]): MaterialLine[][] {
  const groups: MaterialLine[][] = []
  let room = 0
  for (const lines of papers) {
    const size = byteLength(JSON.stringify(lines))
    if (size > room) {
      groups.push([])
      room = mostBytes
    }
    groups.at(-1)!.push(...lines)
    room -= size
  }
  return groups
}

function usableClaim(
  asking: Asking,
  { text, spans, salience, uncertainty }: z.infer<typeof kind.answer>['claims'][number],
  known: ReadonlySet<string>,
): DraftClaim[] {
  const own = [...new Set(spans)].filter((id) => known.has(id))
  const unknown = spans.length - own.length
  if (unknown > 0) asking.onUnusable({ task: kind.prompt.task, unknown, missing: 0 })
  const line = oneLine(text, longestClaim)
  if (own.length === 0 || !/\p{L}/u.test(line)) return []
  return [{ text: line, spans: own.slice(0, mostSpans), salience: roundedScore(salience), uncertainty }]
}

/** The same words twice would be one claim with two identities. */
function distinct(claims: readonly DraftClaim[]): DraftClaim[] {
  const seen = new Set<string>()
  return claims.filter(({ text }) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()))
}
