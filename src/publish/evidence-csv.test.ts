import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleReport } from '../../test/support/report.ts'
import { renderEvidenceCsv } from './evidence-csv.ts'

const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true })

test('holds a row for every span, cited or not, with its place', () => {
  const report = sampleReport()
  const rows = rowsOf(renderEvidenceCsv(report))
  expect(rows).toHaveLength(report.spans.length)
  rows.forEach((row, position) => {
    const span = report.spans[position]!
    const [first, next] = span.locator.ranges
    expect(row).toMatchObject({
      paper: span.paperId,
      document_sha256: span.locator.document,
      page: String(first!.page),
      start: String(first!.start),
      end: String(first!.end),
      next_page: next ? String(next.page) : '',
      citation: String(report.citations.find((citation) => citation.span === span.id)?.number ?? ''),
    })
  })
  expect(rows.some((row) => row.next_page === '4')).toBe(true)
})

test('no cell begins a formula, whatever a paper says', () => {
  const report = sampleReport()
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n ,;"\'aA1(') }), (text) => {
      report.spans[0]!.quotation = text
      report.papers[0]!.fields.title = text
      report.papers[0]!.fields.authors = [{ family: text }]
      for (const row of rowsOf(renderEvidenceCsv(report))) {
        for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      }
    }),
    { numRuns: 50 },
  )
})
