import type { Paper } from '../contract/paper.ts'
import type { Report } from '../contract/report.ts'
import { toBibtex } from '../methods/references/bibtex.ts'
import { toCslJson } from '../methods/references/csl-json.ts'
import { toRis } from '../methods/references/ris.ts'
import { renderEvidenceCsv } from './evidence-csv.ts'
import { renderHtml } from './html/page.ts'
import { renderMarkdown } from './markdown/report.ts'
import type { Pictures } from './pictures.ts'
import { prismaDiagram } from './prisma/diagram.ts'
import { renderReportJson } from './report-json.ts'

/** The files of a report but manifest.json, in the order in which the manifest lists them. */
export const outputFiles = [
  'report.html',
  'report.md',
  'report.json',
  'evidence.csv',
  'prisma.svg',
  'references.bib',
  'references.ris',
  'references.json',
] as const
export type OutputFile = (typeof outputFiles)[number]

/** Renders every file from the report alone, and the page also from the pictures. The same report gives the same text. */
export function renderOutputs(report: Report, pictures: Pictures): Record<OutputFile, string> {
  return { 'report.html': renderHtml(report, pictures), ...renderTextOutputs(report) }
}

/** Renders the files that need no pictures: all but report.html. */
export function renderTextOutputs(report: Report): Record<Exclude<OutputFile, 'report.html'>, string> {
  const cited = citedPapers(report)
  return {
    'report.md': renderMarkdown(report),
    'report.json': renderReportJson(report),
    'evidence.csv': renderEvidenceCsv(report),
    'prisma.svg': prismaDiagram(report.prisma).markup,
    'references.bib': toBibtex(cited),
    'references.ris': toRis(cited),
    'references.json': `${JSON.stringify(toCslJson(cited), null, 2)}\n`,
  }
}

function citedPapers(report: Report): Paper[] {
  const papers = new Map(report.papers.map((paper) => [paper.id, paper]))
  return report.references.flatMap(({ paperId }) => papers.get(paperId) ?? [])
}
