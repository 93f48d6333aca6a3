import type { EvidenceField, EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Plan } from '../../contract/plan.ts'
import type { Claim, Theme } from '../../contract/synthesis.ts'
import { withoutLigatures } from '../../methods/text/ligatures.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import type { DraftClaim, EvidenceBase } from '../analyst.ts'
import { attributed } from './attribution.ts'
import { coverConcepts, searchable } from './concept-coverage.ts'
import { rarityOfTerm } from './concepts.ts'
import { hedges, matches } from './cues.ts'
import { facetsOf } from './facets.ts'
import { independence } from './quotable.ts'
import { totalRarity } from './rarity.ts'

/** A theme gets at most this many claims, and one more for each further paper, up to the second figure. */
const mostClaims = { base: 8, perPaper: 1, ceiling: 16 }
/** No paper speaks more often than this in one theme. */
const mostOfPaper = 3
/** Claims that share this part of their stems (Jaccard) say the same. */
const sameStatement = 0.7

/** How much a field weighs in a synthesis; datasets and metrics stand in the matrix instead. */
const weights: Partial<Record<EvidenceField, number>> = {
  result: 1,
  method: 0.75,
  limitation: 0.6,
  problem: 0.5,
}

const smallSample =
  /\b(?:small (?:sample|number|study)|preliminary|pilot|exploratory|case study|anecdotal|limited (?:data|number|sample))\b/i

interface Candidate {
  span: EvidenceSpan
  stems: ReadonlySet<string>
  salience: number
}

/**
 * The claims of one theme: sentences of its papers' results, methods, limitations and problems, in the papers' own words
 * and said of their authors, the most telling first. Each paper speaks before one speaks twice; what two spans say alike
 * is one claim with both.
 */
export function makeClaims(
  plan: Plan,
  theme: Theme,
  cards: readonly StudyCard[],
  { spans, papers }: EvidenceBase,
): DraftClaim[] {
  const candidates = cards
    .flatMap((card) => candidatesOf(card, spans, plan, theme))
    .sort((one, other) => other.salience - one.salience || (one.span.id < other.span.id ? -1 : 1))
  const merged = merge(candidates)
  const limit = Math.min(
    mostClaims.ceiling,
    mostClaims.base + mostClaims.perPaper * Math.max(0, cards.length - 4),
  )
  return inTurns(merged)
    .slice(0, limit)
    .map(({ span, salience, others }) => ({
      text: attributed(span.quotation, span.field, papers.get(span.paperId)),
      spans: [span.id, ...others.map(({ id }) => id)],
      salience,
      uncertainty: uncertaintyOf(span, others),
    }))
}

function candidatesOf(
  card: StudyCard,
  spans: ReadonlyMap<string, EvidenceSpan>,
  plan: Plan,
  theme: Theme,
): Candidate[] {
  const named = new Set(tokenize(plan.concepts.map(({ term }) => term).join(' ')))
  const facetShare = facetsOf(plan.question)
  const themed = new Set(tokenize(theme.keywords.join(' ')))
  return (['result', 'method', 'limitation', 'problem'] as const).flatMap((field) =>
    card[field].flatMap(({ spans: ids }, rank) => {
      const span = spans.get(ids[0]!)
      if (span === undefined) return []
      const stems = new Set(tokenize(span.quotation))
      const nearness =
        conceptShare(plan, span.quotation) +
        0.3 * shareOf(named, stems) +
        0.3 * facetShare(withoutLigatures(span.quotation))
      const salience =
        0.2 * weights[field]! +
        0.15 * span.confidence +
        0.4 * Math.min(1, nearness) +
        0.1 * Math.min(1, 3 * shareOf(themed, stems)) +
        0.1 * independence(withoutLigatures(span.quotation)) +
        (rank === 0 ? 0.05 : 0)
      return [{ span, stems, salience: Math.round(Math.min(1, salience) * 1_000) / 1_000 }]
    }),
  )
}

/** The share of the plan's concepts that a sentence names whole, by how telling they are: "linear" alone is no linear model. */
function conceptShare({ concepts }: Plan, sentence: string): number {
  const total = concepts.reduce((sum, { term }) => sum + rarityOfTerm(term), 0)
  const nothing = searchable('')
  const covered = coverConcepts(concepts, {
    title: searchable(sentence),
    abstract: nothing,
    opening: nothing,
  })
  const named = covered.reduce((sum, { concept, strength }) => sum + strength * rarityOfTerm(concept.term), 0)
  return total === 0 ? 0 : named / total
}

function shareOf(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  const total = totalRarity(wanted)
  return total === 0 ? 0 : totalRarity([...wanted].filter((stem) => found.has(stem))) / total
}

interface Merged extends Candidate {
  others: EvidenceSpan[]
}

function merge(candidates: readonly Candidate[]): Merged[] {
  const merged: Merged[] = []
  for (const candidate of candidates) {
    const same = merged.find(({ stems }) => jaccard(stems, candidate.stems) >= sameStatement)
    if (same === undefined) merged.push({ ...candidate, others: [] })
    else if (same.span.quotation === candidate.span.quotation) same.others.push(candidate.span)
    else if (same.span.paperId !== candidate.span.paperId) merged.push({ ...candidate, others: [] })
  }
  return merged
}

/**
 * Every paper's best first, then every paper's second, up to the limit of one paper. A paper whose best is no result has
 * its best result second: what was found belongs into a synthesis whatever the question's words are nearest to.
 */
function inTurns(candidates: readonly Merged[]): Merged[] {
  const turns: Merged[][] = Array.from({ length: mostOfPaper }, () => [])
  for (const own of Map.groupBy(candidates, ({ span }) => span.paperId).values()) {
    const found = own.findIndex(({ span }) => span.field === 'result')
    if (found > 1) own.splice(1, 0, ...own.splice(found, 1))
    for (const [turn, candidate] of own.slice(0, mostOfPaper).entries()) turns[turn]!.push(candidate)
  }
  return turns.flatMap((turn) => turn.sort((one, other) => other.salience - one.salience))
}

function uncertaintyOf(span: EvidenceSpan, others: readonly EvidenceSpan[]): Claim['uncertainty'] {
  const text = withoutLigatures(span.quotation)
  const supported = new Set([span, ...others].map(({ paperId }) => paperId)).size
  const doubt =
    Math.min(2, matches(hedges, text).length) * 0.75 +
    (smallSample.test(text) ? 1 : 0) +
    (supported === 1 ? 0.5 : 0) +
    (span.confidence < 0.6 ? 0.5 : 0)
  return doubt >= 2 ? 'high' : doubt >= 1 ? 'medium' : 'low'
}

/** Share of the stems of either that both have. */
function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((stem) => other.has(stem)).length
  return both === 0 ? 0 : both / (one.size + other.size - both)
}
