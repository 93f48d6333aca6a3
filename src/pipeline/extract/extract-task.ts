import { SheafError } from '../../errors.ts'
import { admitQuotations } from '../../evidence/admit.ts'
import { storeCards, storeRejectedQuotations, storeSpans } from '../../store/evidence.ts'
import { findPaper } from '../../store/papers.ts'
import { countValues } from '../../store/values.ts'
import { readableCorePapers } from '../core-papers.ts'
import { planOf, type TaskKind } from '../task.ts'
import { fillCard } from './study-card.ts'

/** Reads one paper whole, keeps the quotations that stand on its pages, and fills its study card with them. */
export const extractTask: TaskKind = {
  name: 'extract',
  phase: 'extract',
  queue: 'analysis',
  essential: false,

  items: readableCorePapers,

  async run(context, paperId) {
    const { sql, session, analyst, archive, signal } = context
    const paper = await findPaper(sql, session.id, paperId)
    if (!paper?.document)
      throw new SheafError('internal', `Paper ${paperId} has no document to extract from.`)
    const pages = await archive.pages(paper.document)
    const proposals = await analyst.extract({ plan: planOf(context), paper, pages }, signal)
    const { admitted, spans, rejected } = admitQuotations(proposals, {
      paperId,
      document: paper.document,
      pages,
    })
    return async (transaction) => {
      await storeSpans(transaction, session.id, spans)
      await storeRejectedQuotations(transaction, session.id, rejected)
      await storeCards(transaction, session.id, [fillCard(paperId, admitted)])
    }
  },

  async counts({ sql, session }) {
    return {
      'study cards': await countValues(sql, 'cards', session.id),
      quotations: await countValues(sql, 'spans', session.id),
      'quotations rejected': await countValues(sql, 'rejected_quotations', session.id),
    }
  },
}
