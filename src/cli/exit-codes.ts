import type { ErrorCode } from '../errors.ts'

/** How each kind of failure ends the process. 64 to 78 follow BSD's sysexits.h; 130 is the shell's for Ctrl-C. */
export const exitCodes: Record<ErrorCode, number> = {
  verification_failed: 1,
  invalid_input: 64,
  unreadable_document: 65,
  not_found: 66,
  unauthenticated: 77,
  forbidden: 77,
  too_large: 65,
  too_many_requests: 75,
  overloaded: 75,
  source_failed: 69,
  upstream_failed: 69,
  address_refused: 77,
  waiting: 75,
  elsewhere: 75,
  approval_required: 10,
  internal: 70,
  output_unavailable: 73,
  store_unavailable: 74,
  locked: 75,
  conflict: 76,
  key_reused: 76,
  cancelled: 130,
}

/** The session waits for a person: nothing failed, and nothing more happens by itself. */
export const waitingForApproval = 10

/** What `--help` says of them. */
export const exitCodeHelp = `Exit codes:
   0  done
   1  a report does not hold what it claims, or a review failed
  10  the review waits for your approval
  64  the command is not understood     65  a document cannot be read
  66  no such session, folder or report 69  a source or a needed program is missing
  70  a fault of Sheaf itself           73  a report cannot be written
  74  the data folder or server cannot be used
  75  in use by another Sheaf; try later   76 the session is not in a state for this
  77  an address that must not be reached, or something that you may not do
 130  stopped by you`
