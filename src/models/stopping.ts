import { setTimeout } from 'node:timers/promises'
import { SheafError } from '../errors.ts'

/** @throws {SheafError} `cancelled`, or what the work was stopped with */
export function stopIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  if (SheafError.isInstance(signal.reason)) throw signal.reason
  throw new SheafError('cancelled', 'Asking the language model was stopped.')
}

/** Waits about so many milliseconds, more or less by a half lest many wake at once; throws when the work is stopped. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
  stopIfAborted(signal)
}
