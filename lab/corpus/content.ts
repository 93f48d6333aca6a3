import type { Corpus } from './corpus.ts'
import type { LabPaper } from './paper.ts'
import { type Random, randomOf } from './random.ts'
import {
  datasetSentence,
  deckOf,
  finding,
  limitationSentence,
  methodSentence,
  sentence,
} from './sentences.ts'

/** What a sentence of a paper states, for scoring. */
export type StatementKind = 'finding' | 'method' | 'dataset' | 'limitation'

/** Sentences that belong together; those with a kind are what a reader ought to find. */
export interface Paragraph {
  readonly sentences: readonly { readonly text: string; readonly kind?: StatementKind }[]
}

/** A paper's text. */
export interface Content {
  readonly abstract: string
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly Paragraph[] }[]
  /** As the list of references gives them. */
  readonly references: readonly string[]
}

const plain = (texts: readonly string[]): Paragraph => ({ sentences: texts.map((text) => ({ text })) })

/** The abstract alone: metadata of many papers need no more. */
export function abstractOf(corpus: Corpus, paper: LabPaper): string {
  const { matter, direction, aspect } = paper
  const random = randomOf(corpus.seed, paper.contentKey, 81)
  const { subject, subjectAlso, outcome, outcomeAlso, setting, method, dataset, comparator } = matter
  const also = (term: string, other: string): string =>
    term === other ? term : `${term} (also discussed as ${other})`
  const opening = random.pick([
    `The role of ${also(subject, subjectAlso)} in ${setting} is debated, and so is its bearing on ${also(outcome, outcomeAlso)}.`,
    `In ${setting}, many have proposed ${also(subject, subjectAlso)} with a view to ${also(outcome, outcomeAlso)}.`,
    `Research on ${also(outcome, outcomeAlso)} in ${setting} increasingly turns to ${also(subject, subjectAlso)}.`,
    `Practice in ${setting} has changed with ${also(subject, subjectAlso)}; consequences for ${also(outcome, outcomeAlso)} are less clear.`,
  ])
  const verdict = {
    better: [
      `${method} had a beneficial effect`,
      `outcomes with ${method} were better than with ${comparator}`,
    ],
    unchanged: [
      `${method} made no difference`,
      `results of ${method} and ${comparator} could not be told apart`,
    ],
    worse: [`${method} had an adverse effect`, `outcomes with ${method} were worse than with ${comparator}`],
  }[direction]
  const closing =
    aspect === 'overview'
      ? `This overview sums up ${random.between(24, 190)} studies of ${method} and maps open questions, with ${dataset} as a running example.`
      : `With ${dataset}, ${random.pick(verdict)} as regards ${outcome}.`
  return [opening, sentence('gap', matter, random), closing, sentence('close', matter, random)].join(' ')
}

/** A paper's whole text, always the same for the same paper. */
export function contentOf(corpus: Corpus, paper: LabPaper): Content {
  const { matter, direction, aspect } = paper
  const random = randomOf(corpus.seed, paper.contentKey, 82)
  const deck = {
    background: deckOf('background', matter, random),
    gap: deckOf('gap', matter, random),
    procedure: deckOf('procedure', matter, random),
    detail: deckOf('detail', matter, random),
    discussion: deckOf('discussion', matter, random),
    close: deckOf('close', matter, random),
  }
  const filler = (part: keyof typeof deck, low: number, high: number): Paragraph =>
    plain(deck[part](random.between(low, high)))
  const fillers = (count: number, part: keyof typeof deck, low: number, high: number): Paragraph[] =>
    Array.from({ length: count }, () => filler(part, low, high))
  const stated = (kind: StatementKind, text: string, after: Paragraph): Paragraph => ({
    sentences: [{ text, kind }, ...after.sentences],
  })
  const findings = Array.from({ length: aspect === 'overview' ? 1 : random.between(1, 3) }, (_, at) =>
    finding(at === 0 ? matter : { ...matter, metric: otherMetric(paper, random) }, direction, random),
  )
  const length = random.between(3, 9)
  const cited = corpus.references(paper.contentKey).map((other) => corpus.paper(other))
  return {
    abstract: abstractOf(corpus, paper),
    sections: [
      {
        heading: 'Introduction',
        paragraphs: [...fillers(2, 'background', 3, 6), filler('gap', 2, 4)],
      },
      {
        heading: 'Related Work',
        paragraphs: [
          filler('background', 3, 4),
          ...inThrees(cited.map((other) => mention(other, random))).map(plain),
        ],
      },
      {
        heading: 'Methods',
        paragraphs: [
          stated('method', methodSentence(matter, random), filler('procedure', 3, 5)),
          stated('dataset', datasetSentence(matter, random), filler('procedure', 2, 4)),
          ...fillers(length + 1, 'procedure', 5, 7),
        ],
      },
      {
        heading: 'Results',
        paragraphs: [
          filler('detail', 2, 4),
          ...findings.map((text) => stated('finding', text, filler('detail', 3, 5))),
          ...fillers(length * 3 + 2, 'detail', 4, 8),
        ],
      },
      { heading: 'Discussion', paragraphs: fillers(length + 3, 'discussion', 4, 8) },
      {
        heading: 'Limitations',
        paragraphs: [
          stated('limitation', limitationSentence(matter, random), filler('discussion', 2, 4)),
          filler('procedure', 2, 4),
        ],
      },
      { heading: 'Conclusion', paragraphs: [filler('close', 2, 4)] },
    ],
    references: cited.map(citationText),
  }
}

function otherMetric({ topic, matter, aspect }: LabPaper, random: Random): LabPaper['matter']['metric'] {
  return aspect === 'other-outcome' ? matter.metric : random.pick(topic.metrics)
}

/** What others found, in the words of who cites them: no finding of the paper itself. */
function mention({ authors, year, matter, direction }: LabPaper, random: Random): string {
  const [first, second] = authors
  const names =
    authors.length > 2
      ? `${first!.family} et al.`
      : second
        ? `${first!.family} and ${second.family}`
        : first!.family
  const found = { better: 'a benefit', unchanged: 'no effect', worse: 'harm' }[direction]
  return random.pick([
    `${names} (${year}) compared ${matter.method} with ${matter.comparator} and reported ${found}.`,
    `In ${matter.dataset}, ${names} (${year}) saw ${found} of ${matter.method} for ${matter.outcome}.`,
    `For ${matter.outcome}, ${names} (${year}) had described ${found} of ${matter.method}.`,
    `${names} (${year}) chose ${matter.design} and concluded that there was ${found}.`,
  ])
}

function inThrees<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: Math.ceil(values.length / 3) }, (_, at) => values.slice(at * 3, at * 3 + 3))
}

/** A line of a list of references. */
function citationText({ authors, year, title, venue, volume, firstPage, doi }: LabPaper): string {
  const names = authors.map(({ family, given }) => `${family}, ${given.charAt(0)}.`).join(', ')
  const tail = doi === undefined ? '' : ` https://doi.org/${doi}`
  return `${names} (${year}). ${title}. ${venue}, ${volume}, ${firstPage}–${firstPage + 11}.${tail}`
}
