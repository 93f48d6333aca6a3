import { SheafError } from '../errors.ts'
import { pause } from './stopping.ts'

/**
 * How long a store that is away is waited for, in milliseconds: servers start again, another takes the place of one that fails, and
 * somebody makes room on a full disk.
 */
const patience = 120_000
const triesEvery = 1_000

/**
 * Notes what a call has brought, also when the store is away just then: it has been paid for, and would be asked for again.
 * @param note may run several times
 * @throws what `note` throws when the store stays away, the fault is another, or the work is stopped
 */
export async function noteInStore<Result>(note: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (const end = Date.now() + patience; ; ) {
    try {
      return await note()
    } catch (thrown) {
      const mayPass = SheafError.isInstance(thrown) && thrown.code === 'store_unavailable'
      if (!mayPass || Date.now() > end) throw thrown
    }
    await pause(triesEvery, signal)
  }
}
