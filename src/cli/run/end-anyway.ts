import process from 'node:process'
import { exitCodes } from '../exit-codes.ts'

/** Milliseconds; more than requests, tasks and connections together are given, and less than platforms wait before they end it by force. */
const patience = 20_000

/**
 * Ends a process that was told to stop, after a while, should it not have ended by itself: a database that hangs lets nobody go. What
 * it worked on goes on elsewhere, as after any process that dies.
 */
export function endAnyway(tell: (sentence: string) => void): void {
  const end = () => {
    tell('Something does not answer, the database or Redis; this process ends without waiting for it.')
    process.exit(exitCodes.store_unavailable)
  }
  setTimeout(end, patience).unref()
}
