import type { Corpus } from '../../../lab/corpus/corpus.ts'
import { randomOf } from '../../../lab/corpus/random.ts'
import { recordOf } from '../../../lab/corpus/records.ts'
import type { Paper } from '../../../src/contract/paper.ts'

/** Different words in what the corpus' abstracts are filled up with; the corpus alone has some 1,600. */
const vocabulary = 200_000
/** Words added to an abstract: with them it has about 1,300 characters, as abstracts of PubMed do. */
const fillers = 100
const syllables = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ha',
  'ke',
  'li',
  'mo',
  'nu',
  'pa',
  're',
  'si',
  'to',
  'vu',
  'za',
]

/** A paper of the corpus as merging leaves it, its abstract filled up with words as often as Zipf has them. */
export function paperAt(corpus: Corpus, index: number, document: string | undefined): Paper {
  const { title, authors, year, abstract } = recordOf(corpus, index, 'arxiv')
  const random = randomOf(corpus.seed, index, 977)
  const filler = Array.from({ length: fillers }, () => wordAt(rankOf(random.next()))).join(' ')
  return {
    id: `p${index.toString(16).padStart(12, '0')}`,
    fields: {
      title,
      authors: authors.map(({ given, family }) => ({ given, family })),
      year,
      abstract: `${abstract} ${filler}.`,
    },
    provenance: {},
    records: [`arxiv:${index}`],
    mergedBecause: [],
    ...(document !== undefined && { document, pageCount: 1 }),
  }
}

/** The word that stands at a place of the vocabulary, the most frequent at 0. */
export function wordAt(rank: number): string {
  let word = ''
  for (let rest = rank + 16; rest > 0; rest = Math.floor(rest / 16)) word += syllables[rest % 16]!
  return word
}

/** Zipf's law with exponent 1: each factor of the rank is as likely as any other. */
function rankOf(uniform: number): number {
  return Math.floor(vocabulary ** uniform) - 1
}
