import { planReview } from '../../../src/analysts/extractive/plan.ts'
import type { MaterialLine } from '../../../src/analysts/model/material.ts'
import { linesOfKind } from './read-lines.ts'
import { shareFound, stemsOf } from './words.ts'

/** A protocol from the question's own words. */
export function plan(lines: readonly MaterialLine[]) {
  const question = linesOfKind(lines, 'question')[0]?.question ?? ''
  const { researchQuestions, inclusion, exclusion, concepts } = planReview({ question, sources: [] })
  return { researchQuestions, inclusion, exclusion, concepts }
}

const survey = /\b(?:survey|overview|review|meta-analysis)\b/i

/** By the share of the review's concepts that a paper names, and of the question's words. */
export function screen(lines: readonly MaterialLine[]) {
  const [review] = linesOfKind(lines, 'review')
  const concepts = (review?.concepts ?? []).map((words) => words.map(stemsOf))
  const asked = stemsOf(review?.question ?? '')
  const decisions = linesOfKind(lines, 'paper').map(
    ({ id, title, keywords = [], abstract, opening = '' }) => {
      const found = stemsOf([title, ...keywords, abstract ?? opening].join('\n'))
      const named = concepts.filter((words) => words.some((stems) => shareFound(stems, found) === 1)).length
      const covered = named / Math.max(1, concepts.length)
      const score = Math.round((0.6 * covered + 0.4 * shareFound(asked, found)) * 100) / 100
      const rationale = `Names ${named} of ${concepts.length} concepts.`
      if (covered < 0.34) return { id, tier: 'exclude', reason: 'out_of_scope', score, rationale }
      if (covered < 0.6) return { id, tier: 'background', reason: 'out_of_scope', score, rationale }
      if (survey.test(title) && !survey.test(review?.question ?? ''))
        return { id, tier: 'background', reason: 'survey_context', score, rationale }
      return { id, tier: 'core', reason: 'relevant', score, rationale }
    },
  )
  return { decisions }
}

/** The first keywords of a theme, or of its titles, as its name. */
export function label(lines: readonly MaterialLine[]) {
  const names = linesOfKind(lines, 'theme').map(({ id = '', keywords = [], titles = [] }) => {
    const words =
      keywords.slice(0, 3).join(', ') || (titles[0] ?? 'Other papers').split(/\s+/).slice(0, 5).join(' ')
    return { id, label: words, description: `Papers on ${words}.` }
  })
  return { names }
}
