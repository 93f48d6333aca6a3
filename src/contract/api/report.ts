import { z } from 'zod'
import { sessionIdSchema } from './session.ts'

/** Files of a report and what they are. */
export const reportFileTypes = {
  'report.html': 'text/html; charset=utf-8',
  'report.md': 'text/markdown; charset=utf-8',
  'report.json': 'application/json',
  'evidence.csv': 'text/csv; charset=utf-8',
  'prisma.svg': 'image/svg+xml',
  'references.bib': 'application/x-bibtex; charset=utf-8',
  'references.ris': 'application/x-research-info-systems; charset=utf-8',
  'references.json': 'application/vnd.citationstyles.csl+json',
  'manifest.json': 'application/json',
} as const

/** A file of a report in an address. */
export const reportParamsSchema = z.object({
  session: sessionIdSchema,
  file: z.enum(Object.keys(reportFileTypes) as [ReportFileName, ...ReportFileName[]]),
})
export type ReportFileName = keyof typeof reportFileTypes
