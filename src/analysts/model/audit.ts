import { z } from 'zod'
import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Audit, Claim } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import type { EvidenceBase } from '../analyst.ts'
import { askAboutEach } from './ask-about-each.ts'
import type { Asking } from './asking.ts'
import { figuresBeyond } from './numbers.ts'
import { auditPrompt } from './prompts/audit.ts'
import { oneLine } from './text.ts'

const longest = { reason: 400, published: 600 }

const verdictSchema = z.object({
  id: z.string(),
  verdict: z.enum(['supported', 'repaired', 'removed']),
  severity: z.enum(['none', 'minor', 'major']),
  reason: z.string(),
  publishedText: z.string().nullable(),
})
type Verdict = z.infer<typeof verdictSchema>

/** A claim with its quotations and the references of their papers. */
interface AuditedClaim {
  id: string
  claim: Claim
  cited: { reference: string; quotation: string }[]
}

const kind = {
  prompt: auditPrompt,
  answer: z.object({ verdicts: z.array(verdictSchema) }),
  maxOutputTokens: 4_000,
  batchSize: 10,
  entriesOf: ({ verdicts }: { verdicts: Verdict[] }) => verdicts,
  /** A verdict fits its severity and its text, and lets no figure pass that stands in no quotation. */
  isUsable: ({ verdict, severity, reason, publishedText }: Verdict, { claim, cited }: AuditedClaim) => {
    if (oneLine(reason, longest.reason) === '' || (severity === 'none') !== (verdict === 'supported'))
      return false
    if (verdict === 'removed') return true
    const text = verdict === 'supported' ? claim.text : oneLine(publishedText ?? '', longest.published)
    return /\p{L}/u.test(text) && foreignFigures(text, cited).length === 0
  },
}

/**
 * Compares each claim with its quotations: one verdict for each, in the given order. A claim whose quotations are not at
 * hand, or on which the model, asked twice, gives no verdict that can be used, is an error, never a pass.
 */
export async function auditByModel(
  asking: Asking,
  claims: readonly Claim[],
  evidence: EvidenceBase,
): Promise<Audit[]> {
  const audited = claims.flatMap((claim) => withQuotations(claim, evidence) ?? [])
  const verdicts = await askAboutEach(asking, kind, [], audited, ({ id, claim, cited }) => ({
    kind: 'claim',
    id,
    text: claim.text,
    quotations: cited,
  }))
  const byId = new Map(audited.map((each) => [each.id, each]))
  return claims.map((claim) => {
    const own = byId.get(claim.id)
    if (own === undefined) return failed(claim, 'A quotation that the claim cites is not among the evidence.')
    const verdict = verdicts.get(claim.id)
    return verdict === undefined ? failed(claim, whyNone(own)) : auditOf(claim, verdict)
  })
}

function auditOf(claim: Claim, { verdict, severity, reason, publishedText }: Verdict): Audit {
  const audit = { claimId: claim.id, verdict, severity, reason: oneLine(reason, longest.reason) }
  if (verdict === 'supported') return { ...audit, publishedText: claim.text }
  if (verdict === 'removed') return audit
  return { ...audit, publishedText: oneLine(publishedText!, longest.published) }
}

function failed(claim: Claim, reason: string): Audit {
  return { claimId: claim.id, verdict: 'error', severity: 'none', reason }
}

function whyNone({ claim, cited }: AuditedClaim): string {
  const foreign = foreignFigures(claim.text, cited)
  const figures =
    foreign.length > 0 ? ` The claim's ${foreign.join(', ')} stands in none of its quotations.` : ''
  return `The model was asked twice and gave no verdict that could be used.${figures}`
}

function foreignFigures(text: string, cited: AuditedClaim['cited']): string[] {
  return figuresBeyond(
    text,
    cited.flatMap(({ reference, quotation }) => [reference, quotation]),
  )
}

function withQuotations(claim: Claim, { spans, papers }: EvidenceBase): AuditedClaim | undefined {
  const cited = claim.spans.map((id) => spans.get(id))
  if (cited.length === 0 || !cited.every((span) => span !== undefined)) return undefined
  const shown = cited.map(({ paperId, quotation }: EvidenceSpan) => {
    const paper = papers.get(paperId)
    return {
      reference: paper ? shortReference(paper) : paperId,
      quotation,
    }
  })
  return { id: claim.id, claim, cited: shown }
}
