import { z } from 'zod'
import type { Claim, Relation } from '../../contract/synthesis.ts'
import type { EvidenceBase } from '../analyst.ts'
import { type Asking, askTwice } from './asking.ts'
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

/** Agreements and contradictions among claims of different papers; nothing is asked where there is but one paper. */
export async function relateByModel(
  asking: Asking,
  claims: readonly Claim[],
  { spans }: EvidenceBase,
): Promise<DraftRelation[]> {
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
  return distinct(usable).slice(0, mostRelations)
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
