import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Citation } from '../../contract/report.ts'

/** Gives out citation numbers in the order in which spans are first cited, and reference numbers to their papers. */
export interface CitationNumbers {
  /** The numbers for these spans, ascending, each span's own for the whole report. */
  cite(spanIds: readonly string[]): number[]
  citations(): Citation[]
  references(): { number: number; paperId: string }[]
}

/** Starts a numbering at 1. `cite` throws a RangeError for a span that was not admitted: that is a fault of Sheaf. */
export function numberCitations(spans: ReadonlyMap<string, EvidenceSpan>): CitationNumbers {
  const citations = new Map<string, Citation>()
  const references = new Map<string, number>()
  return {
    cite(spanIds) {
      const numbers = spanIds.map((id) => {
        const known = citations.get(id)
        if (known) return known.number
        const span = spans.get(id)
        if (!span) throw new RangeError(`Span ${id} is cited but was never admitted.`)
        const citation = { number: citations.size + 1, span: id, paperId: span.paperId }
        citations.set(id, citation)
        if (!references.has(span.paperId)) references.set(span.paperId, references.size + 1)
        return citation.number
      })
      return [...new Set(numbers)].sort((one, other) => one - other)
    },
    citations: () => [...citations.values()],
    references: () => [...references].map(([paperId, number]) => ({ number, paperId })),
  }
}
