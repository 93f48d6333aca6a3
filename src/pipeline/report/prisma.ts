import { retrievalFailureCodes } from '../../contract/document.ts'
import type { StudyCard } from '../../contract/evidence.ts'
import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import type { Prisma } from '../../contract/report.ts'
import type { ScreeningDecision } from '../../contract/screening.ts'

/** What the flow diagram is counted from. */
export interface FlowMaterial {
  records: readonly BibliographicRecord[]
  papers: readonly Paper[]
  decisions: readonly ScreeningDecision[]
  cards: readonly StudyCard[]
}

/** Whether a card holds any evidence. */
export function saysSomething(card: StudyCard): boolean {
  return [card.problem, card.method, card.dataset, card.metric, card.result, card.limitation].some(
    (entries) => entries.length > 0,
  )
}

/** Counts the PRISMA 2020 flow. Every paper is counted once at every stage it reaches; see `prismaSchema` for the sums. */
export function countFlow({ records, papers, decisions, cards }: FlowMaterial): Prisma {
  const decisionOf = new Map(decisions.map((decision) => [decision.paperId, decision]))
  const withEvidence = new Set(cards.filter(saysSomething).map((card) => card.paperId))
  const screened = papers.filter((paper) => decisionOf.has(paper.id))
  const unscreened = papers.filter((paper) => !decisionOf.has(paper.id))
  const core = screened.filter((paper) => decisionOf.get(paper.id)?.tier === 'core')
  const notRetrieved = core.filter(isNotRetrieved)
  const retrieved = core.filter((paper) => !isNotRetrieved(paper))
  const notRead = retrieved.filter((paper) => !withEvidence.has(paper.id))
  return {
    identified: tally(records.map(identifiedBy)).map(([source, count]) => ({
      source,
      records: count,
    })),
    duplicatesRemoved: records.length - papers.length,
    unreadable: byReason(unscreened.map((paper) => paper.failure?.code ?? 'insufficient_detail')),
    screened: screened.length,
    excluded: byReason(reasonsOf(decisions, 'exclude')),
    background: byReason(reasonsOf(decisions, 'background')),
    sought: core.length,
    notRetrieved: byReason(notRetrieved.map((paper) => paper.failure?.code ?? 'not_sought')),
    assessed: retrieved.length,
    notRead: byReason(notRead.map((paper) => paper.failure?.code ?? 'no_evidence_found')),
    included: retrieved.length - notRead.length,
  }
}

const retrievalFailures: ReadonlySet<string> = new Set(retrievalFailureCodes)

function isNotRetrieved({ document, failure }: Paper): boolean {
  return document === undefined && (failure === undefined || retrievalFailures.has(failure.code))
}

/** PRISMA 2020 counts records found through citations apart from those of databases. */
function identifiedBy({ source, foundBy }: BibliographicRecord): string {
  if (foundBy === undefined) return source
  return foundBy === 'backward' ? `${source}, references` : `${source}, citing works`
}

function reasonsOf(decisions: readonly ScreeningDecision[], tier: ScreeningDecision['tier']): string[] {
  return decisions.filter((decision) => decision.tier === tier).map((decision) => decision.reason)
}

function byReason(reasons: readonly string[]): { reason: string; papers: number }[] {
  return tally(reasons).map(([reason, papers]) => ({ reason, papers }))
}

/** Counts equal words; most frequent first, then by code point. */
function tally(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
}
