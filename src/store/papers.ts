import { type BibliographicRecord, type Paper, paperSchema, recordSchema } from '../contract/paper.ts'
import type { Sql } from './database.ts'
import { readValue, readValues, storeValues } from './values.ts'

/** Stores records as their sources gave them, by key. Returns how many were new. */
export function storeRecords(
  db: Sql,
  session: string,
  records: readonly BibliographicRecord[],
): Promise<number> {
  return storeValues(
    db,
    'records',
    session,
    records.map((value) => ({ id: value.key, value })),
  )
}

/** All records of a session, by key. */
export function recordsOf(db: Sql, session: string): Promise<BibliographicRecord[]> {
  return readValues(db, 'records', recordSchema, session)
}

/** Stores merged papers, by id. Returns how many were new. */
export function storePapers(db: Sql, session: string, papers: readonly Paper[]): Promise<number> {
  return storeValues(
    db,
    'papers',
    session,
    papers.map((value) => ({ id: value.id, value })),
  )
}

/** All papers of a session, by id. */
export function papersOf(db: Sql, session: string): Promise<Paper[]> {
  return readValues(db, 'papers', paperSchema, session)
}

/** One paper. */
export function findPaper(db: Sql, session: string, id: string): Promise<Paper | undefined> {
  return readValue(db, 'papers', paperSchema, session, id)
}

/** The papers with these ids that there are, by id. */
export async function findPapers(db: Sql, session: string, ids: readonly string[]): Promise<Paper[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('papers')
    .select('value')
    .where('session', '=', session)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute()
  return rows.map(({ value }) => paperSchema.parse(value))
}
