import { createHash } from 'node:crypto'
import type { ProposedQuotation } from '../analysts/analyst.ts'
import type { DocumentId } from '../contract/document.ts'
import type { EvidenceField, EvidenceSpan, Locator, RejectedQuotation } from '../contract/evidence.ts'
import { indexDocument, type PageText } from './document-index.ts'
import { quotationAt } from './holds.ts'
import { locateQuotation } from './locate.ts'

/** An analyst's proposals, sorted into evidence and what is none. */
export interface Admission {
  /** The proposals that became spans, in their order; several may have become one and the same span. */
  admitted: { proposal: ProposedQuotation; span: EvidenceSpan }[]
  /** All spans, in the order of their first proposals, each once. */
  spans: EvidenceSpan[]
  rejected: RejectedQuotation[]
}

/**
 * Turns an analyst's proposals into spans. A proposal is admitted only if its quotation stands in the document, see
 * {@link locateQuotation}; the span then carries what the page says there, not what the analyst wrote. Proposals of the
 * same field and place become one span, with the greatest confidence among them.
 */
export function admitQuotations(
  proposals: readonly ProposedQuotation[],
  paper: { paperId: string; document: DocumentId; pages: readonly PageText[] },
): Admission {
  const { paperId, pages } = paper
  const index = indexDocument({ id: paper.document, pages })
  const spans = new Map<string, EvidenceSpan>()
  const admitted: Admission['admitted'] = []
  const rejected: RejectedQuotation[] = []
  for (const proposal of proposals) {
    const { field, quotation, page, section, confidence } = proposal
    const locator = locateQuotation(quotation, index, { page })
    if (!locator) {
      rejected.push({ paperId, field, quotation })
      continue
    }
    const id = spanId(paperId, field, locator)
    const span: EvidenceSpan = spans.get(id) ?? {
      id,
      paperId,
      field,
      quotation: quotationAt(locator.ranges, pages),
      locator,
      ...(section !== undefined && { section }),
      confidence,
    }
    span.confidence = Math.max(span.confidence, confidence)
    spans.set(id, span)
    admitted.push({ proposal, span })
  }
  return { admitted, spans: [...spans.values()], rejected }
}

/** `s` and the first 12 hexadecimal digits of SHA-256 over paper, field, document and ranges, a line each. */
export function spanId(paperId: string, field: EvidenceField, locator: Locator): string {
  const lines = [
    paperId,
    field,
    locator.document,
    ...locator.ranges.map(({ page, start, end }) => `${page}:${start}-${end}`),
  ]
  return `s${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)}`
}
