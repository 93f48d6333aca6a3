import { z } from 'zod'
import type { Paper } from '../../contract/paper.ts'
import type { Plan } from '../../contract/plan.ts'
import type { UnnamedTheme } from '../analyst.ts'
import { askAboutEach } from './ask-about-each.ts'
import type { Asking } from './asking.ts'
import { labelPrompt } from './prompts/label.ts'
import { reviewLine } from './review-lines.ts'
import { cut, oneLine } from './text.ts'

/** What is shown of a theme. */
const most = { titles: 25, keywords: 12, title: 200 }
const longest = { label: 80, description: 300 }

const nameSchema = z.object({ id: z.string(), label: z.string(), description: z.string() })
type Name = z.infer<typeof nameSchema>

const kind = {
  prompt: labelPrompt,
  answer: z.object({ names: z.array(nameSchema) }),
  maxOutputTokens: 4_000,
  // Names must tell themes from each other, so that they are given together as far as they fit.
  batchSize: 20,
  entriesOf: ({ names }: { names: Name[] }) => names,
  isUsable: ({ label, description }: Name) =>
    /\p{L}/u.test(oneLine(label, longest.label)) && /\p{L}/u.test(oneLine(description, longest.description)),
}

/** A name for each theme, in the given order; one without a usable name, asked twice, is named by its keywords. */
export async function labelByModel(
  asking: Asking,
  plan: Plan,
  themes: readonly UnnamedTheme[],
  papers: ReadonlyMap<string, Paper>,
): Promise<{ label: string; description: string }[]> {
  const items = themes.map((theme, position) => ({ id: `t${position + 1}`, theme }))
  const names = await askAboutEach(asking, kind, [reviewLine(plan)], items, ({ id, theme }) => ({
    kind: 'theme',
    id,
    keywords: theme.keywords.slice(0, most.keywords),
    titles: theme.paperIds.slice(0, most.titles).flatMap((paperId) => {
      const title = papers.get(paperId)?.fields.title
      return title === undefined ? [] : [cut(title, most.title)]
    }),
  }))
  return items.map(({ id, theme }) => {
    const name = names.get(id)
    if (name === undefined) return nameByKeywords(theme)
    return {
      label: oneLine(name.label, longest.label).replace(/\.$/, ''),
      description: oneLine(name.description, longest.description),
    }
  })
}

function nameByKeywords({ keywords, paperIds }: UnnamedTheme): { label: string; description: string } {
  const words = keywords.slice(0, 3).map((keyword) => oneLine(keyword, 24))
  const label = words.join(', ')
  const one = paperIds.length === 1
  const count = one ? 'One paper' : `${paperIds.length} papers`
  if (label === '')
    return { label: 'Papers on other matters', description: `${count} without words that others share.` }
  const description = one ? 'One paper with these words.' : `${count} that share these words.`
  return { label: `${label[0]!.toUpperCase()}${label.slice(1)}`, description }
}
