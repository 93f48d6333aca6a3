import { randomUUID } from 'node:crypto'
import { SheafError } from '../errors.ts'
import {
  holdKey,
  type KeptAnswer,
  type KeyName,
  pruneKeys,
  settleKey,
  takeKey,
} from '../store/idempotency-keys.ts'
import type { Deployment } from './deployment.ts'

export type { KeptAnswer } from '../store/idempotency-keys.ts'

/** How long an answer is kept. Milliseconds. */
const lifeMilliseconds = 24 * 3_600_000
/** After this time without a sign of it, who works under a key is taken to have died. Milliseconds. */
const holdMilliseconds = 30_000
const signEvery = holdMilliseconds / 3

/**
 * Does the work of a request once for its key, in all processes: who comes again with it is given the answer that was kept.
 * @param request hash of what is asked
 * @param work returns the answer to keep, or undefined for one that says to try again
 * @returns the kept answer where one was there; undefined when `work` was done now
 * @throws {SheafError} `key_reused` when the key was used for another request, `conflict` while it is worked on.
 */
export async function answerOnce(
  { sql }: Pick<Deployment, 'sql'>,
  name: KeyName,
  request: string,
  work: () => Promise<KeptAnswer | undefined>,
): Promise<KeptAnswer | undefined> {
  const holder = randomUUID()
  const taken = await takeKey(sql, name, { request, holder }, { holdMilliseconds, lifeMilliseconds })
  if (taken && taken.request !== request)
    throw new SheafError('key_reused', 'This Idempotency-Key was used for another request.', {
      advice: 'Use a new key for each request, and the same only to repeat it as it was.',
    })
  if (taken && !taken.answer)
    throw new SheafError('conflict', 'A request with this Idempotency-Key is still being answered.', {
      advice: 'Repeat it in a few seconds.',
      retryable: true,
    })
  if (taken) return taken.answer
  const holding = setInterval(() => {
    // One that cannot be noted is made up for by the next.
    holdKey(sql, name, holder, holdMilliseconds).catch(() => undefined)
  }, signEvery)
  let answer: KeptAnswer | undefined
  try {
    answer = await work()
  } finally {
    clearInterval(holding)
    await settleKey(sql, name, holder, answer)
  }
  await pruneKeys(sql)
  return undefined
}
