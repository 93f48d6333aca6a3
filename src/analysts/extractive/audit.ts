import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Audit, Claim } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import type { EvidenceBase } from '../analyst.ts'
import { attributed } from './attribution.ts'
import { type Departure, departures } from './entailment.ts'

/** Below this share of its words in the quotation a claim is about something else, and is not repaired but removed. */
const leastShared = 0.5

const named: Record<Departure['kind'], string> = {
  number: 'the number',
  unit: 'the unit in',
  name: 'the name',
  negation: 'the negation',
  hedge: 'the reservation',
  quantity: 'the quantity',
  direction: 'the direction',
  word: 'the word',
  order: 'the order of',
}

/**
 * Compares each claim with the quotations it cites: one verdict for each, in the given order. Supported is only what says
 * nothing but what one of them says. What goes beyond is replaced by the quotation itself, said of its authors; what has
 * little to do with any is removed. A claim whose quotations are not at hand is an error, never a pass.
 */
export function auditClaims(claims: readonly Claim[], evidence: EvidenceBase): Audit[] {
  return claims.map((claim) => auditClaim(claim, evidence))
}

function auditClaim(claim: Claim, { spans, papers }: EvidenceBase): Audit {
  const cited = claim.spans.map((id) => spans.get(id))
  if (cited.length === 0 || !cited.every((span) => span !== undefined)) {
    const reason = 'A quotation that the claim cites is not among the evidence.'
    return { claimId: claim.id, verdict: 'error', severity: 'none', reason }
  }
  const judged = cited.map((span) => judge(claim.text, span, { spans, papers }))
  const best = judged.reduce((least, each) => (weight(each) < weight(least) ? each : least))
  if (best.departures.length === 0) {
    const reason =
      'All words, numbers, negations and reservations of the claim stand in its quotation in this order.'
    return { claimId: claim.id, verdict: 'supported', severity: 'none', reason, publishedText: claim.text }
  }
  const severity = best.departures.some((departure) => departure.severity === 'major') ? 'major' : 'minor'
  const reason = `Against the quotation, ${best.departures.slice(0, 4).map(phrase).join('; ')}.`
  if (best.shared < leastShared) return { claimId: claim.id, verdict: 'removed', severity, reason }
  const publishedText = attributed(best.span.quotation, best.span.field, papers.get(best.span.paperId))
  return { claimId: claim.id, verdict: 'repaired', severity, reason, publishedText }
}

interface Judgement {
  span: EvidenceSpan
  departures: Departure[]
  /** Share of the claim's stems that the quotation has. */
  shared: number
}

function judge(text: string, span: EvidenceSpan, { papers }: EvidenceBase): Judgement {
  const { statement, foreign } = withoutAttribution(text, span, papers)
  const found = departures(statement, span.quotation)
  const stems = tokenize(statement, { compounds: false })
  const inQuotation = new Set(tokenize(span.quotation, { compounds: false }))
  const shared = stems.filter((stem) => inQuotation.has(stem)).length / Math.max(1, stems.length)
  return { span, departures: foreign === undefined ? found : [foreign, ...found], shared }
}

/** Names and a year at the beginning of a claim, as a reference is written. */
const reference = /^(?:“[^”]{1,200}”|\p{Lu}[^\d“:;.]{0,80}(?:et al\.)?) \((?:\d{4}[a-z]?|n\.d\.)\)/u

/** A claim without the names it begins with; names of others than the paper's authors are a departure. */
function withoutAttribution(
  text: string,
  span: EvidenceSpan,
  papers: EvidenceBase['papers'],
): { statement: string; foreign?: Departure } {
  const paper = papers.get(span.paperId)
  const who = paper ? shortReference(paper) : undefined
  if (who !== undefined && text.startsWith(who)) return { statement: withoutVerb(text.slice(who.length)) }
  const other = reference.exec(text)?.[0]
  if (other === undefined || span.quotation.startsWith(other)) return { statement: text }
  const foreign: Departure = { kind: 'name', severity: 'major', words: [other] }
  return { statement: withoutVerb(text.slice(other.length)), foreign }
}

/** Verbs that only say who speaks. Any other ("prove", "propose") must be the paper's own. */
const neutral = /^ (?:reports?|writes?|states?|notes?|say|says):? (?:that )?/

function withoutVerb(text: string): string {
  return text.replace(neutral, ' ')
}

function weight({ departures: found, shared }: Judgement): number {
  return found.reduce((sum, { severity }) => sum + (severity === 'major' ? 10 : 1), 0) - shared
}

function phrase({ kind, words }: Departure): string {
  const quoted = words
    .slice(0, 3)
    .map((word) => `“${word.slice(0, 40)}”`)
    .join(', ')
  return `${named[kind]} ${quoted} does not hold`
}
