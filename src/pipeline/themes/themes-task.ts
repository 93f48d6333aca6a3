import type { StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { ThemeDocument } from '../../methods/clustering/phrases.ts'
import { findThemes } from '../../methods/clustering/themes.ts'
import { papersOf } from '../../store/papers.ts'
import { storeMatrix, storeThemes, themesOf } from '../../store/synthesis.ts'
import { coreEvidence } from '../core-papers.ts'
import { planOf, type TaskKind, whole } from '../task.ts'
import { buildMatrix } from './matrix.ts'

/** Groups the papers that were read by what they treat, names the groups, and lays out who uses which data and metric. */
export const themesTask: TaskKind = {
  name: 'themes',
  phase: 'themes',
  queue: 'synthesis',
  essential: true,

  items: async () => [...whole],

  async run(context) {
    const { sql, session, analyst, signal } = context
    const { cards, spans } = await coreEvidence(context)
    const papers = new Map((await papersOf(sql, session.id)).map((paper) => [paper.id, paper]))
    const quotations = new Map(spans.map((span) => [span.id, span.quotation]))
    const found = findThemes(
      cards.map((card) => subjectOf(papers.get(card.paperId)!, card, quotations)),
    ).themes.map(({ ids, keywords }) => ({ paperIds: ids, keywords }))
    const names = await analyst.label({ plan: planOf(context), themes: found, papers }, signal)
    const themes = found.map(({ paperIds, keywords }, position) => ({
      id: `t${position + 1}`,
      ...names[position]!,
      keywords: [...keywords],
      paperIds: [...paperIds],
    }))
    const matrix = buildMatrix(themes, cards)
    return async (transaction) => {
      await storeThemes(transaction, session.id, themes)
      await storeMatrix(transaction, session.id, matrix)
    }
  },

  async counts({ sql, session }) {
    return { themes: (await themesOf(sql, session.id)).length }
  },
}

/** What tells a paper's subject: title, keywords and abstract, and what its card says of problem and method. */
function subjectOf(
  { id, fields }: Paper,
  card: StudyCard,
  quotations: ReadonlyMap<string, string>,
): ThemeDocument {
  const { title, keywords = [], abstract = '', authors } = fields
  const quoted = [...card.problem, ...card.method].flatMap(({ spans }) =>
    spans.map((span) => quotations.get(span) ?? ''),
  )
  return {
    id,
    title,
    keywords,
    text: abstract,
    quotations: quoted.join('\n'),
    authors: authors.map(({ family }) => family),
  }
}
