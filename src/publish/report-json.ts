import { type Report, reportSchema } from '../contract/report.ts'

/**
 * report.json in its one form: keys in the schema's order, two spaces, a line break at the end. Lists keep their order.
 * Throws a ZodError when the value is not a report.
 */
export function renderReportJson(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 2)}\n`
}
