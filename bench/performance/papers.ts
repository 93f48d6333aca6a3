import { createCorpus } from '../../lab/corpus/corpus.ts'
import { questions } from '../../lab/corpus/questions.ts'
import { recordOf } from '../../lab/corpus/records.ts'
import type { Paper } from '../../src/contract/paper.ts'

/** The question that sessions and scenarios ask. */
export const question = questions[0]!.question

/** Papers of the lab's corpus as merging leaves them, from the corpus' number `first` on. */
export function papersFrom(first: number, count: number): Paper[] {
  const corpus = createCorpus({ seed: 1, papers: first + count })
  return Array.from({ length: count }, (_, place) => {
    const { title, authors, year, abstract } = recordOf(corpus, first + place, 'arxiv')
    return {
      id: `p${String(first + place).padStart(11, '0')}`,
      fields: {
        title,
        authors: authors.map(({ given, family }) => ({ given, family })),
        year,
        ...(abstract !== undefined && { abstract }),
      },
      provenance: {},
      records: [`arxiv:${first + place}`],
      mergedBecause: [],
    }
  })
}
