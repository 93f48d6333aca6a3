import type { Claim, Relation } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import { withoutLigatures } from '../../methods/text/ligatures.ts'
import { tokenize, words } from '../../methods/text/tokens.ts'
import type { EvidenceBase } from '../analyst.ts'
import { directionOf, matches, negations } from './cues.ts'
import { listed } from './plan.ts'
import { rarity, totalRarity } from './rarity.ts'

/** Two statements are on one matter when they share this part of their telling stems (by rarity, of the smaller set). */
const sameMatter = 0.5
const leastSharedStems = 3
/** Stems of fewer bits tell nothing of the matter. */
const telling = 4.5
const mostRelations = 6

export type Stance = 'agreement' | 'contradiction'

interface Reading {
  stems: ReadonlySet<string>
  /** 1 for more, better or effective, -1 for less or worse, 0 where the statement takes no direction or several. */
  direction: number
  /** Whether that is a judgement ("better") or an amount ("higher"): more of something bad is not better. */
  judges: boolean
  /** Stems near the words of direction: what it is that rises or falls. */
  target: ReadonlySet<string>
}

const judging = new Set(
  'better wors best worst improv enhanc worsen impair superior inferior outperform deterior'.split(' '),
)
const nullResult =
  /\b(?:no (?:\w+ ){0,3}(?:difference|effect|association|evidence|benefit|improvement|impact|correlation|relationship)s?|(?:did|does|do|was|were|is|are|has|have) not|not (?:significantly|associated|improve|reduce|increase|effective|differ)|cannot|failed to|unlikely|absolutely not)\b/i
/** How far from a word of direction its object may stand, in stems. */
const reach = 3

/** What a statement says of its matter, as far as words show it. */
function readStatement(printed: string): Reading {
  const text = withoutLigatures(printed)
  const all = tokenize(text, { compounds: false })
  const places = all.flatMap((stem, place) => (directionOf(stem) === 0 ? [] : [place]))
  const sum = places.reduce((total, place) => total + directionOf(all[place]!), 0)
  const one = places.length > 0 && Math.abs(sum) === places.length ? Math.sign(sum) : 0
  const kinds = new Set(places.map((place) => judging.has(all[place]!)))
  const negated = nullResult.test(text) || matches(negations, text).length % 2 === 1 ? -1 : 1
  const near = places.flatMap((place) => all.slice(Math.max(0, place - reach), place + reach + 1))
  return {
    stems: new Set(all.filter((stem) => rarity(stem) >= telling && directionOf(stem) === 0)),
    direction: kinds.size === 1 ? one * negated : 0,
    judges: kinds.has(true),
    target: new Set(near.filter((stem) => directionOf(stem) === 0)),
  }
}

/**
 * Whether two statements on the same matter agree or contradict each other, and on which words; undefined where the
 * words do not show it. Precision first: both must take one clear direction, of the same kind, about the same thing.
 */
export function stanceOf(one: string, other: string): { kind: Stance; matter: string[] } | undefined {
  const [first, second] = [readStatement(one), readStatement(other)]
  const shared = [...first.stems].filter((stem) => second.stems.has(stem))
  if (shared.length < leastSharedStems || first.direction === 0 || second.direction === 0) return undefined
  if (first.judges !== second.judges || ![...first.target].some((stem) => second.target.has(stem)))
    return undefined
  const smaller = Math.min(totalRarity(first.stems), totalRarity(second.stems))
  if (totalRarity(shared) < sameMatter * smaller) return undefined
  return {
    kind: first.direction === second.direction ? 'agreement' : 'contradiction',
    matter: asWritten(shared, one).slice(0, 4),
  }
}

/** The words of a text that have these stems, the first of each, in the text's order. */
function asWritten(stems: readonly string[], text: string): string[] {
  const left = new Set(stems)
  return words(text).flatMap(({ text: word }) => {
    const [stem] = tokenize(word)
    return stem !== undefined && left.delete(stem) ? [word] : []
  })
}

/** Agreements and contradictions among results of different papers, the surest first; none is better than a wrong one. */
export function relateClaims(
  claims: readonly Claim[],
  { spans, papers }: EvidenceBase,
): Omit<Relation, 'id' | 'themeId'>[] {
  const results = claims.flatMap((claim) => {
    const span = spans.get(claim.spans[0]!)
    const paper = span && papers.get(span.paperId)
    return span?.field === 'result' && paper ? [{ claim, span, who: shortReference(paper) }] : []
  })
  return results
    .flatMap((one, index) =>
      results.slice(index + 1).flatMap((other) => {
        if (one.span.paperId === other.span.paperId) return []
        const stance = stanceOf(one.span.quotation, other.span.quotation)
        if (stance === undefined) return []
        const { kind, matter } = stance
        const names = `${one.who} and ${other.who}`
        const on = listed(
          matter.map((word) => `“${word}”`),
          'and',
        )
        const statement =
          kind === 'agreement'
            ? `${names} report in the same direction on ${on}.`
            : `${names} report in opposite directions on ${on}.`
        return [
          { relation: { kind, claims: [one.claim.id, other.claim.id], statement }, weight: matter.length },
        ]
      }),
    )
    .sort(
      (one, other) =>
        other.weight - one.weight || (one.relation.statement < other.relation.statement ? -1 : 1),
    )
    .slice(0, mostRelations)
    .map(({ relation }) => relation)
}
