import type { MadeToken, NewToken, TokenView } from '../../contract/api/access.ts'
import type { SessionCost } from '../../contract/api/ledger.ts'
import type { DryRun } from '../../contract/api/plan.ts'
import type { PaperToLabel, ScreeningState } from '../../contract/api/screening.ts'
import type { ReviewRequest, SessionView } from '../../contract/api/session.ts'
import type { SessionEvent } from '../../contract/events.ts'
import type { GateAnswer } from '../../contract/gates.ts'
import type { Plan } from '../../contract/plan.ts'
import type { TaskFailure } from '../../contract/report.ts'
import type { Label } from '../../contract/screening.ts'

/** A review as `sessions show` has it. */
export interface ShownReview {
  readonly session: SessionView
  readonly events: readonly SessionEvent[]
  readonly failures: readonly TaskFailure[]
}

/** A review that was started or goes on, and the number of its event before that. */
export interface Begun {
  readonly session: string
  readonly after: number
}

/**
 * What commands do with reviews, wherever these are: in a data folder that this process holds ({@link localReviews}), or at
 * the server that holds it ({@link remoteReviews}). Both fail with the same SheafErrors, `not_found` and `conflict` above all.
 */
export interface Reviews {
  start(question: string, request: ReviewRequest): Promise<Begun>
  /** What a review would search and read; nothing is started. */
  plan(question: string, request: ReviewRequest): Promise<DryRun>
  resume(session: string): Promise<Begun>
  approvePlan(session: string, edited: Plan | undefined): Promise<Begun>
  answerGate(session: string, state: 'approved' | 'rejected', answer?: GateAnswer): Promise<Begun>
  cancel(session: string): Promise<void>
  remove(session: string): Promise<void>

  /** The newest first, at most `limit`. */
  list(limit: number): Promise<SessionView[]>
  /** With the gate that it waits at, if it does. */
  read(session: string): Promise<SessionView>
  show(session: string): Promise<ShownReview>
  cost(session: string): Promise<SessionCost>

  /** A session's events after one, as they come, each once, until `signal` aborts. */
  follow(session: string, after: number, signal: AbortSignal): AsyncIterable<SessionEvent>
  /** The work on reviews, where this process does it; absent where a server does. */
  readonly work?: {
    begin(): Promise<void>
    /** Lets the tasks at hand finish for a while, and notes that the session can be resumed. */
    interrupt(session: string): Promise<void>
    /** Aborted when the embedded database cannot go on, its disk being full; the reason says so. */
    readonly storeFailed: AbortSignal
    /** How often each kind of what is kept was looked up by this process, and found. */
    cacheCounts(): Readonly<Record<string, unknown>>
  }

  screening(session: string): Promise<ScreeningState>
  /** Labels in the order in which they were given. */
  labels(session: string): Promise<Label[]>
  /** The paper whose label would help most; undefined when all have one. */
  nextToLabel(session: string): Promise<PaperToLabel | undefined>
  label(session: string, label: Label): Promise<void>
  /** Takes the last label back; returns its paper. */
  undoLabel(session: string): Promise<string | undefined>
  redoScreening(session: string): Promise<Begun>

  /** Absolute paths of the folders that are reviewed when none is named. */
  libraryFolders(): Promise<string[]>
  /** Takes an absolute path; returns whether it was new. */
  addLibraryFolder(path: string): Promise<boolean>
  removeLibraryFolder(path: string): Promise<void>

  /** Makes a token; its secret is in the answer alone. */
  createToken(request: NewToken): Promise<MadeToken>
  /** Everybody's, newest first. */
  tokens(): Promise<TokenView[]>
  /** Ends a token at once. */
  revokeToken(id: string): Promise<void>

  /** Leaves nothing running. */
  close(): Promise<void>
}
