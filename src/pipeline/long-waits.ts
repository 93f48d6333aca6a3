import { WaitingError } from '../errors.ts'

/**
 * A review waits this long for one source or one full text, in milliseconds; a daily quota that is gone, or a host that asks
 * for hours, costs what is only there, not the review.
 */
const longest = 10 * 60_000

/** Whether work that could be left out would have to wait too long. */
export function waitsTooLong(thrown: unknown): thrown is WaitingError {
  return WaitingError.isInstance(thrown) && thrown.until.getTime() - Date.now() > longest
}

/** Why it was left out, as one sentence. */
export function leftOutBecause({ message, until }: WaitingError): string {
  return `${message} It can be asked again from ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC.`
}
