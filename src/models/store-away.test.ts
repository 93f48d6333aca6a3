import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SheafError } from '../errors.ts'
import { noteInStore } from './store-away.ts'

const away = (retryable: boolean) =>
  new SheafError('store_unavailable', 'The database cannot be used.', { retryable })

describe('noting what was paid for', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const never = new AbortController().signal

  test('waits for a store that is away, or has no room', async () => {
    const failures = [away(true), away(false), away(true)]
    const noted = noteInStore(async () => {
      const failure = failures.pop()
      if (failure) throw failure
      return 'noted'
    }, never)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await noted).toBe('noted')
  })

  test('gives up one that does not come back, and anything else at once', async () => {
    const lasting = noteInStore(() => Promise.reject(away(true)), never)
    const judged = expect(lasting).rejects.toMatchObject({ code: 'store_unavailable' })
    await vi.advanceTimersByTimeAsync(200_000)
    await judged
    await expect(noteInStore(() => Promise.reject(new Error('other')), never)).rejects.toThrow('other')
  })

  test('ends with the work', async () => {
    const stop = new AbortController()
    const noted = noteInStore(() => Promise.reject(away(true)), stop.signal)
    const judged = expect(noted).rejects.toMatchObject({ code: 'cancelled' })
    await vi.advanceTimersByTimeAsync(100)
    stop.abort()
    await vi.advanceTimersByTimeAsync(100)
    await judged
  })
})
