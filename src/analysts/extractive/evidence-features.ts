import { tokenize } from '../../methods/text/tokens.ts'
import { comparisonCue, directionOf, findingCue, hedges, negations, statisticCue } from './cues.ts'
import { rarity, totalRarity } from './rarity.ts'
import { roleOdds } from './roles.ts'
import { purposeOfSection } from './section-purposes.ts'

/** What evidence is sought for. */
export interface EvidenceQuery {
  /** A claim or a question. */
  text: string
  /** The part of it that an answer must name, as the outcome of a trial; all of it when absent. */
  focus?: string | undefined
}

/** A sentence that may be evidence, in its place in the document. */
export interface CandidateSentence {
  text: string
  section?: string | undefined
}

/** The features of the ranker, in the order of its weights. */
export const evidenceFeatureNames = [
  'bm25',
  'bm25 of the best',
  'coverage',
  'coverage of the best',
  'coverage of the focus',
  'focus of the best',
  'coverage and focus',
  'pairs',
  'letters',
  'rarest term',
  'first term',
  'numbers',
  'context before',
  'context after',
  'context of five',
  'finding',
  'statistic',
  'comparison',
  'hedge',
  'negation',
  'same direction',
  'digits',
  'first',
  'place',
  'last',
  'last tenth',
  'short',
  'long',
  'question',
  'background',
  'objective',
  'method',
  'result',
  'results section',
  'abstract section',
  'methods section',
  'introduction section',
  'conclusion section',
  'discussion section',
  'finding × coverage',
  'statistic × focus',
  'result × coverage',
  'density',
] as const

const k1 = 1.2
const b = 0.6
/** Longest text of one sentence that is looked at, in UTF-16 units. */
const longestRead = 2_000

interface Analysed {
  text: string
  stems: string[]
  distinct: Set<string>
  grams: Set<string>
}

function analyse(text: string): Analysed {
  const read = text.slice(0, longestRead)
  const stems = tokenize(read)
  return { text: read, stems, distinct: new Set(stems), grams: gramsOf(stems) }
}

/** Runs of four letters in the stems: "phosphorylation" and "dephosphorylated" share most of theirs. */
function gramsOf(stems: readonly string[]): Set<string> {
  const grams = new Set<string>()
  for (const stem of stems) for (let at = 0; at + 4 <= stem.length; at++) grams.add(stem.slice(at, at + 4))
  return grams
}

function coverage(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  const total = totalRarity(wanted)
  return total === 0 ? 0 : totalRarity([...wanted].filter((stem) => found.has(stem))) / total
}

function shared<T>(wanted: ReadonlySet<T>, found: ReadonlySet<T>): number {
  if (wanted.size === 0) return 0
  let count = 0
  for (const one of wanted) if (found.has(one)) count++
  return count / wanted.size
}

function pairsOf(stems: readonly string[]): Set<string> {
  return new Set(stems.slice(1).map((stem, index) => `${stems[index]} ${stem}`))
}

function numbersOf(text: string): Set<string> {
  return new Set(text.match(/\d+(?:\.\d+)?/g))
}

/** How much of the query each sentence covers, by rarity: the measure of abstention. */
export interface EvidenceFeatures {
  features: Float64Array
  coverage: number
}

/**
 * The features of each sentence of a document as evidence for a query, in order. Rarity is taken from the background
 * and, where a term stands in most sentences of the document, also from the document itself, since it tells none apart.
 */
