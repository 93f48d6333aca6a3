import type { Paper } from '../../contract/paper.ts'
import { labelThemes } from '../../methods/clustering/labels.ts'
import type { UnnamedTheme } from '../analyst.ts'

/** Names themes by the phrases that their papers share and that tell them from the others; one name for each, in order. */
export function labelByPhrases(
  themes: readonly UnnamedTheme[],
  papers: ReadonlyMap<string, Paper>,
): { label: string; description: string }[] {
  return labelThemes(
    themes.map(({ paperIds }) =>
      paperIds.flatMap((id) => {
        const paper = papers.get(id)
        if (paper === undefined) return []
        const { title, abstract = '', keywords = [] } = paper.fields
        return [{ id, title, text: [abstract, ...keywords].join('\n') }]
      }),
    ),
  )
}
