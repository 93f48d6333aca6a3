import { cardsOf, spansOf } from '../../store/evidence.ts'
import { papersOf } from '../../store/papers.ts'
import {
  auditsOf,
  claimsOf,
  findMatrix,
  gapsOf,
  relationsOf,
  storeGaps,
  themesOf,
} from '../../store/synthesis.ts'
import { type TaskKind, whole } from '../task.ts'
import { findGaps } from './gaps.ts'

/** Mines the audited review for what is not known yet. */
export const gapsTask: TaskKind = {
  name: 'gaps',
  phase: 'gaps',
  queue: 'synthesis',
  essential: false,

  items: async () => [...whole],

  async run({ sql, session }) {
    const passed = new Set(
      (await auditsOf(sql, session.id))
        .filter((audit) => audit.verdict === 'supported' || audit.verdict === 'repaired')
        .map((audit) => audit.claimId),
    )
    const relations = await relationsOf(sql, session.id)
    const gaps = findGaps({
      themes: await themesOf(sql, session.id),
      cards: await cardsOf(sql, session.id),
      papers: new Map((await papersOf(sql, session.id)).map((paper) => [paper.id, paper])),
      spans: new Map((await spansOf(sql, session.id)).map((span) => [span.id, span])),
      matrix: (await findMatrix(sql, session.id)) ?? { themes: [], datasets: [], metrics: [], cells: [] },
      claims: (await claimsOf(sql, session.id)).filter((claim) => passed.has(claim.id)),
      relations: relations.filter((relation) => relation.claims.every((id) => passed.has(id))),
    })
    return async (transaction) => {
      await storeGaps(transaction, session.id, gaps)
    }
  },

  async counts({ sql, session }) {
    return { gaps: (await gapsOf(sql, session.id)).length }
  },
}
