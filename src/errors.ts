/**
 * Every failure that crosses a module border is a {@link SheafError}: a closed code, a sentence that says what happened,
 * and one that says what a person can do about it. Doors (command line, API, workers) map codes; they never match texts.
 */

/** What can go wrong, as a closed set. The command line maps each code to an exit code, see `cli/exit-codes.ts`. */
export const errorCodes = [
  /** The caller's words do not make sense: a flag, a question, an identifier, a file that is not what it must be. */
  'invalid_input',
  /** The thing named does not exist. */
  'not_found',
  /** The thing is in a state that does not allow this (a finished session cannot be cancelled). */
  'conflict',
  /** Another process holds the data folder. */
  'locked',
  /** The store cannot be used: folder read-only, disk full, files corrupt, server away. */
  'store_unavailable',
  /** A document cannot be read; see {@link documentFailureCodes} for the reasons. */
  'unreadable_document',
  /** A source of papers failed or cannot be used. */
  'source_failed',
  /** A report does not hold what it claims. */
  'verification_failed',
  /** The person stopped the work. */
  'cancelled',
  /** A fault of Sheaf itself. */
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

const marker = Symbol.for('sheaf.error')

/** A failure with a code, a sentence for people, and what they can do next. */
export class SheafError extends Error {
  readonly [marker] = true
  readonly code: ErrorCode
  /** What a person can do about it, as one sentence; absent when nothing can be done. */
  readonly advice: string | undefined
  /** Whether the same call may succeed later without anybody doing anything. Decided where the failure is understood. */
  readonly retryable: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: { advice?: string; cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SheafError'
    this.code = code
    this.advice = options.advice
    this.retryable = options.retryable ?? false
  }

  /** Tells a SheafError also across worker threads' and bundles' copies of this class. */
  static isInstance(value: unknown): value is SheafError {
    return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true
  }
}

/** The text of anything thrown, for a log line or a report line. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
