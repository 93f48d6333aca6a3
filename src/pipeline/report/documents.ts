import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import type { ReportDocument } from '../../contract/report.ts'
import type { Sql } from '../../store/database.ts'
import { findDocument } from '../../store/documents.ts'

type Holding = Pick<BibliographicRecord, 'document' | 'failure' | 'pageCount' | 'reference'>

/** The document of a paper whose full text was downloaded, under the address that gave it. */
function retrieved({ document, failure, pageCount, retrieval }: Paper): Holding[] {
  const last = retrieval?.at(-1)
  if (!last || document === undefined) return []
  return [{ document, failure, pageCount, reference: last.url }]
}

/**
 * Every document that the records hold or should hold, with the files it was found in: each readable one once, each
 * unreadable file with its reason; then those that were downloaded. Ordered by first file.
 */
export async function documentsOf(
  sql: Sql,
  records: readonly BibliographicRecord[],
  papers: readonly Paper[],
): Promise<ReportDocument[]> {
  const documents = new Map<string, ReportDocument>()
  for (const { document, failure, pageCount, reference } of [...records, ...papers.flatMap(retrieved)]) {
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
