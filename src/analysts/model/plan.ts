import { z } from 'zod'
import type { Concept, Plan } from '../../contract/plan.ts'
import { SheafError } from '../../errors.ts'
import type { PlanRequest } from '../analyst.ts'
import { ruleCriteria } from '../rules.ts'
import { type Asking, askTwice } from './asking.ts'
import { planPrompt } from './prompts/plan.ts'
import { cut, oneLine } from './text.ts'

/** More of anything makes a plan that nobody reads and a query that no service takes. */
const most = { questions: 6, criteria: 8, concepts: 5, synonyms: 10 }
/** Bounds in UTF-16 units. */
const longest = { question: 4_000, sentence: 400, term: 80 }

const sentences = z.array(z.string())
const kind = {
  prompt: planPrompt,
  answer: z.object({
    researchQuestions: sentences,
    inclusion: sentences,
    exclusion: sentences,
    concepts: z.array(z.object({ term: z.string(), synonyms: z.array(z.string()) })),
  }),
  maxOutputTokens: 4_000,
}

/**
 * The protocol for a question, as a model writes it, with the rules on years and retraction that are not its to decide.
 * What each source is asked follows from the concepts, so `sources` is left to who knows their languages.
 * @throws {SheafError} `upstream_failed` when the model, asked twice, names no research question or no concept
 */
export async function planByModel(asking: Asking, request: PlanRequest): Promise<Plan> {
  const { question, since, until, maxPapers } = request
  const lines = [{ kind: 'question', question: cut(question, longest.question) }]
  const draft = await askTwice(asking, kind, lines, (answer) => {
    const researchQuestions = listOf(answer.researchQuestions, most.questions, longest.sentence)
    const concepts = conceptsOf(answer.concepts)
    if (researchQuestions.length === 0 || concepts.length === 0) return undefined
    const inclusion = listOf(answer.inclusion, most.criteria, longest.sentence)
    const exclusion = listOf(answer.exclusion, most.criteria, longest.sentence)
    return { researchQuestions, inclusion, exclusion, concepts }
  })
  if (draft === undefined)
    throw new SheafError('upstream_failed', 'The model made no plan of the question, asked twice.', {
      advice: 'Put the question in other words, or use another model or the extractive analyst.',
    })
  const rules = ruleCriteria({ since, until })
  return {
    question,
    ...draft,
    inclusion: [...draft.inclusion, ...rules.inclusion],
    // Retraction is a rule's to decide; that the model names it too adds nothing.
    exclusion: [...draft.exclusion.filter((criterion) => !/\bretract/i.test(criterion)), ...rules.exclusion],
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(maxPapers !== undefined && { maxPapers }),
    sources: [],
  }
}

/** A concept once, and each word in one concept only: the same word twice in a query asks nothing more. */
function conceptsOf(drafts: readonly Concept[]): Concept[] {
  const used = new Set<string>()
  const unused = (word: string) => !used.has(word.toLowerCase()) && used.add(word.toLowerCase())
  return drafts.slice(0, most.concepts).flatMap(({ term, synonyms }) => {
    const [name] = listOf([term], 1, longest.term).filter(unused)
    if (name === undefined) return []
    return [{ term: name, synonyms: listOf(synonyms.filter(unused), most.synonyms, longest.term) }]
  })
}

function listOf(texts: readonly string[], count: number, length: number): string[] {
  const lines = texts.map((text) => oneLine(text, length)).filter((text) => /[\p{L}\p{N}]/u.test(text))
  return [...new Set(lines)].slice(0, count)
}
