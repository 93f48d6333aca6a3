import { sql } from 'kysely'
import { type BibliographicRecord, type Paper, paperSchema, recordSchema } from '../contract/paper.ts'
import type { Sql } from './database.ts'
import { storableJson } from './text.ts'
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

/**
 * Notes what came of seeking a paper's full text. Only the task that seeks it writes this, in the transaction that ends
 * the task.
 */
export async function attachFullText(
  db: Sql,
  session: string,
  id: string,
  obtained: Pick<Paper, 'document' | 'pageCount' | 'failure' | 'retrieval'>,
): Promise<void> {
  await db
    .updateTable('papers')
    .set({ value: sql<string>`value || ${storableJson(obtained)}::jsonb` })
    .where('session', '=', session)
    .where('id', '=', id)
    .execute()
}

/** Writes papers anew that are stored already. Call it in the transaction that ends the task which changes them. */
export async function replacePapers(db: Sql, session: string, papers: readonly Paper[]): Promise<void> {
  const ids = papers.map(({ id }) => id)
  await sql`delete from sheaf.papers where session = ${session} and id = any(${ids}::text[])`.execute(db)
  await storePapers(db, session, papers)
}

/** The papers with these ids that there are, by id. */
export async function findPapers(db: Sql, session: string, ids: readonly string[]): Promise<Paper[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ value: unknown }>`
    select value from sheaf.papers where session = ${session} and id = any(${[...ids]}::text[]) order by id`.execute(
    db,
  )
  return rows.map(({ value }) => paperSchema.parse(value))
}

/** Whether a paper of the session has this document as its text. */
export async function isDocumentOf(db: Sql, session: string, document: string): Promise<boolean> {
  const row = await db
    .selectFrom('papers')
    .select('id')
    .where('session', '=', session)
    .where('document', '=', document)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
