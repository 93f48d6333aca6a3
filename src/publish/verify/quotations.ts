import type { ReadDocument } from '../../contract/document.ts'
import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Report } from '../../contract/report.ts'
import { type DocumentIndex, indexDocument } from '../../evidence/document-index.ts'
import { quotationHolds } from '../../evidence/holds.ts'
import { locateQuotation } from '../../evidence/locate.ts'
import { oneLine, shortened } from '../displayable.ts'
import { pagesInWords } from '../report-index.ts'
import type { Findings } from './result.ts'

/** A document as it is found now: the hash of its bytes and its pages. */
export type FoundDocument = Pick<ReadDocument, 'id' | 'pages'>

/**
 * Finds a document again: `files` are the paths below the library folder at which the review found it, `id` its hash.
 * Gives what is there even if its hash is another one, `undefined` where nothing is.
 */
export type DocumentFinder = (id: string, files: readonly string[]) => Promise<FoundDocument | undefined>

/**
 * Every quotation of the report against the documents themselves, whatever the report's own files say: the document is
 * the paper's and still the one that was read, and exactly the locator's characters read as the quotation.
 */
export async function checkQuotations(
  report: Report,
  find: DocumentFinder,
  findings: Findings,
): Promise<void> {
  const documentOf = new Map(report.papers.map((paper) => [paper.id, paper.document]))
  const listed = new Map(
    report.documents.flatMap(({ id, files, failure }) =>
      id === undefined || failure ? [] : [[id, files] as const],
    ),
  )
  const spansIn = new Map<string, EvidenceSpan[]>([...listed.keys()].map((id) => [id, []]))
  for (const span of report.spans) {
    const id = span.locator.document
    if (documentOf.get(span.paperId) !== id) {
      findings.mismatch(
        'wrong_paper',
        nameOf(report, span),
        `${quoted(report, span)} is located in a document that is not its paper’s.`,
      )
    }
    const spans = spansIn.get(id)
    if (spans) spans.push(span)
    else
      findings.mismatch(
        'document_missing',
        nameOf(report, span),
        `${quoted(report, span)} is located in a document that the report does not list.`,
      )
  }
  for (const [id, files] of listed) {
    const spans = spansIn.get(id) ?? []
    const document = await foundDocument(id, files, spans.length, find, findings)
    if (!document) continue
    let index: DocumentIndex | undefined
    for (const span of spans) {
      index ??= indexDocument(document)
      checkQuotation(report, span, index, findings)
    }
  }
}

async function foundDocument(
  id: string,
  files: readonly string[],
  quotations: number,
  find: DocumentFinder,
  findings: Findings,
): Promise<FoundDocument | undefined> {
  const name = files[0] ?? id
  const rest = `its ${quotations} quotations could not be checked`
  const document = await find(id, files)
  if (!document) {
    findings.mismatch('document_missing', name, `${name} is not where it was; ${rest}.`)
    return undefined
  }
  if (document.id !== id) {
    findings.mismatch('document_changed', name, `${name} is not the file that was read; ${rest}.`)
    return undefined
  }
  findings.held('documents')
  return document
}

function checkQuotation(
  report: Report,
  span: EvidenceSpan,
  document: DocumentIndex,
  findings: Findings,
): void {
  const outcome = quotationHolds(span, document.pages)
  if (outcome === true) {
    findings.held('quotations')
    return
  }
  const name = nameOf(report, span)
  const elsewhere = locateQuotation(span.quotation, document, { page: span.locator.ranges[0]!.page })
  const pages = elsewhere?.ranges.map((range) => range.page)
  const stated = span.locator.ranges.map((range) => range.page)
  if (pages === undefined) {
    const found = outcome.found === undefined ? '' : ` There it reads: “${cut(outcome.found)}”.`
    findings.mismatch(
      'quotation_differs',
      name,
      `${quoted(report, span)} does not stand in its document.${found}`,
    )
  } else if (pages.join() !== stated.join()) {
    findings.mismatch(
      'wrong_page',
      name,
      `${quoted(report, span)} stands on page ${pages.join('–')}, not on ${pagesInWords(span)}.`,
    )
  } else {
    findings.mismatch(
      'wrong_place',
      name,
      `${quoted(report, span)} stands on ${pagesInWords(span)}, but at other characters than the report says.`,
    )
  }
}

function nameOf(report: Report, span: EvidenceSpan): string {
  const citation = report.citations.find((one) => one.span === span.id)
  return citation ? `[${citation.number}]` : span.id
}

function quoted(report: Report, span: EvidenceSpan): string {
  return `Quotation ${nameOf(report, span)} “${cut(span.quotation)}”`
}

function cut(text: string): string {
  return shortened(oneLine(text), 80)
}
