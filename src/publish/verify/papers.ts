import { isDeepStrictEqual } from 'node:util'
import type { Report } from '../../contract/report.ts'
import { shortName } from '../report-index.ts'
import type { Findings } from './result.ts'

/**
 * Papers against the records they were merged from, records against the files they were read from: a field is that of
 * the record it is said to come from, a document is that of one of the records or was downloaded for the paper, and a record that is a file has that
 * file's document. A title that was moved to another paper does not pass.
 */
export function checkPapers(report: Report, findings: Findings): void {
  const records = new Map(report.records.map((record) => [record.key, record]))
  const documentAt = new Map(
    report.documents.flatMap(({ id, files }) => files.map((file) => [file, id] as const)),
  )
  for (const paper of report.papers) {
    findings.judge('papers', () => {
      const name = shortName(paper)
      const own = paper.records.map((key) => records.get(key))
      if (own.some((record) => record === undefined)) {
        findings.mismatch(
          'paper_differs',
          paper.id,
          `${name} is made of a record that the report does not hold.`,
        )
      }
      const isOfRecord = own.some((record) => record?.document === paper.document)
      const retrievedFrom = paper.retrieval?.at(-1)?.url ?? ''
      if (paper.document !== undefined && !isOfRecord && documentAt.get(retrievedFrom) !== paper.document) {
        findings.mismatch(
          'wrong_paper',
          paper.id,
          `The document of ${name} is neither that of a record nor what was downloaded for it.`,
        )
      }
      for (const [field, value] of Object.entries(paper.fields)) {
        const key = paper.provenance[field]
        if (key === undefined) continue
        const source: Record<string, unknown> | undefined = records.get(key)?.fields
        if (!paper.records.includes(key) || !isDeepStrictEqual(source?.[field], value)) {
          findings.mismatch(
            'paper_differs',
            paper.id,
            `The ${field} of ${name} is not what record ${key} says.`,
          )
        }
      }
      for (const record of own) {
        if (!record || record.document === undefined || !documentAt.has(record.reference)) continue
        if (documentAt.get(record.reference) !== record.document) {
          findings.mismatch(
            'wrong_paper',
            paper.id,
            `${name} was read from ${record.reference}, which is another document.`,
          )
        }
      }
    })
  }
}
