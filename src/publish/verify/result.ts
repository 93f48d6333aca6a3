/** What can be wrong with a report, as a closed set. */
const mismatchKinds = [
  /** report.json is not there or is not a report; nothing else can be checked. */
  'report_invalid',
  /** manifest.json is not there, is not a manifest, or does not list what it must. */
  'manifest_invalid',
  /** A file of the report is not there. */
  'file_missing',
  /** A file's bytes are not those that the manifest lists. */
  'file_changed',
  /** A file says something else than report.json. */
  'file_differs',
  /** A page's picture or a mark on it is not what the document gives. */
  'picture_differs',
  /** A document is at none of its places, or the report does not list it. */
  'document_missing',
  /** A document's bytes are not those that the review read. */
  'document_changed',
  /** A quotation stands nowhere in its document as it is given. */
  'quotation_differs',
  /** A quotation stands on another page than the report says. */
  'wrong_page',
  /** A quotation stands on its page, but not at the characters the report says. */
  'wrong_place',
  /** A quotation, card or citation is given to a paper that it is not of. */
  'wrong_paper',
  /** A study card says what stands in none of the quotations it names. */
  'card_differs',
  /** A paper's bibliographic fields are not those of its records. */
  'paper_differs',
  /** A finding without a citation, or a citation number that stands for nothing. */
  'citation_missing',
  /** A sentence cites other quotations than its claim rests on. */
  'citation_wrong',
  /** Citation or reference numbers are not 1, 2, 3, …, or one is never used. */
  'numbering_wrong',
  /** A finding that no passed audit stands behind. */
  'claim_unaudited',
  /** A sentence that reads otherwise than the claim, relation or gap it publishes. */
  'sentence_differs',
] as const
export type MismatchKind = (typeof mismatchKinds)[number]

/** What is counted when it holds, as a closed set. */
const checkKinds = [
  'files_unchanged',
  'files_say_the_same',
  'pictures',
  'documents',
  'quotations',
  'citations',
  'sentences',
  'claims',
  'cards',
  'papers',
] as const
type CheckKind = (typeof checkKinds)[number]

/** One thing that does not hold, with a sentence for people. */
interface ReportMismatch {
  kind: MismatchKind
  /** What it is about: a file, a citation as `[3]`, an identifier. */
  subject: string
  message: string
}

/** What `sheaf verify` found. */
export interface VerificationResult {
  /** Whether everything that was checked holds. */
  holds: boolean
  /** How many of each kind held. */
  held: Record<CheckKind, number>
  /** In the order of {@link mismatchKinds}. */
  mismatches: ReportMismatch[]
  /** What could not be checked here, one sentence each; empty when everything was. */
  notChecked: string[]
}

/** Takes down what was found, check by check. */
export interface Findings {
  held(kind: CheckKind): void
  mismatch(kind: MismatchKind, subject: string, message: string): void
  notChecked(sentence: string): void
  /** Records one thing as held when nothing was found against it by `check`. */
  judge(kind: CheckKind, check: () => void): void
  result(): VerificationResult
}

/** Starts with nothing found. */
export function startFindings(): Findings {
  const counts = Object.fromEntries(checkKinds.map((kind) => [kind, 0])) as Record<CheckKind, number>
  const mismatches: ReportMismatch[] = []
  const notChecked: string[] = []
  return {
    held(kind) {
      counts[kind] += 1
    },
    mismatch(kind, subject, message) {
      mismatches.push({ kind, subject, message })
    },
    notChecked(sentence) {
      notChecked.push(sentence)
    },
    judge(kind, check) {
      const before = mismatches.length
      check()
      if (mismatches.length === before) counts[kind] += 1
    },
    result() {
      return {
        holds: mismatches.length === 0,
        held: counts,
        mismatches: mismatchKinds.flatMap((kind) => mismatches.filter((mismatch) => mismatch.kind === kind)),
        notChecked,
      }
    },
  }
}
