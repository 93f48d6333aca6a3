import type { Plan } from '../../contract/plan.ts'
import { printable } from '../progress/words.ts'
import { colors, say } from '../terminal.ts'

/** Prints a plan for a person. */
export function sayPlan(plan: Plan): void {
  const part = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) say(colors.bold(title))
    for (const line of lines) say(`  ${printable(line)}`)
  }
  part('Research questions', plan.researchQuestions)
  part('Taken in', plan.inclusion)
  part('Left out', plan.exclusion)
  part(
    'Terms',
    plan.concepts.map(({ term, synonyms }) => [term, ...synonyms].join(', ')),
  )
  part(
    'Sources',
    plan.sources.map(({ source, query }) => `${source}: ${query}`),
  )
}
