import { OverloadError } from '../errors.ts'
import type { Sql } from '../store/database.ts'
import { countAtWork } from '../store/sessions.ts'

/** Seconds after which to ask again; a review takes minutes. */
const comeAgain = 60

/**
 * Leaves one user no more reviews at work than the settings allow, however many are started at once. Call it in the
 * transaction that starts one.
 * @param most undefined: any number
 * @throws {OverloadError} `too_many_requests`
 */
export async function refuseTooMany(
  transaction: Sql,
  owner: string,
  most: number | undefined,
): Promise<void> {
  if (most === undefined || (await countAtWork(transaction, owner)) < most) return
  throw new OverloadError(
    'too_many_requests',
    `${most === 1 ? 'One review' : `${most} reviews`} of one user may be at work at once.`,
    { retryAfter: comeAgain, advice: 'Wait for one to end, or cancel one.' },
  )
}
