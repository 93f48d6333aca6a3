import type { BibliographicRecord } from '../../contract/paper.ts'
import type { ReportDocument } from '../../contract/report.ts'
import type { Sql } from '../../store/database.ts'
import { findDocument } from '../../store/documents.ts'

/**
 * Every document that the records hold or should hold, with the files it was found in: each readable one once, each
 * unreadable file with its reason. Ordered by first file.
 */
export async function documentsOf(
  sql: Sql,
  records: readonly BibliographicRecord[],
): Promise<ReportDocument[]> {
  const documents = new Map<string, ReportDocument>()
  for (const { document, failure, pageCount, reference } of records) {
    if (document === undefined && failure === undefined) continue
    const name = document ?? `file:${reference}`
    const known = documents.get(name)
    if (known) {
      known.files.push(reference)
      continue
    }
    const stored = document === undefined ? undefined : await findDocument(sql, document)
    documents.set(name, {
      ...(document === undefined ? {} : { id: document }),
      files: [reference],
      ...(pageCount === undefined ? {} : { pages: pageCount }),
      ...(failure === undefined ? {} : { failure }),
      pageFailures: stored?.pageFailures ?? [],
    })
  }
  return [...documents.values()]
}
