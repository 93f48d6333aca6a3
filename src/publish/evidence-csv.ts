import { stringify } from 'csv-stringify/sync'
import type { Report } from '../contract/report.ts'
import { oneLine } from './displayable.ts'
import { indexReport } from './report-index.ts'

const columns = [
  'citation',
  'reference',
  'paper',
  'title',
  'authors',
  'year',
  'doi',
  'field',
  'quotation',
  'section',
  'document_sha256',
  'page',
  'start',
  'end',
  'next_page',
  'next_start',
  'next_end',
  'confidence',
]

/**
 * evidence.csv (RFC 4180): a row for every admitted span, cited or not, in the report's order. A cell that a spreadsheet
 * would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a return) is preceded by an apostrophe, as OWASP's
 * "CSV Injection" advises; report.json holds it unchanged.
 */
export function renderEvidenceCsv(report: Report): string {
  const index = indexReport(report)
  const rows = report.spans.map((span) => {
    const fields = index.paper(span.paperId)?.fields
    const [first, next] = span.locator.ranges
    return [
      index.citationOf(span.id)?.number,
      index.referenceOf(span.paperId),
      span.paperId,
      oneLine(fields?.title ?? ''),
      fields?.authors
        .map((author) => oneLine([author.family, author.given].filter(Boolean).join(', ')))
        .join('; '),
      fields?.year,
      fields?.doi,
      span.field,
      oneLine(span.quotation),
      span.section === undefined ? undefined : oneLine(span.section),
      span.locator.document,
      first?.page,
      first?.start,
      first?.end,
      next?.page,
      next?.start,
      next?.end,
      span.confidence,
    ]
  })
  return stringify([columns, ...rows], { escape_formulas: true, record_delimiter: '\r\n' })
}
