import type { Plan } from '../../contract/plan.ts'
import type { PlanRequest } from '../analyst.ts'
import { ruleCriteria } from '../rules.ts'
import { fewConcepts } from './concept-coverage.ts'
import { conceptsOf } from './concepts.ts'

/** A new part of a question begins with one of these after a comma or "and". */
const nextPart =
  / ?(?:\?+|[;·•]|,? and (?=(?:how|what|which|why|when|where|who|whether|do|does|did|is|are|was|were|can|could|should)\b)|, (?=(?:how|what|which|why|when|where|who)\b)) ?/i

/**
 * The protocol for a question, from its words alone: its parts, what a paper must name and what keeps it out, and its
 * concepts with other words for them. The same question makes the same plan.
 */
export function planReview({ question, since, until, maxPapers, sources }: PlanRequest): Plan {
  const concepts = conceptsOf(question)
  const terms = concepts.map(({ term }) => `“${term}”`)
  const query = concepts
    .map(({ term, synonyms }) => [term, ...synonyms.slice(0, 2)].map(quoted).join(' OR '))
    .map((part) => `(${part})`)
    .join(' AND ')
  const rules = ruleCriteria({ since, until })
  return {
    question,
    researchQuestions: researchQuestions(question),
    inclusion: [
      `The paper names ${listed(terms, 'and')}${terms.length > fewConcepts ? ', or most of these,' : ''} in its title, abstract or opening, in these words or in the plan's other words for them.`,
      'The paper has a contribution of its own; surveys and overviews are kept as background unless the question asks for them.',
      ...rules.inclusion,
    ],
    exclusion: [
      ...rules.exclusion,
      'A paper that names too few of the concepts, or of which only the title is known, is not excluded but kept as background.',
    ],
    concepts,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(maxPapers !== undefined && { maxPapers }),
    sources: sources.map((source) => ({ source, query })),
  }
}

/** The parts of a question, each as a question of its own. */
export function researchQuestions(question: string): string[] {
  const parts = question
    .slice(0, 4_000)
    .split(/[\r\n]/)
    .flatMap((line) => line.replace(/\s+/g, ' ').split(nextPart))
    .map((part) => part.trim().replace(/[.,:]+$/, ''))
    .filter((part) => /\p{L}.*\p{L}/u.test(part))
    .map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}?`)
  return parts.length > 0 ? parts : [question]
}

function quoted(term: string): string {
  return /\s/.test(term) ? `"${term}"` : term
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], conjunction: 'and' | 'or'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}
