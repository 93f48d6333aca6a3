import { SheafError } from '../../src/errors.ts'
import { facetsOf, profileOf, relationOf } from './facets.ts'
import { mostPapers } from './identifiers.ts'
import { citationsOf, isClassic, referencesOf } from './links.ts'
import { describePaper, type LabPaper } from './paper.ts'
import { shareOf } from './random.ts'
import { isIn, type PaperService } from './services.ts'
import { topics } from './topics/all.ts'

/**
 * Papers that do not exist, as many as wanted. A corpus holds nothing but its seed and size: whatever is asked of a paper
 * is worked out from the seed and the paper's index, the same each time.
 */
export interface Corpus {
  readonly seed: number
  /** Papers have the indices below it. */
  readonly size: number
  paper(index: number): LabPaper
  yearOf(index: number): number
  isIn(index: number, service: PaperService): boolean
  /** Papers that it refers to. */
  references(index: number): number[]
  /** Papers that refer to it. */
  citations(index: number): Iterable<number>
}

const earliest = 2008
const latest = 2026

/**
 * Makes a corpus.
 * @throws {SheafError} `invalid_input` for sizes other than 1 to 1,000,000
 */
export function createCorpus({ seed, papers: size }: { seed: number; papers: number }): Corpus {
  if (!Number.isInteger(size) || size < 1 || size > mostPapers)
    throw new SheafError('invalid_input', `A corpus has from 1 to ${mostPapers} papers, not ${size}.`)

  function yearOf(index: number): number {
    const relation = relationOf(seed, index)
    if (relation) return Math.min(latest, yearOf(relation.of) + 1)
    if (isClassic(index)) return earliest + (index % 3)
    return latest - Math.floor((latest - earliest + 1) * shareOf(seed, index, 51) ** 1.6)
  }

  const corpus: Corpus = {
    seed,
    size,
    paper: (index) => describePaper(corpus, index),
    yearOf,
    isIn: (index, service) =>
      isIn(seed, index, topics[facetsOf(profileOf(seed, index)).topic]!.field, service),
    references: (index) => referencesOf(corpus, index),
    citations: (index) => citationsOf(corpus, index),
  }
  return corpus
}
