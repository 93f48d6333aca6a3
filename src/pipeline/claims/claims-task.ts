import { createHash } from 'node:crypto'
import type { StudyCard } from '../../contract/evidence.ts'
import type { Claim, Theme } from '../../contract/synthesis.ts'
import { cardsOf, spansOfPapers } from '../../store/evidence.ts'
import { findPapers } from '../../store/papers.ts'
import { relationsOf, storeClaims, storeRelations, themesOf } from '../../store/synthesis.ts'
import { countValues } from '../../store/values.ts'
import { planOf, type TaskContext, type TaskKind } from '../task.ts'
import { themeItems } from '../theme-items.ts'

/** Makes the claims of one theme, and finds those of different papers that agree or contradict each other. */
export const claimsTask: TaskKind = {
  name: 'claims',
  phase: 'claims',
  queue: 'synthesis',
  essential: false,

  items: themeItems,

  async run(context, themeId) {
    const { sql, session, analyst, signal } = context
    const plan = planOf(context)
    const theme = await themeNamed(context, themeId)
    const cards = (await cardsOf(sql, session.id)).filter((card) => theme.paperIds.includes(card.paperId))
    const evidence = await evidenceOf(context, cards)
    const drafts = await analyst.claims({ plan, theme, cards, evidence }, signal)
    const claims = drafts
      .filter((draft) => draft.spans.every((id) => evidence.spans.has(id)))
      .map(
        (draft): Claim => ({ id: identifierOf('c', themeId, draft.text, ...draft.spans), themeId, ...draft }),
      )
    const found = await analyst.relate({ plan, theme, claims, evidence }, signal)
    const relations = found.map((relation) => ({
      id: identifierOf('r', relation.kind, ...relation.claims),
      themeId,
      ...relation,
    }))
    return async (transaction) => {
      await storeClaims(transaction, session.id, claims)
      await storeRelations(transaction, session.id, relations)
    }
  },

  async counts({ sql, session }) {
    const relations = await relationsOf(sql, session.id)
    return {
      claims: await countValues(sql, 'claims', session.id),
      agreements: relations.filter((relation) => relation.kind === 'agreement').length,
      contradictions: relations.filter((relation) => relation.kind === 'contradiction').length,
    }
  },
}

async function themeNamed({ sql, session }: TaskContext, id: string): Promise<Theme> {
  const theme = (await themesOf(sql, session.id)).find((candidate) => candidate.id === id)
  if (!theme) throw new RangeError(`Session ${session.id} has no theme ${id}.`)
  return theme
}

/** The spans and papers that these cards rest on. */
async function evidenceOf({ sql, session }: TaskContext, cards: readonly StudyCard[]) {
  const own = cards.map((card) => card.paperId)
  const spans = await spansOfPapers(sql, session.id, own)
  const papers = await findPapers(sql, session.id, own)
  return {
    spans: new Map(spans.map((span) => [span.id, span])),
    papers: new Map(papers.map((paper) => [paper.id, paper])),
  }
}

/** The same parts make the same name, in every run. */
function identifierOf(prefix: string, ...parts: string[]): string {
  return prefix + createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
