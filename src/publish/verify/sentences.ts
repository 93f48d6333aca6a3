import type { Report, Sentence } from '../../contract/report.ts'
import type { Audit, Claim } from '../../contract/synthesis.ts'
import { oneLine, shortened } from '../displayable.ts'
import type { Findings } from './result.ts'

/**
 * Every sentence of the report against what it publishes: a finding of the summary or the synthesis is an audited claim
 * in the audit's words, cited with exactly the claim's spans; a sentence on agreement or contradiction is its relation's
 * statement; a gap's sentence is its description.
 */
export function checkSentences(report: Report, findings: Findings): void {
  const lookup = lookupOf(report)
  const stated = [...report.summary, ...report.synthesis.flatMap((one) => one.paragraphs.flat())]
  for (const sentence of stated)
    findings.judge('sentences', () => checkClaimSentence(sentence, lookup, findings))
  for (const sentence of report.relationSentences) {
    findings.judge('sentences', () => checkRelationSentence(sentence, report, lookup, findings))
  }
  report.gapSentences.forEach((sentence, position) => {
    findings.judge('sentences', () => {
      if (!checkNumbers(sentence, lookup, findings)) return
      const gap = report.gaps[position]
      if (gap?.description !== sentence.text) {
        findings.mismatch(
          'sentence_differs',
          cut(sentence.text),
          `“${cut(sentence.text)}” is not how the report describes its gap.`,
        )
      } else checkSpans(sentence, gap.spans, lookup, findings)
    })
  })
}

interface Lookup {
  spanOf: ReadonlyMap<number, string>
  claims: ReadonlyMap<string, Claim>
  audits: ReadonlyMap<string, Audit>
}

function lookupOf(report: Report): Lookup {
  return {
    spanOf: new Map(report.citations.map((citation) => [citation.number, citation.span])),
    claims: new Map(report.claims.map((claim) => [claim.id, claim])),
    audits: new Map(report.audits.map((audit) => [audit.claimId, audit])),
  }
}

function checkClaimSentence(sentence: Sentence, lookup: Lookup, findings: Findings): void {
  if (!checkNumbers(sentence, lookup, findings) || sentence.kind === 'link') return
  const name = cut(sentence.text)
  const claim = sentence.claim === undefined ? undefined : lookup.claims.get(sentence.claim)
  if (!claim) {
    findings.mismatch('claim_unaudited', name, `“${name}” states a finding that is no claim of the report.`)
    return
  }
  const published = publishedText(claim.id, lookup)
  if (published === undefined) {
    findings.mismatch('claim_unaudited', name, `“${name}” publishes a claim that did not pass its audit.`)
    return
  }
  if (published !== sentence.text) {
    findings.mismatch(
      'sentence_differs',
      name,
      `“${name}” is not what the audit let through: “${cut(published)}”.`,
    )
  }
  checkSpans(sentence, claim.spans, lookup, findings)
}

function checkRelationSentence(sentence: Sentence, report: Report, lookup: Lookup, findings: Findings): void {
  if (!checkNumbers(sentence, lookup, findings)) return
  const name = cut(sentence.text)
  const candidates = report.relations.filter((relation) => relation.statement === sentence.text)
  if (candidates.length === 0) {
    findings.mismatch('sentence_differs', name, `“${name}” is no agreement or contradiction of the report.`)
    return
  }
  const audited = candidates.filter((relation) =>
    relation.claims.every((id) => lookup.claims.has(id) && publishedText(id, lookup) !== undefined),
  )
  if (audited.length === 0) {
    findings.mismatch('claim_unaudited', name, `“${name}” rests on a claim that did not pass its audit.`)
    return
  }
  const resting = audited.map((relation) => relation.claims.flatMap((id) => lookup.claims.get(id)!.spans))
  checkSpans(
    sentence,
    resting.find((spans) => citesExactly(sentence, spans, lookup)) ?? resting[0]!,
    lookup,
    findings,
  )
}

/** Whether a sentence's citation numbers can be judged: a finding has some, a linking sentence none, all of them exist. */
function checkNumbers(sentence: Sentence, lookup: Lookup, findings: Findings): boolean {
  const name = cut(sentence.text)
  const unknown = sentence.citations.filter((number) => !lookup.spanOf.has(number))
  for (const number of unknown) {
    findings.mismatch(
      'citation_missing',
      `[${number}]`,
      `“${name}” cites [${number}], which stands for no quotation.`,
    )
  }
  if (sentence.kind === 'finding' && sentence.citations.length === 0) {
    findings.mismatch('citation_missing', name, `“${name}” states a finding and cites nothing.`)
    return false
  }
  if (sentence.kind === 'link' && sentence.citations.length > 0) {
    findings.mismatch('citation_wrong', name, `“${name}” cites quotations, but is not marked as a finding.`)
    return false
  }
  return unknown.length === 0
}

function checkSpans(sentence: Sentence, spans: readonly string[], lookup: Lookup, findings: Findings): void {
  if (citesExactly(sentence, spans, lookup)) return
  const name = cut(sentence.text)
  const numbers = sentence.citations.map((number) => `[${number}]`).join(' ')
  findings.mismatch(
    'citation_wrong',
    name,
    `“${name}” cites ${numbers || 'nothing'}, which are not the quotations it rests on.`,
  )
}

function citesExactly(sentence: Sentence, spans: readonly string[], lookup: Lookup): boolean {
  const cited = new Set(sentence.citations.map((number) => lookup.spanOf.get(number)))
  const resting = new Set(spans)
  return cited.size === resting.size && [...resting].every((span) => cited.has(span))
}

/** The text that a claim's audit let through, if it passed. */
function publishedText(claimId: string, { audits }: Lookup): string | undefined {
  const audit = audits.get(claimId)
  return audit?.verdict === 'supported' || audit?.verdict === 'repaired' ? audit.publishedText : undefined
}

function cut(text: string): string {
  return shortened(oneLine(text), 80)
}
