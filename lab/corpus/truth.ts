import type { Corpus } from './corpus.ts'
import { topics } from './topics/all.ts'

/** 2: answers the topic's question; 1: an overview of it; 0: does not help. */
export function relevanceOf(corpus: Corpus, index: number, topic: string): 0 | 1 | 2 {
  const paper = corpus.paper(index)
  if (paper.topic.id !== topic) return 0
  return paper.aspect === 'answers' ? 2 : paper.aspect === 'overview' ? 1 : 0
}

/** The paper that stands for a work: two papers are the same work exactly when this is the same. */
export function workOf(corpus: Corpus, index: number): number {
  const { relation } = corpus.paper(index)
  return relation?.kind === 'version' ? relation.of : index
}

/**
 * Whether two papers contradict each other: both answer the same question, on the same method, one with an improvement and
 * the other with its opposite.
 */
export function contradict(corpus: Corpus, one: number, other: number): boolean {
  const [a, b] = [corpus.paper(one), corpus.paper(other)]
  const isComparable =
    a.aspect === 'answers' &&
    b.aspect === 'answers' &&
    a.topic === b.topic &&
    a.facets.method === b.facets.method
  return isComparable && [a.direction, b.direction].sort().join() === 'better,worse'
}

/** Papers of the corpus that answer a topic's question, ascending. */
export function* relevantPapers(corpus: Corpus, topic: string): Generator<number> {
  const at = topics.findIndex(({ id }) => id === topic)
  for (let index = at; at >= 0 && index < corpus.size; index += topics.length) {
    if (relevanceOf(corpus, index, topic) === 2) yield index
  }
}
