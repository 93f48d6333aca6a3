import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import {
  type EvidenceSpan,
  evidenceSpanSchema,
  type RejectedQuotation,
  rejectedQuotationSchema,
  type StudyCard,
  studyCardSchema,
} from '../contract/evidence.ts'
import type { Sql } from './database.ts'
import { readValue, readValues, storeValues } from './values.ts'

/** Stores admitted spans, by id. Returns how many were new. */
export function storeSpans(db: Sql, session: string, spans: readonly EvidenceSpan[]): Promise<number> {
  return storeValues(
    db,
    'spans',
    session,
    spans.map((value) => ({ id: value.id, paper: value.paperId, value })),
  )
}

/** All spans of a session, by id. */
export function spansOf(db: Sql, session: string): Promise<EvidenceSpan[]> {
  return readValues(db, 'spans', evidenceSpanSchema, session)
}

/** One span. */
export function findSpan(db: Sql, session: string, id: string): Promise<EvidenceSpan | undefined> {
  return readValue(db, 'spans', evidenceSpanSchema, session, id)
}

/** The spans of some papers, by id. */
export async function spansOfPapers(
  db: Sql,
  session: string,
  papers: readonly string[],
): Promise<EvidenceSpan[]> {
  if (papers.length === 0) return []
  const { rows } = await sql<{ value: unknown }>`
    select value from sheaf.spans where session = ${session} and paper = any(${[...papers]}::text[]) order by id`.execute(
    db,
  )
  return rows.map(({ value }) => evidenceSpanSchema.parse(value))
}

/** The spans with these ids that there are, by id. */
export async function findSpans(db: Sql, session: string, ids: readonly string[]): Promise<EvidenceSpan[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ value: unknown }>`
    select value from sheaf.spans where session = ${session} and id = any(${[...ids]}::text[]) order by id`.execute(
    db,
  )
  return rows.map(({ value }) => evidenceSpanSchema.parse(value))
}

/** Stores what was proposed and is not on the page; the same words for the same paper and field count once. */
export function storeRejectedQuotations(
  db: Sql,
  session: string,
  quotations: readonly RejectedQuotation[],
): Promise<number> {
  const rows = quotations.map((value) => ({
    id: `${value.paperId}/${value.field}/${createHash('sha256').update(value.quotation).digest('hex').slice(0, 24)}`,
    paper: value.paperId,
    value,
  }))
  return storeValues(db, 'rejected_quotations', session, rows)
}

/** All rejected quotations of a session, by paper, field and hash. */
export function rejectedQuotationsOf(db: Sql, session: string): Promise<RejectedQuotation[]> {
  return readValues(db, 'rejected_quotations', rejectedQuotationSchema, session)
}

/** Stores study cards, one for each paper. Returns how many were new. */
export function storeCards(db: Sql, session: string, cards: readonly StudyCard[]): Promise<number> {
  return storeValues(
    db,
    'cards',
    session,
    cards.map((value) => ({ id: value.paperId, value })),
  )
}

/** All study cards of a session, by paper. */
export function cardsOf(db: Sql, session: string): Promise<StudyCard[]> {
  return readValues(db, 'cards', studyCardSchema, session)
}
