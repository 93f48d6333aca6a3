import { topics } from './topics/all.ts'

/** A question of the lab's, with the terms that a careful searcher would plan for it. */
export interface LabQuestion {
  readonly topic: string
  readonly question: string
  readonly concepts: readonly { readonly term: string; readonly synonyms: readonly string[] }[]
}

/** One question for each topic. */
export const questions: readonly LabQuestion[] = topics.map(
  ({ id, question, subject, outcome, setting }) => ({
    topic: id,
    question,
    concepts: [subject, outcome, [setting[0]]].map(([term = '', ...synonyms]) => ({ term, synonyms })),
  }),
)
