import { findSpans } from '../../store/evidence.ts'
import { findPapers } from '../../store/papers.ts'
import { auditsOf, claimsOf, storeAudits } from '../../store/synthesis.ts'
import { planOf, type TaskKind } from '../task.ts'
import { themeItems } from '../theme-items.ts'

/** Compares the claims of one theme with their spans, before anything is written. */
export const auditTask: TaskKind = {
  name: 'audit',
  phase: 'audit',
  queue: 'analysis',
  essential: false,

  items: themeItems,

  async run(context, themeId) {
    const { sql, session, analyst, signal } = context
    const claims = (await claimsOf(sql, session.id)).filter((claim) => claim.themeId === themeId)
    const spans = await findSpans(sql, session.id, [...new Set(claims.flatMap((claim) => claim.spans))])
    const papers = await findPapers(sql, session.id, [...new Set(spans.map((span) => span.paperId))])
    const evidence = {
      spans: new Map(spans.map((span) => [span.id, span])),
      papers: new Map(papers.map((paper) => [paper.id, paper])),
    }
    const audits = await analyst.audit({ plan: planOf(context), claims, evidence }, signal)
    return async (transaction) => {
      await storeAudits(transaction, session.id, audits)
    }
  },

  async counts({ sql, session }) {
    const audits = await auditsOf(sql, session.id)
    const having = (verdict: string) => audits.filter((audit) => audit.verdict === verdict).length
    return {
      supported: having('supported'),
      repaired: having('repaired'),
      removed: having('removed'),
      'not audited': having('error'),
    }
  },
}
