import { messageOf, SheafError } from '../errors.ts'

/**
 * SQLSTATE classes and codes that say the server, not the statement, is at fault (PostgreSQL, appendix A). 40: of two that waited for
 * each other, or could not both have their way, this one gave way.
 */
const serverFailure = /^(08|40|53|57P0|58|XX|28|3D000)/
/** System errors of a socket that does not reach the server. */
const socketFailure = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE)/

/** Of those, the ones that say that nobody is there to ask: no connection, or a server that goes down or comes up. */
const serverAway = /^(08|57P0[1-3])/

/** Waiting alone does not help. */
const diskFull = '53100'
/** node-postgres gives its own errors about a lost connection no code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/

/** Turns what a driver throws when the database cannot be used into SheafError `store_unavailable`; leaves the rest. */
export function asStoreFailure(thrown: unknown): unknown {
  if (SheafError.isInstance(thrown) || !(thrown instanceof Error)) return thrown
  const { code } = thrown as { code?: unknown }
  const known = typeof code === 'string' && (serverFailure.test(code) || socketFailure.test(code))
  const lost = lostConnection.test(thrown.message)
  if (!known && !lost) return thrown
  return new SheafError('store_unavailable', `The database cannot be used: ${messageOf(thrown) || code}`, {
    cause: thrown,
    advice:
      'Check that the disk has room and, where the database is a server, that it runs and DATABASE_URL names it.',
    retryable: code !== diskFull,
  })
}

/**
 * Whether a failure, as a driver or as {@link asStoreFailure} words it, says that the server cannot be reached just now. Whatever was
 * asked of it, it will do once it is back.
 */
export function isStoreAway(thrown: unknown): boolean {
  const first = SheafError.isInstance(thrown) && thrown.code === 'store_unavailable' ? thrown.cause : thrown
  if (!(first instanceof Error)) return false
  const { code } = first as { code?: unknown }
  const known = typeof code === 'string' && (serverAway.test(code) || socketFailure.test(code))
  return known || lostConnection.test(first.message)
}
