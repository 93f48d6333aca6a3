import type { ModelGateway } from '../../models/gateway.ts'
import type { Analyst } from '../analyst.ts'
import { answerByModel } from './answer.ts'
import type { Asking, Unusable } from './asking.ts'
import { auditByModel } from './audit.ts'
import { claimsByModel } from './claims.ts'
import { extractByModel } from './extract.ts'
import { labelByModel } from './label.ts'
import { planByModel } from './plan.ts'
import { relateByModel } from './relate.ts'
import { screenByModel } from './screen.ts'

/** What a {@link createModelAnalyst} works with. */
export interface ModelAnalystOptions {
  gateway: ModelGateway
  /** Whose budget and ledger its questions are. */
  session: string
  /** Told of what in answers could not be used: for a log or a count. */
  onUnusable?: (unusable: Unusable) => void
}

/**
 * The analyst that asks language models. A model's answer is somebody else's word: identifiers must be those asked about,
 * quotations must stand on their pages, figures of published claims in their quotations, and what is missing or cannot
 * be used is asked for once more and then handled, never passed over. The same input asks the same questions, so that
 * answers that are kept are found again.
 */
export function createModelAnalyst({
  gateway,
  session,
  onUnusable = () => {},
}: ModelAnalystOptions): Analyst {
  const asking = (signal: AbortSignal | undefined): Asking => ({ gateway, session, signal, onUnusable })
  return {
    name: 'model',
    plan: (request, signal) => planByModel(asking(signal), request),
    screen: ({ plan, candidates }, signal) => screenByModel(asking(signal), plan, candidates),
    extract: ({ plan, paper, pages }, signal) => extractByModel(asking(signal), plan, paper, pages),
    label: ({ plan, themes, papers }, signal) => labelByModel(asking(signal), plan, themes, papers),
    claims: ({ plan, theme, cards, evidence }, signal) =>
      claimsByModel(asking(signal), plan, theme, cards, evidence),
    relate: ({ claims, evidence }, signal) => relateByModel(asking(signal), claims, evidence),
    audit: ({ claims, evidence }, signal) => auditByModel(asking(signal), claims, evidence),
    answer: ({ question, evidence }, signal) => answerByModel(asking(signal), question, evidence),
  }
}
