import type { Page } from '../contract/document.ts'
import type { EvidenceField, EvidenceSpan, StudyCard } from '../contract/evidence.ts'
import type { Paper } from '../contract/paper.ts'
import type { Plan } from '../contract/plan.ts'
import type { ScreeningDecision } from '../contract/screening.ts'
import type { Audit, Claim, Relation, Theme } from '../contract/synthesis.ts'

/** What a plan is made from. */
export interface PlanRequest {
  question: string
  since?: number | undefined
  until?: number | undefined
  maxPapers?: number | undefined
  /** Names of the sources to be asked. */
  sources: readonly string[]
}

/** A paper as screening sees it. */
export interface ScreeningCandidate {
  paper: Paper
  /** The opening of the full text (at most 20,000 characters) when there is one; the abstract stands in `paper`. */
  opening?: string | undefined
}

/** A quotation that an analyst says stands in the paper. It becomes evidence only when it is found there. */
export interface ProposedQuotation {
  field: EvidenceField
  quotation: string
  /** Page on which the analyst saw it (1-based): looked at first, not trusted. */
  page: number
  section?: string | undefined
  confidence: number
  /** What the card says, when shorter than the quotation ("MNIST" for a dataset). Must be words of the quotation. */
  text?: string | undefined
}

/** A theme before it has a name: its papers, and the words that tell it from the others, best first. */
export interface UnnamedTheme {
  paperIds: readonly string[]
  keywords: readonly string[]
}

/** A claim before it has an identity. */
export type DraftClaim = Omit<Claim, 'id' | 'themeId'>

/** What an analyst works with when it makes and audits claims: the spans by id and their papers by id. */
export interface EvidenceBase {
  spans: ReadonlyMap<string, EvidenceSpan>
  papers: ReadonlyMap<string, Paper>
}

/** An answer from evidence alone. `undefined` where the evidence does not answer. */
export interface Answer {
  sentences: { text: string; spans: string[] }[]
}

/**
 * All judgement of a review behind one port. Implementations keep no state between calls, so that any task can be run
 * again after a crash, and are given everything they judge. `signal` aborts a call that is no longer wanted.
 */
export interface Analyst {
  /** As the report names it. */
  readonly name: string

  /** Makes the protocol from the question. */
  plan(request: PlanRequest, signal?: AbortSignal): Promise<Plan>

  /** Judges papers against the plan: one decision for each, in the given order. May compare them with each other. */
  screen(
    request: { plan: Plan; candidates: readonly ScreeningCandidate[] },
    signal?: AbortSignal,
  ): Promise<ScreeningDecision[]>

  /** Reads a whole paper and proposes the quotations of its study card, best first within a field. */
  extract(
    request: { plan: Plan; paper: Paper; pages: readonly Page[] },
    signal?: AbortSignal,
  ): Promise<ProposedQuotation[]>

  /** Names themes so that a person recognises them; one name for each, in the given order. */
  label(
    request: { plan: Plan; themes: readonly UnnamedTheme[]; papers: ReadonlyMap<string, Paper> },
    signal?: AbortSignal,
  ): Promise<{ label: string; description: string }[]>

  /** Makes the claims of one theme from its papers' cards. */
  claims(
    request: { plan: Plan; theme: Theme; cards: readonly StudyCard[]; evidence: EvidenceBase },
    signal?: AbortSignal,
  ): Promise<DraftClaim[]>

  /** Finds claims of one theme that agree or contradict each other; the claims come from different papers. */
  relate(
    request: { plan: Plan; theme: Theme; claims: readonly Claim[]; evidence: EvidenceBase },
    signal?: AbortSignal,
  ): Promise<Omit<Relation, 'id' | 'themeId'>[]>

  /** Compares each claim with its spans; one verdict for each, in the given order. */
  audit(
    request: { plan: Plan; claims: readonly Claim[]; evidence: EvidenceBase },
    signal?: AbortSignal,
  ): Promise<Audit[]>

  /** Answers a question from the evidence alone, or says that it does not answer. */
  answer(
    request: { question: string; evidence: EvidenceBase },
    signal?: AbortSignal,
  ): Promise<Answer | undefined>
}
