import { type CardEntry, type EvidenceSpan, evidenceFields } from '../../contract/evidence.ts'
import type { Report } from '../../contract/report.ts'
import { formsOf } from '../../evidence/document-index.ts'
import { oneLine, shortened } from '../displayable.ts'
import { sentencesOf } from '../report-index.ts'
import type { Findings } from './result.ts'

/** Citations, references and cards: each number in its place, each standing for a span of the paper it names. */
export function checkCitations(report: Report, findings: Findings): void {
  const spans = new Map(report.spans.map((span) => [span.id, span]))
  const papers = new Map(report.papers.map((paper) => [paper.id, paper]))
  const referenced = new Set(report.references.map((reference) => reference.paperId))
  const used = new Set(sentencesOf(report).flatMap((sentence) => sentence.citations))
  const cited = new Set<string>()
  report.citations.forEach((citation, position) => {
    const name = `[${citation.number}]`
    findings.judge('citations', () => {
      if (citation.number !== position + 1) {
        findings.mismatch('numbering_wrong', name, `Citation ${name} stands where [${position + 1}] should.`)
      }
      if (!used.has(citation.number)) {
        findings.mismatch('numbering_wrong', name, `Citation ${name} is listed, but no sentence uses it.`)
      }
      if (cited.has(citation.span)) {
        findings.mismatch('numbering_wrong', name, `Citation ${name} gives a second number to one quotation.`)
      }
      cited.add(citation.span)
      const span = spans.get(citation.span)
      if (!span) {
        findings.mismatch(
          'citation_missing',
          name,
          `Citation ${name} stands for a quotation that the report does not hold.`,
        )
      } else if (span.paperId !== citation.paperId) {
        findings.mismatch(
          'wrong_paper',
          name,
          `Citation ${name} names another paper than its quotation is of.`,
        )
      }
      if (!referenced.has(citation.paperId)) {
        findings.mismatch(
          'citation_missing',
          name,
          `The paper of citation ${name} is not among the references.`,
        )
      }
    })
  })
  report.references.forEach((reference, position) => {
    if (reference.number !== position + 1) {
      findings.mismatch(
        'numbering_wrong',
        `reference ${reference.number}`,
        `Reference ${reference.number} stands where ${position + 1} should.`,
      )
    }
    if (!papers.has(reference.paperId)) {
      findings.mismatch(
        'wrong_paper',
        `reference ${reference.number}`,
        `Reference ${reference.number} names a paper that the report does not hold.`,
      )
    }
  })
}

/** Claims rest on spans that are there and were audited; card entries are words of spans of the card's own paper. */
export function checkClaimsAndCards(report: Report, findings: Findings): void {
  const spans = new Map(report.spans.map((span) => [span.id, span]))
  const audited = new Set(report.audits.map((audit) => audit.claimId))
  for (const claim of report.claims) {
    findings.judge('claims', () => {
      if (!audited.has(claim.id)) {
        findings.mismatch('claim_unaudited', claim.id, `Claim ${claim.id} was never audited.`)
      }
      for (const id of claim.spans) {
        if (!spans.has(id))
          findings.mismatch(
            'citation_missing',
            claim.id,
            `Claim ${claim.id} rests on a quotation that the report does not hold.`,
          )
      }
    })
  }
  for (const card of report.cards) {
    findings.judge('cards', () => {
      for (const field of evidenceFields) {
        for (const entry of card[field]) checkCardEntry(card.paperId, entry, spans, findings)
      }
    })
  }
}

function checkCardEntry(
  paperId: string,
  entry: CardEntry,
  spans: ReadonlyMap<string, EvidenceSpan>,
  findings: Findings,
): void {
  const own = entry.spans.flatMap((id) => spans.get(id) ?? [])
  if (own.length < entry.spans.length) {
    findings.mismatch(
      'citation_missing',
      paperId,
      `The study card of ${paperId} rests on a quotation that the report does not hold.`,
    )
  } else if (own.some((span) => span.paperId !== paperId)) {
    findings.mismatch(
      'wrong_paper',
      paperId,
      `The study card of ${paperId} rests on a quotation of another paper.`,
    )
  } else if (!own.some((span) => lettersOf(span.quotation).includes(lettersOf(entry.text)))) {
    findings.mismatch(
      'card_differs',
      paperId,
      `“${shortened(oneLine(entry.text), 80)}” on the study card of ${paperId} does not stand in the quotations it names.`,
    )
  }
}

/** Letters and digits alone, without case: what two renderings of the same words share. */
function lettersOf(text: string): string {
  return formsOf(text).alone.text.toLowerCase()
}
