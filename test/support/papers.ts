import { createHash } from 'node:crypto'
import { type EvidenceSpan, evidenceFields, type StudyCard } from '../../src/contract/evidence.ts'
import type { BibliographicRecord, Paper } from '../../src/contract/paper.ts'
import type { Report } from '../../src/contract/report.ts'
import type { ScreeningDecision } from '../../src/contract/screening.ts'
import { partsOf, sampleDocument } from './pages.ts'
import { type SampleStudy, sampleStudies } from './studies.ts'

/** Twelve hexadecimal digits that stand for a text. */
export const digits = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** The paper of a study, merged from its records; the first study has two. */
export function paperOf(study: SampleStudy, index: number): Paper {
  const records = recordKeys(study, index)
  const document = isReadable(study) ? sampleDocument(study) : undefined
  const failure = failureOf(study)
  return {
    id: `p${digits(study.fields.title)}`,
    fields: structuredClone(study.fields),
    provenance: Object.fromEntries(Object.keys(study.fields).map((field) => [field, records[0]!])),
    records,
    mergedBecause: records.length > 1 ? ['The records share a DOI.'] : [],
    ...(document ? { document: document.id, pageCount: document.pages.length } : {}),
    ...(failure ? { failure } : {}),
  }
}

/** Whether a reader gets pages out of the study’s file. */
export function isReadable(study: SampleStudy): boolean {
  return study.file !== undefined && failureOf(study) === undefined
}

function failureOf(study: SampleStudy): Paper['failure'] {
  if (study.file === 'scans/tidebook-1987.pdf') {
    return {
      code: 'needs_ocr',
      message: 'The pages are pictures without text. Run OCR on the file and try again.',
    }
  }
  if (study.file === 'misc/broken.pdf') {
    return { code: 'damaged', message: 'The file’s cross-reference table is damaged.' }
  }
  return undefined
}

function recordKeys(study: SampleStudy, index: number): string[] {
  const main = `library:${study.file ?? 'library.bib#sato2018'}`
  return index === 0 ? [main, 'library:library.bib#marsh2019'] : [main]
}

/** The records that a paper was merged from. */
export function recordsOf(paper: Paper): BibliographicRecord[] {
  return paper.records.map((key, index) => ({
    key,
    source: 'library',
    reference: key.slice('library:'.length),
    fields: structuredClone(paper.fields),
    origins: { title: 'pdf-text' as const },
    ...(index === 0 && paper.document ? { document: paper.document } : {}),
    ...(index === 0 && paper.pageCount ? { pageCount: paper.pageCount } : {}),
    ...(index === 0 && paper.failure ? { failure: paper.failure } : {}),
  }))
}

/** What screening decided of the paper at this place: eight core, one background, the rest out. */
export function decisionOf(paper: Paper, index: number): ScreeningDecision {
  const tier = index < 8 ? 'core' : index === 8 ? 'background' : 'exclude'
  return {
    paperId: paper.id,
    tier,
    reason: tier === 'core' ? 'relevant' : tier === 'background' ? 'survey_context' : 'out_of_scope',
    score: Math.max(0.08, 0.94 - index * 0.09),
    rationale:
      tier === 'exclude'
        ? 'Says “lantern” but neither “tide” nor “forecast”.'
        : 'Found: glow lantern, tide forecast. Missing: nothing.',
    decidedBy: 'extractive',
  }
}

/** The documents of all studies that come with a file. */
export function documentsOf(): Report['documents'] {
  return sampleStudies.flatMap((study): Report['documents'] => {
    if (study.file === undefined) return []
    const failure = failureOf(study)
    if (failure) return [{ files: [study.file], failure, pageFailures: [] }]
    const document = sampleDocument(study)
    const pageFailures =
      study.file === 'calibration/quillfeather-2020.pdf'
        ? [{ page: 6, message: 'The page’s content stream is damaged.' }]
        : []
    return [{ id: document.id, files: [study.file], pages: document.pages.length, pageFailures }]
  })
}

/** The study’s quotations as spans, located on its sample pages. */
export function spansOf(paper: Paper, study: SampleStudy): EvidenceSpan[] {
  const { id, pages } = sampleDocument(study)
  return study.quotations.map(({ field, quotation, page, continues }) => {
    const rangeOf = (part: string, on: number) => {
      const start = pages[on - 1]!.text.replaceAll('\n', ' ').indexOf(part)
      return { page: on, start, end: start + part.length }
    }
    const [first, second] = partsOf(quotation, continues)
    const ranges = [rangeOf(first, page), ...(second === undefined ? [] : [rangeOf(second, page + 1)])]
    return {
      id: `s${digits(`${paper.id} ${field} ${quotation}`)}`,
      paperId: paper.id,
      field,
      quotation,
      locator: { document: id, ranges },
      ...(field === 'result' ? { section: '4 Results' } : {}),
      confidence: 0.9,
    }
  })
}

/** The study card of a paper. */
export function cardOf(paper: Paper, study: SampleStudy, spans: readonly EvidenceSpan[]): StudyCard {
  const entries = (field: EvidenceSpan['field']) =>
    study.quotations.flatMap((quotation) => {
      if (quotation.field !== field) return []
      const span = spans.find((one) => one.paperId === paper.id && one.quotation === quotation.quotation)!
      return [{ text: quotation.text ?? quotation.quotation, spans: [span.id] }]
    })
  return {
    paperId: paper.id,
    ...(Object.fromEntries(evidenceFields.map((field) => [field, entries(field)])) as Omit<
      StudyCard,
      'paperId'
    >),
  }
}
