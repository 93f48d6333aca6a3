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
  /** A key that stands for one request was used for another. */
  'key_reused',
  /** Nobody has said who asks, or not so that it could be believed. */
  'unauthenticated',
  /** Who asks is known and may not do this. */
  'forbidden',
  /** What was sent is larger than what is taken. */
  'too_large',
  /** Too much was asked for in too short a time, or of a budget; an {@link OverloadError} says when to come again. */
  'too_many_requests',
  /** There is more work at hand than can be taken on now; an {@link OverloadError} says when to come again. */
  'overloaded',
  /** Another process holds the data folder. */
  'locked',
  /** The store cannot be used: folder read-only, disk full, files corrupt, server away. */
  'store_unavailable',
  /** The report cannot be written to its folder: read-only, disk full. The store is in order. */
  'output_unavailable',
  /** A document cannot be read; see {@link documentFailureCodes} for the reasons. */
  'unreadable_document',
  /** A source of papers failed or cannot be used. */
  'source_failed',
  /** A server that Sheaf does not run (a source, a host of papers, a model) failed or refused. */
  'upstream_failed',
  /** An address that must not be reached: inside a private network, or not HTTP. */
  'address_refused',
  /** The work has to wait for somebody else's limit; a {@link WaitingError} says until when. */
  'waiting',
  /** The work goes on in another region; an {@link ElsewhereError} says in which. */
  'elsewhere',
  /** A person has to agree first; an {@link ApprovalError} says to what. */
  'approval_required',
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

/** Work that cannot be done before a time that is known: the task is put back until then, and nothing counts as a failure. */
export class WaitingError extends SheafError {
  /** What it waits for, as a person knows it: `arXiv`, `requests to openai`. */
  readonly waitsFor: string
  readonly until: Date
  /** Whether there is nobody to ask at all until then, as opposed to a turn that is yet to come. */
  readonly outage: boolean

  constructor(waitsFor: string, until: Date, reason: string, { outage = false } = {}) {
    super('waiting', reason, { retryable: true })
    this.waitsFor = waitsFor
    this.until = until
    this.outage = outage
  }

  static override isInstance(value: unknown): value is WaitingError {
    return SheafError.isInstance(value) && value.code === 'waiting' && 'until' in value
  }
}

/** A model that gave no answer, and is passed over until then, in milliseconds since 1970; `kind` as `models/failures.ts` has it. */
export interface PassedOver {
  readonly until: number
  readonly kind: string
}

/** Work that goes on in another region, where what it needs next is asked: its job is handed on, and nothing has failed. */
export class ElsewhereError extends SheafError {
  readonly region: string
  /** Models that gave no answer here. */
  readonly passed: Readonly<Record<string, PassedOver>>

  constructor(what: string, region: string, passed: Readonly<Record<string, PassedOver>> = {}) {
    super('elsewhere', `${what} is asked from the region ${region}.`, { retryable: true })
    this.region = region
    this.passed = passed
  }

  static override isInstance(value: unknown): value is ElsewhereError {
    return SheafError.isInstance(value) && value.code === 'elsewhere' && 'region' in value
  }
}

/** Refused for now, not for what was asked: the same request will do later. */
export class OverloadError extends SheafError {
  /** Seconds after which to come again. */
  readonly retryAfter: number

  constructor(
    code: 'too_many_requests' | 'overloaded',
    message: string,
    { retryAfter, advice }: { retryAfter: number; advice?: string },
  ) {
    super(code, message, { retryable: true, ...(advice !== undefined && { advice }) })
    this.retryAfter = retryAfter
  }

  static override isInstance(value: unknown): value is OverloadError {
    return SheafError.isInstance(value) && 'retryAfter' in value
  }
}

/** Work that goes on when a person has agreed to it. It opens a gate at the session, which waits until that is answered. */
export class ApprovalError extends SheafError {
  /** What has to be agreed to, as `contract/gates.ts` names it. */
  readonly gate: string
  /** What the person decides about: counts, hosts, tokens. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(gate: string, message: string, details: Readonly<Record<string, unknown>>) {
    super('approval_required', message)
    this.gate = gate
    this.details = details
  }

  static override isInstance(value: unknown): value is ApprovalError {
    return SheafError.isInstance(value) && value.code === 'approval_required' && 'gate' in value
  }
}

/** The text of anything thrown, for a log line or a report line. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
