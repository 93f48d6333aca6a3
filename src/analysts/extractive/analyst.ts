import type { Analyst } from '../analyst.ts'
import { answerQuestion } from './answer.ts'
import { auditClaims } from './audit.ts'
import { makeClaims } from './claims.ts'
import { extractQuotations } from './extract.ts'
import { labelByPhrases } from './label.ts'
import { planReview } from './plan.ts'
import { relateClaims } from './relate.ts'
import { screenPapers } from './screen.ts'

/**
 * The analyst that needs no model, no key and no network. It writes nothing of its own: its claims are the papers'
 * sentences said of their authors. The same input gives the same output. Its judgements are fast enough to run where
 * they are called; each looks at the signal before it begins.
 */
export function createExtractiveAnalyst(): Analyst {
  return {
    name: 'extractive',
    async plan(request, signal) {
      signal?.throwIfAborted()
      return planReview(request)
    },
    async screen({ plan, candidates }, signal) {
      signal?.throwIfAborted()
      return screenPapers(plan, candidates)
    },
    async extract({ plan, pages }, signal) {
      signal?.throwIfAborted()
      return extractQuotations(plan, pages)
    },
    async label({ themes, papers }, signal) {
      signal?.throwIfAborted()
      return labelByPhrases(themes, papers)
    },
    async claims({ plan, theme, cards, evidence }, signal) {
      signal?.throwIfAborted()
      return makeClaims(plan, theme, cards, evidence)
    },
    async relate({ claims, evidence }, signal) {
      signal?.throwIfAborted()
      return relateClaims(claims, evidence)
    },
    async audit({ claims, evidence }, signal) {
      signal?.throwIfAborted()
      return auditClaims(claims, evidence)
    },
    async answer({ question, evidence }, signal) {
      signal?.throwIfAborted()
      return answerQuestion(question, evidence)
    },
  }
}
