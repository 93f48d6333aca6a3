import { z } from 'zod'
import type { Claim, Relation } from '../../contract/synthesis.ts'
import { shortReference } from '../../methods/references/short-reference.ts'
import type { EvidenceBase } from '../analyst.ts'
import { type Asking, askTwice, isNoAnswer } from './asking.ts'
import { auditByModel } from './audit.ts'
import { relatePrompt } from './prompts/relate.ts'
import { cut, oneLine } from './text.ts'

const mostRelations = 8
const longest = { statement: 400, quotation: 400 }
const shownQuotations = 2

const kind = {
  prompt: relatePrompt,
  answer: z.object({
    relations: z.array(
      z.object({
        kind: z.enum(['agreement', 'contradiction']),
        claims: z.array(z.string()),
        statement: z.string(),
      }),
    ),
  }),
  maxOutputTokens: 4_000,
}

type DraftRelation = Omit<Relation, 'id' | 'themeId'>

/**
 * Agreements and contradictions among claims of different papers; nothing is asked where there is but one paper. What the
 * model says of a relation is published, so it is audited against the quotations like a claim; what does not hold gives way to
 * a sentence that says no more than which papers are related and how.
 */
export async function relateByModel(
  asking: Asking,
  claims: readonly Claim[],
  evidence: EvidenceBase,
): Promise<DraftRelation[]> {
  const { spans } = evidence
  const papersOf = new Map(
    claims.map((claim) => {
      const papers = claim.spans.flatMap((id) => spans.get(id)?.paperId ?? [])
      return [claim.id, [...new Set(papers)].sort()]
    }),
  )
  if (new Set([...papersOf.values()].flat()).size < 2) return []
  const lines = claims.map(({ id, text, spans: own }) => ({
    kind: 'claim',
    id,
    text,
    papers: papersOf.get(id),
    quotations: own.slice(0, shownQuotations).flatMap((span) => {
      const quotation = spans.get(span)?.quotation
      return quotation === undefined ? [] : [cut(quotation, longest.quotation)]
    }),
  }))
  const relations = await askTwice(asking, kind, lines, (answer) => answer.relations)
  const usable = (relations ?? []).flatMap((relation) => usableRelation(asking, relation, papersOf))
  return withHeldStatements(asking, distinct(usable).slice(0, mostRelations), claims, evidence)
}

async function withHeldStatements(
  asking: Asking,
  relations: readonly DraftRelation[],
  claims: readonly Claim[],
  evidence: EvidenceBase,
): Promise<DraftRelation[]> {
  const claimOf = new Map(claims.map((claim) => [claim.id, claim]))
  const statements = relations.map(({ claims: of, statement }): Claim => {
    const related = of.map((id) => claimOf.get(id)!)
    return {
      ...related[0]!,
      id: `relation of ${of.join(' and ')}`,
      text: statement,
      spans: [...new Set(related.flatMap((claim) => claim.spans))],
    }
  })
  const audits = await auditByModel(asking, statements, evidence).catch((thrown: unknown) => {
    if (isNoAnswer(thrown)) return []
    throw thrown
  })
  return relations.map((relation, index) => {
    const { kind: of } = relation
    const names = papersNamed(statements[index]!, evidence)
    const held = audits[index]?.publishedText
    const plain =
      of === 'agreement' ? `${names} report findings that agree.` : `${names} report findings that differ.`
    return { ...relation, statement: held === undefined ? plain : `${names}: ${held}` }
  })
}

function papersNamed({ spans: own }: Claim, { spans, papers }: EvidenceBase): string {
  const ids = [...new Set(own.flatMap((id) => spans.get(id)?.paperId ?? []))]
  return ids
    .flatMap((id) => papers.get(id) ?? [])
    .map(shortReference)
    .join('; ')
}

/** The relation with those of its claims that exist and rest on papers of their own, if two are left. */
function usableRelation(
  asking: Asking,
  { kind: of, claims, statement }: DraftRelation,
  papersOf: ReadonlyMap<string, readonly string[]>,
): DraftRelation[] {
  const named = [...new Set(claims)]
  const known = named.filter((id) => papersOf.has(id))
  if (known.length < claims.length)
    asking.onUnusable({ task: kind.prompt.task, unknown: claims.length - known.length, missing: 0 })
  const speaking = new Set<string>()
  const own = known.filter((id) => {
    const papers = papersOf.get(id)!
    if (papers.length === 0 || papers.some((paper) => speaking.has(paper))) return false
    for (const paper of papers) speaking.add(paper)
    return true
  })
  const line = oneLine(statement, longest.statement)
  return own.length < 2 || !/\p{L}/u.test(line) ? [] : [{ kind: of, claims: own.sort(), statement: line }]
}

/** The same claims are related once: who says that they agree and contradict each other has shown neither. */
function distinct(relations: readonly DraftRelation[]): DraftRelation[] {
  const kinds = new Map<string, Set<string>>()
  for (const { kind: of, claims } of relations) {
    const key = claims.join(' ')
    kinds.set(key, (kinds.get(key) ?? new Set()).add(of))
  }
  const seen = new Set<string>()
  return relations.filter(({ claims }) => {
    const key = claims.join(' ')
    return kinds.get(key)!.size === 1 && !seen.has(key) && seen.add(key)
  })
}
