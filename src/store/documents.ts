import { sql } from 'kysely'
import {
  type DocumentFailure,
  documentFailureSchema,
  embeddedMetadataSchema,
  type Page,
  pageSchema,
  type ReadDocument,
  readDocumentSchema,
} from '../contract/document.ts'
import type { Sql } from './database.ts'
import { storableJson, storableText } from './text.ts'

/** What is stored of a document beside its pages. */
export type StoredDocument = Omit<ReadDocument, 'pages'> & {
  readonly pageCount: number
  /** Why it could not be read; it has no pages then. */
  readonly failure?: DocumentFailure
}

/**
 * Stores a document with its pages, in one transaction. One that is stored already is left as it is; one that could
 * not be read before is replaced. Returns whether this call stored it.
 */
export function storeDocument(db: Sql, document: ReadDocument): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { id, byteLength, pages, metadata, pageFailures } = document
    const isNew = await enter(trx, { id, byteLength, pageCount: pages.length, metadata, pageFailures })
    if (isNew) await storePages(trx, id, pages)
    return isNew
  })
}

/** Stores why a document could not be read, unless it has been read before. Returns whether this call stored it. */
export function storeFailure(
  db: Sql,
  document: { id: string; byteLength: number },
  failure: DocumentFailure,
): Promise<boolean> {
  return enter(db, { ...document, pageCount: 0, metadata: {}, pageFailures: [], failure })
}

/** A stored document without its pages. */
export async function findDocument(db: Sql, id: string): Promise<StoredDocument | undefined> {
  const row = await db.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && {
      id: row.id,
      byteLength: row.byte_length,
      pageCount: row.page_count,
      metadata: embeddedMetadataSchema.parse(row.metadata),
      pageFailures: readDocumentSchema.shape.pageFailures.parse(row.page_failures),
      ...(row.failure === null ? {} : { failure: documentFailureSchema.parse(row.failure) }),
    }
  )
}

/** The pages of a document in their order, with lines and character boxes; empty when it is unknown or unreadable. */
export async function pagesOf(db: Sql, id: string): Promise<Page[]> {
  const rows = await db
    .selectFrom('pages')
    .select(['number', 'label', 'width', 'height', 'text', 'lines', 'boxes'])
    .where('document', '=', id)
    .orderBy('number')
    .execute()
  return rows.map(({ label, ...page }) => pageSchema.parse({ ...page, ...(label === null ? {} : { label }) }))
}

/** The texts of a document's pages, by page number: much less to read than {@link pagesOf}. */
export async function pageTexts(db: Sql, id: string): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('pages')
    .select(['number', 'text'])
    .where('document', '=', id)
    .orderBy('number')
    .execute()
  return new Map(rows.map(({ number, text }) => [number, text]))
}

/** Width and height of a document's pages in points, by page number. */
export async function pageSizes(
  db: Sql,
  id: string,
): Promise<Map<number, { readonly width: number; readonly height: number }>> {
  const rows = await db
    .selectFrom('pages')
    .select(['number', 'width', 'height'])
    .where('document', '=', id)
    .execute()
  return new Map(rows.map(({ number, ...size }) => [number, size]))
}

async function enter(db: Sql, document: StoredDocument): Promise<boolean> {
  const row = {
    byte_length: document.byteLength,
    page_count: document.pageCount,
    metadata: storableJson(document.metadata),
    page_failures: storableJson(document.pageFailures),
    failure: document.failure === undefined ? null : storableJson(document.failure),
  }
  const entered = await db
    .insertInto('documents')
    .values({ id: document.id, ...row })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(row).where('documents.failure', 'is not', null),
    )
    .executeTakeFirst()
  return entered.numInsertedOrUpdatedRows === 1n
}

async function storePages(db: Sql, document: string, pages: readonly Page[]): Promise<void> {
  await sql`
    insert into sheaf.pages (document, number, label, width, height, text, lines, boxes)
    select ${document}, *
    from unnest(
      ${pages.map((page) => page.number)}::int[],
      ${pages.map((page) => page.label ?? null)}::text[],
      ${pages.map((page) => page.width)}::float8[],
      ${pages.map((page) => page.height)}::float8[],
      ${pages.map((page) => storableText(page.text))}::text[],
      ${pages.map((page) => storableJson(page.lines))}::jsonb[],
      ${pages.map((page) => Buffer.from(page.boxes))}::bytea[]
    )
    on conflict (document, number) do nothing`.execute(db)
}

function inTransaction<Result>(db: Sql, work: (trx: Sql) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
