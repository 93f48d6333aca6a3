import type { Claim, Relation } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
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
}

const effect =
  /\b(?:no (?:significant |clear |statistically significant )?(?:difference|effect|association|evidence|benefit|improvement|impact|correlation|relationship)s?|(?:did|does|do|was|were|is|are|has|have) not|not (?:significantly|associated|improve|reduce|increase|effective|differ)|cannot|failed to|unlikely)\b/i

/** What a statement says of its matter, as far as words show it. */
function readStatement(text: string): Reading {
  const all = tokenize(text, { compounds: false })
  const directions = all.map(directionOf).filter((direction) => direction !== 0)
  const sum = directions.reduce((total, direction) => total + direction, 0)
  const one = directions.length > 0 && Math.abs(sum) === directions.length ? Math.sign(sum) : 0
  const negated = effect.test(text) ? -1 : matches(negations, text).length % 2 === 1 ? -1 : 1
  return {
    stems: new Set(all.filter((stem) => rarity(stem) >= telling && directionOf(stem) === 0)),
    direction: one * negated,
  }
}

/**
 * Whether two statements on the same matter agree or contradict each other, and on which words; undefined where the
 * words do not show it. Precision first: both must take one clear direction.
 */
export function stanceOf(one: string, other: string): { kind: Stance; matter: string[] } | undefined {
  const [first, second] = [readStatement(one), readStatement(other)]
  const shared = [...first.stems].filter((stem) => second.stems.has(stem))
  if (shared.length < leastSharedStems || first.direction === 0 || second.direction === 0) return undefined
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
    return span?.field === 'result' && paper ? [{ claim, span, who: shortReference(paper.fields) }] : []
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
