import type { EvidenceSpan, StudyCard } from '../contract/evidence.ts'
import { cardsOf, spansOf } from '../store/evidence.ts'
import { findPapers } from '../store/papers.ts'
import { papersInTier } from '../store/screening.ts'
import type { TaskContext, TaskItem } from './task.ts'

/** Core papers whose full text is there or can be sought, in a fixed order. Those already sought in vain stay among them. */
export async function corePapersToRead({ sql, session }: TaskContext): Promise<TaskItem[]> {
  const core = await findPapers(sql, session.id, await papersInTier(sql, session.id, 'core'))
  return core
    .filter(({ failure, retrieval }) => failure === undefined || retrieval !== undefined)
    .map((paper) => ({ key: paper.id, label: paper.fields.title }))
}

/** Core papers whose full text was read, in a fixed order: what reading and extracting work on. With `among`, of these alone. */
export async function readableCorePapers(
  { sql, session }: TaskContext,
  among?: readonly string[],
): Promise<TaskItem[]> {
  const ids = await papersInTier(sql, session.id, 'core')
  const core = await findPapers(
    sql,
    session.id,
    among === undefined ? ids : ids.filter((id) => among.includes(id)),
  )
  return core
    .filter((paper) => paper.document !== undefined && paper.failure === undefined)
    .map((paper) => ({ key: paper.id, label: paper.fields.title }))
}

/**
 * Study cards and spans of core papers. There may be others in the store, of papers that a person's labels have taken out
 * since they were read.
 */
export async function coreEvidence({
  sql,
  session,
}: {
  sql: TaskContext['sql']
  session: Pick<TaskContext['session'], 'id'>
}): Promise<{ cards: StudyCard[]; spans: EvidenceSpan[] }> {
  const core = new Set(await papersInTier(sql, session.id, 'core'))
  const isCore = ({ paperId }: { paperId: string }) => core.has(paperId)
  return {
    cards: (await cardsOf(sql, session.id)).filter(isCore),
    spans: (await spansOf(sql, session.id)).filter(isCore),
  }
}
