import type { EvidenceSpan, RejectedQuotation, StudyCard } from '../../contract/evidence.ts'
import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import type { Plan } from '../../contract/plan.ts'
import {
  type Report,
  type ReportDocument,
  reportSchemaVersion,
  type TaskFailure,
} from '../../contract/report.ts'
import type { ScreeningDecision } from '../../contract/screening.ts'
import type { Audit, Claim, Gap, Matrix, Relation, Theme } from '../../contract/synthesis.ts'
import { numberCitations } from './citations.ts'
import { limitationsOfReview } from './limitations.ts'
import { countFlow } from './prisma.ts'
import { publishedClaims, writeGaps, writeRelations, writeSummary, writeSynthesis } from './synthesis.ts'

/** All that a review has found, as it is stored. */
export interface ReviewMaterial {
  plan: Plan
  analyst: string
  /** Tasks that were judged without a model because none could be asked. */
  fallbacks: number
  records: readonly BibliographicRecord[]
  papers: readonly Paper[]
  decisions: readonly ScreeningDecision[]
  documents: readonly ReportDocument[]
  spans: readonly EvidenceSpan[]
  rejectedQuotations: readonly RejectedQuotation[]
  cards: readonly StudyCard[]
  themes: readonly Theme[]
  claims: readonly Claim[]
  audits: readonly Audit[]
  relations: readonly Relation[]
  matrix: Matrix
  gaps: readonly Gap[]
  failures: readonly TaskFailure[]
}

/** Writes the report from what was found. The same material gives the same report. */
export function assembleReport(material: ReviewMaterial): Report {
  const { plan, analyst, themes } = material
  const spans = new Map(material.spans.map((span) => [span.id, span]))
  const papers = new Map(material.papers.map((paper) => [paper.id, paper]))
  const published = publishedClaims(material.claims, material.audits)
  const numbers = numberCitations(spans)
  const writing = { themes, published, spans, papers, numbers }
  // In reading order: numbers are given out as the texts are written.
  const summary = writeSummary(writing)
  const synthesis = writeSynthesis(writing)
  const relationSentences = writeRelations(material.relations, published, numbers)
  const gapSentences = writeGaps(material.gaps, numbers)
  const prisma = countFlow(material)
  const scoreOf = new Map(material.decisions.map((decision) => [decision.paperId, decision.score]))
  return {
    schema: `sheaf-report/${reportSchemaVersion}`,
    title: plan.question,
    plan,
    analyst,
    prisma,
    records: [...material.records],
    papers: [...material.papers].sort((one, other) =>
      bestFirst(scoreOf.get(one.id) ?? -1, scoreOf.get(other.id) ?? -1, one.id, other.id),
    ),
    decisions: [...material.decisions].sort((one, other) =>
      bestFirst(one.score, other.score, one.paperId, other.paperId),
    ),
    documents: [...material.documents],
    spans: [...material.spans],
    rejectedQuotations: [...material.rejectedQuotations],
    cards: [...material.cards],
    themes: [...themes],
    claims: [...material.claims],
    audits: [...material.audits],
    relations: [...material.relations],
    matrix: material.matrix,
    gaps: [...material.gaps],
    summary,
    synthesis,
    relationSentences,
    gapSentences,
    reviewLimitations: limitationsOfReview(material, prisma),
    citations: numbers.citations(),
    references: numbers.references(),
    failures: [...material.failures],
  }
}

function bestFirst(score: number, otherScore: number, id: string, otherId: string): number {
  return otherScore - score || (id < otherId ? -1 : 1)
}
