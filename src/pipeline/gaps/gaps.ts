import type { EvidenceSpan, StudyCard } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Claim, Gap, Matrix, Relation, Theme } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import { tokenize } from '../../methods/text/tokens.ts'

/** What gaps are mined from. */
export interface GapMaterial {
  themes: readonly Theme[]
  cards: readonly StudyCard[]
  papers: ReadonlyMap<string, Paper>
  spans: ReadonlyMap<string, EvidenceSpan>
  matrix: Matrix
  /** Claims that passed the audit. */
  claims: readonly Claim[]
  relations: readonly Relation[]
}

type DraftGap = Omit<Gap, 'id'>

/** At most this many gaps of each origin for one theme: more would be a list, not a finding. */
const perTheme = { limitations: 3, contradictions: 2, emptyCells: 2 }

/**
 * What is not known yet: limitations that authors name (those that several papers share first), contradictions that a
 * further experiment would settle, and combinations of dataset and metric that a theme's papers use apart but never
 * together.
 */
export function findGaps(material: GapMaterial): Gap[] {
  return material.themes
    .flatMap((theme) => [
      ...contradictions(theme, material),
      ...sharedLimitations(theme, material),
      ...emptyCells(theme, material),
    ])
    .map((gap, position) => ({ id: `g${position + 1}`, ...gap }))
}

function contradictions(theme: Theme, { relations, claims }: GapMaterial): DraftGap[] {
  const claimOf = new Map(claims.map((claim) => [claim.id, claim]))
  return relations
    .filter((relation) => relation.kind === 'contradiction' && relation.themeId === theme.id)
    .slice(0, perTheme.contradictions)
    .map((relation) => ({
      kind: 'next_experiment' as const,
      origin: 'contradiction' as const,
      title: `${theme.label}: results at odds`,
      description: relation.statement,
      spans: [...new Set(relation.claims.flatMap((id) => claimOf.get(id)?.spans ?? []))],
    }))
}

interface Limitation {
  paperId: string
  span: EvidenceSpan
  terms: ReadonlySet<string>
}

/** Two limitations are one when they share this part of their distinct stems (Jaccard). */
const sameLimitation = 0.3

function sharedLimitations(theme: Theme, { cards, papers, spans }: GapMaterial): DraftGap[] {
  const limitations = cards
    .filter((card) => theme.paperIds.includes(card.paperId))
    .flatMap((card) => card.limitation.slice(0, 2).flatMap((entry) => limitationOf(card, entry.spans, spans)))
  const groups: Limitation[][] = []
  for (const limitation of limitations) {
    const group = groups.find(([first]) => first && overlap(first.terms, limitation.terms) >= sameLimitation)
    if (group) group.push(limitation)
    else groups.push([limitation])
  }
  return groups
    .map((group) => ({ group, support: new Set(group.map((limitation) => limitation.paperId)).size }))
    .sort((one, other) => other.support - one.support || confidence(other.group) - confidence(one.group))
    .slice(0, perTheme.limitations)
    .map(({ group, support }) => {
      const first = group[0]!
      const paper = papers.get(first.paperId)
      const who = paper ? shortReference(paper) : first.paperId
      const others = support > 1 ? ` (and ${support - 1} more)` : ''
      return {
        kind: 'open_problem' as const,
        origin: 'limitations' as const,
        title: `${theme.label}: a limit that ${support > 1 ? `${support} papers name` : 'its authors name'}`,
        description: `${who}${others}: “${first.span.quotation}”`,
        spans: group.map((limitation) => limitation.span.id),
      }
    })
}

function limitationOf(
  card: StudyCard,
  ids: readonly string[],
  spans: ReadonlyMap<string, EvidenceSpan>,
): Limitation[] {
  const span = spans.get(ids[0]!)
  return span ? [{ paperId: card.paperId, span, terms: new Set(tokenize(span.quotation)) }] : []
}

function confidence(group: readonly Limitation[]): number {
  return Math.max(...group.map((limitation) => limitation.span.confidence))
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((term) => other.has(term)).length
  return shared / (one.size + other.size - shared || 1)
}

/** A dataset and a metric that at least this many papers of the theme use each are expected to meet somewhere. */
const usersToExpect = 2

function emptyCells(theme: Theme, { matrix }: GapMaterial): DraftGap[] {
  const cells = matrix.cells.filter((cell) => cell.theme === theme.id)
  const users = (axis: 'dataset' | 'metric', name: string) =>
    new Set(cells.filter((cell) => cell[axis] === name).flatMap((cell) => cell.paperIds)).size
  const common = (axis: 'dataset' | 'metric', names: readonly string[]) =>
    names.map((name) => ({ name, users: users(axis, name) })).filter((entry) => entry.users >= usersToExpect)
  const datasets = common('dataset', matrix.datasets)
  const metrics = common('metric', matrix.metrics)
  return datasets
    .flatMap((dataset) => metrics.map((metric) => ({ dataset, metric })))
    .filter(
      ({ dataset, metric }) =>
        !cells.some((cell) => cell.dataset === dataset.name && cell.metric === metric.name),
    )
    .slice(0, perTheme.emptyCells)
    .map(({ dataset, metric }) => ({
      kind: 'research_opportunity' as const,
      origin: 'empty_cell' as const,
      title: `${theme.label}: ${metric.name} on ${dataset.name}`,
      description: `In “${theme.label}”, ${dataset.users} papers use ${dataset.name} and ${metric.users} report ${metric.name}, but none of them reports ${metric.name} on ${dataset.name}.`,
      spans: [],
    }))
}
