import type { CardEntry, StudyCard } from '../../contract/evidence.ts'
import type { Matrix, Theme } from '../../contract/synthesis.ts'

/** Stands for the dataset or metric of a paper that names none. */
export const notNamed = 'not named'

/**
 * The theme × dataset × metric matrix: which papers of a theme use a dataset and report a metric. A paper that names
 * several of each stands in every combination, for it does not say which metric belongs to which dataset. Names that
 * differ in case alone are one, written as the first paper writes it. Rows and columns: most papers first.
 */
export function buildMatrix(themes: readonly Theme[], cards: readonly StudyCard[]): Matrix {
  const cardOf = new Map(cards.map((card) => [card.paperId, card]))
  const cells = new Map<string, Matrix['cells'][number]>()
  const spelling = new Map<string, string>()
  const spell = (name: string) => {
    const folded = name.toLowerCase()
    if (!spelling.has(folded)) spelling.set(folded, name)
    return spelling.get(folded)!
  }

  for (const theme of themes)
    for (const paperId of theme.paperIds) {
      const card = cardOf.get(paperId)
      if (!card || (card.dataset.length === 0 && card.metric.length === 0)) continue
      for (const dataset of orUnnamed(card.dataset))
        for (const metric of orUnnamed(card.metric)) {
          const place = { theme: theme.id, dataset: spell(dataset.text), metric: spell(metric.text) }
          const key = JSON.stringify(place)
          const cell = cells.get(key) ?? { ...place, paperIds: [], spans: [] }
          if (!cell.paperIds.includes(paperId)) cell.paperIds.push(paperId)
          for (const span of [...dataset.spans, ...metric.spans])
            if (!cell.spans.includes(span)) cell.spans.push(span)
          cells.set(key, cell)
        }
    }
  const all = [...cells.values()]
  return {
    themes: themes.map((theme) => theme.id),
    datasets: namesByUse(all, 'dataset'),
    metrics: namesByUse(all, 'metric'),
    cells: all,
  }
}

function orUnnamed(entries: readonly CardEntry[]): readonly CardEntry[] {
  return entries.length > 0 ? entries : [{ text: notNamed, spans: [] }]
}

function namesByUse(cells: readonly Matrix['cells'][number][], axis: 'dataset' | 'metric'): string[] {
  const users = new Map<string, Set<string>>()
  for (const cell of cells)
    for (const paperId of cell.paperIds)
      users.set(cell[axis], (users.get(cell[axis]) ?? new Set()).add(paperId))
  users.delete(notNamed)
  return [...users]
    .sort((one, other) => other[1].size - one[1].size || (one[0] < other[0] ? -1 : 1))
    .map(([name]) => name)
}
