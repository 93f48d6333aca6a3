import { shareOf } from './random.ts'
import { topics } from './topics/all.ts'

/** What links need to know of papers. */
export interface Dated {
  readonly seed: number
  readonly size: number
  yearOf(index: number): number
}

/** Distances, in papers of the same topic, at which papers may refer to each other. */
const distances = [1, 2, 3, 5, 7, 8, 13, 16, 21, 24, 34, 48, 55, 89]
/** The first papers of each topic, to which many refer. */
const classics = 2
const citesClassic = 0.3

/** Whether a paper is one of its topic's classics. */
export const isClassic = (index: number): boolean => index < classics * topics.length

/** Papers that a paper refers to, all older than it or of its year, all of its topic. */
export function referencesOf(papers: Dated, index: number): number[] {
  const topic = index % topics.length
  const old = Array.from({ length: classics }, (_, at) => topic + at * topics.length)
  const near = distances.flatMap((distance) => [-1, 1].map((sign) => index + sign * distance * topics.length))
  return [
    ...old.filter((other) => cites(papers, index, other)),
    ...near.filter((other) => !isClassic(other) && cites(papers, index, other)),
  ]
}

/** Papers that refer to a paper, without a table: each reference is decided by its two ends alone. */
export function* citationsOf(papers: Dated, index: number): Generator<number> {
  if (isClassic(index)) {
    for (let other = index % topics.length; other < papers.size; other += topics.length) {
      if (cites(papers, other, index)) yield other
    }
    return
  }
  for (const distance of distances) {
    for (const sign of [-1, 1]) {
      const other = index + sign * distance * topics.length
      if (cites(papers, other, index)) yield other
    }
  }
}

function cites(papers: Dated, from: number, to: number): boolean {
  const { seed, size } = papers
  if (from === to || from < 0 || to < 0 || from >= size || to >= size) return false
  const years = papers.yearOf(from) - papers.yearOf(to)
  if (years < 0 || (years === 0 && from < to)) return false
  return shareOf(seed, from, to, 41) < (isClassic(to) ? citesClassic : 0.55)
}