export function evidenceFeatures(
  query: EvidenceQuery,
  sentences: readonly CandidateSentence[],
): EvidenceFeatures[] {
  const wanted = analyse(query.text)
  const focus = query.focus === undefined ? wanted : analyse(query.focus)
  const wantedPairs = pairsOf(wanted.stems)
  const wantedNumbers = numbersOf(wanted.text)
  const wantedDirection = Math.sign(wanted.stems.reduce((sum, stem) => sum + directionOf(stem), 0))
  const rarest = [...wanted.distinct].sort(
    (one, other) => rarity(other) - rarity(one) || (one < other ? -1 : 1),
  )[0]
  const analysed = sentences.map(({ text }) => analyse(text))
  const meanLength = analysed.reduce((sum, { stems }) => sum + stems.length, 0) / Math.max(1, analysed.length)
  const weight = termWeights(wanted.distinct, analysed)
  const bm25 = analysed.map(({ stems, distinct }) => {
    let score = 0
    for (const stem of wanted.distinct) {
      if (!distinct.has(stem)) continue
      const frequency = stems.filter((other) => other === stem).length
      const length = 1 - b + (b * stems.length) / Math.max(1, meanLength)
      score += (weight.get(stem)! * frequency * (k1 + 1)) / (frequency + k1 * length)
    }
    return score
  })
  const covered = analysed.map(({ distinct }) => coverage(wanted.distinct, distinct))
  const focused = analysed.map(({ distinct }) => coverage(focus.distinct, distinct))
  const bestBm25 = Math.max(...bm25, 1e-9)
  const bestCovered = Math.max(...covered, 1e-9)
  const bestFocused = Math.max(...focused, 1e-9)
  return sentences.map(({ section }, index) => {
    const { text, stems, distinct, grams } = analysed[index]!
    const count = sentences.length
    const odds = roleOdds(text, section)
    const kind = purposeOfSection(section)
    const direction = Math.sign(stems.reduce((sum, stem) => sum + directionOf(stem), 0))
    const finding = flag(findingCue.test(text))
    const statistic = flag(statisticCue.test(text))
    const before = index > 0 ? covered[index - 1]! : 0
    const after = index + 1 < count ? covered[index + 1]! : 0
    const values = [
      bm25[index]! / 20,
      bm25[index]! / bestBm25,
      covered[index]!,
      covered[index]! / bestCovered,
      focused[index]!,
      focused[index]! / bestFocused,
      covered[index]! * focused[index]!,
      shared(wantedPairs, pairsOf(stems)),
      shared(wanted.grams, grams),
      flag(rarest !== undefined && distinct.has(rarest)),
      flag(wanted.stems[0] !== undefined && distinct.has(wanted.stems[0])),
      shared(wantedNumbers, numbersOf(text)),
      before,
      after,
      Math.max(...covered.slice(Math.max(0, index - 2), index + 3)),
      finding,
      statistic,
      flag(comparisonCue.test(text)),
      flag(text.search(hedges) >= 0),
      flag(text.search(negations) >= 0),
      wantedDirection * direction,
      flag(/\d/.test(text)),
      flag(index === 0),
      index / Math.max(1, count - 1),
      flag(index === count - 1),
      flag(index >= 0.9 * count),
      flag(stems.length < 6),
      flag(stems.length > 30),
      flag(/\?\s*$/.test(text)),
      odds.background,
      odds.objective,
      odds.method,
      odds.result,
      flag(kind === 'results'),
      flag(kind === 'abstract'),
      flag(kind === 'methods' || kind === 'data'),
      flag(kind === 'introduction' || kind === 'related'),
      flag(kind === 'conclusion' || kind === 'limitations'),
      flag(kind === 'discussion'),
      finding * covered[index]!,
      statistic * focused[index]!,
      odds.result * covered[index]!,
      (covered[index]! * wanted.distinct.size) / Math.max(4, stems.length),
    ]
    return { features: Float64Array.from(values), coverage: covered[index]! }
  })
}

/** Rarity of each term, lowered where most sentences of the document have it. */
function termWeights(terms: ReadonlySet<string>, sentences: readonly Analysed[]): Map<string, number> {
  return new Map(
    [...terms].map((term) => {
      const having = sentences.filter(({ distinct }) => distinct.has(term)).length
      const local = Math.log2(1 + sentences.length / (1 + having))
      return [term, 0.5 * rarity(term) + local]
    }),
  )
}

function flag(holds: boolean): number {
  return holds ? 1 : 0
}
