import { WaitingError } from '../errors.ts'
import type { Analyst } from './analyst.ts'

/** A method of an analyst, as a task of the review. */
export type AnalystTask = Exclude<keyof Analyst, 'name'>

/** The analyst that goes on with another when the one it prefers would have to wait. */
export interface FallbackOptions {
  preferred: Analyst
  other: Analyst
  /** Told, and waited for, each time that the other judged, so that the report can say which tasks, and why. */
  onFallback: (task: AnalystTask, reason: WaitingError) => unknown
}

/**
 * Asks the preferred analyst, and the other one for a task that would otherwise wait because nobody can be asked now.
 * Any other failure is passed on: it is not cured by a lesser judgement. Each task tries the preferred one again.
 */
export function createFallbackAnalyst({ preferred, other, onFallback }: FallbackOptions): Analyst {
  const either = async <Result>(
    task: AnalystTask,
    judge: (analyst: Analyst) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    try {
      return await judge(preferred)
    } catch (thrown) {
      if (!WaitingError.isInstance(thrown) || !thrown.outage || signal?.aborted) throw thrown
      await onFallback(task, thrown)
      return await judge(other)
    }
  }
  return {
    name: `${preferred.name}, else ${other.name}`,
    plan: (request, signal) => either('plan', (analyst) => analyst.plan(request, signal), signal),
    screen: (request, signal) => either('screen', (analyst) => analyst.screen(request, signal), signal),
    extract: (request, signal) => either('extract', (analyst) => analyst.extract(request, signal), signal),
    label: (request, signal) => either('label', (analyst) => analyst.label(request, signal), signal),
    claims: (request, signal) => either('claims', (analyst) => analyst.claims(request, signal), signal),
    relate: (request, signal) => either('relate', (analyst) => analyst.relate(request, signal), signal),
    audit: (request, signal) => either('audit', (analyst) => analyst.audit(request, signal), signal),
    answer: (request, signal) => either('answer', (analyst) => analyst.answer(request, signal), signal),
  }
}
