import type { Paper } from '../../contract/paper.ts'
import { labelThemes } from '../../methods/clustering/labels.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import type { UnnamedTheme } from '../analyst.ts'

/**
 * Names themes by the phrases that their papers share and that tell them from the others; one name for each, in order. A
 * theme without keywords among others holds papers that resemble none.
 */
export function labelByPhrases(
  themes: readonly UnnamedTheme[],
  papers: ReadonlyMap<string, Paper>,
): { label: string; description: string }[] {
  return labelThemes(
    themes.map(({ paperIds, keywords }) => ({
      strangers: keywords.length === 0 && themes.length > 1,
      papers: paperIds.flatMap((id) => {
        const paper = papers.get(id)
        if (paper === undefined) return []
        const { title, abstract = '', keywords = [], authors } = paper.fields
        return [
          {
            id,
            title,
            keywords,
            text: abstract,
            authors: authors.map(({ family }) => family),
            reference: shortReference(paper),
          },
        ]
      }),
    })),
  )
}
