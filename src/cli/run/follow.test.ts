import { expect, test } from 'vitest'
import { SheafError } from '../../errors.ts'
import type { Reviews } from '../reviews/reviews.ts'
import { followToEnd } from './follow.ts'

test('a full disk ends the following of a review with what to do, instead of waiting for ever', async () => {
  const broken = new AbortController()
  const reviews = {
    work: {
      storeFailed: broken.signal,
      begin: async () =>
        broken.abort(new SheafError('store_unavailable', 'No space left on device', { retryable: false })),
    },
    // No event comes any more, as when nothing can be written.
    async *follow(_session: string, _after: number, signal: AbortSignal) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve())
      })
    },
  } as unknown as Reviews
  await expect(followToEnd(reviews, { session: 'abc', after: 0 }, { quiet: true })).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'No space left on device',
    advice: expect.stringContaining('sheaf research --resume abc'),
  })
})
