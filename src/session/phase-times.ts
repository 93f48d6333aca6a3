import type { Phase, SessionEventBody } from '../contract/events.ts'
import { eventTimes } from '../store/events.ts'
import type { Deployment } from './deployment.ts'

/** What is measured: a phase, or the whole review. */
export type MeasuredPhase = Phase | 'total'

/** When something happened to a session, in seconds of one clock. */
export interface TimedEvent {
  readonly type: string
  readonly phase: string | null
  readonly at: number
}

/** From these on a session is at work, and from those on it is not: a person is asked, or it has ended. */
const begin: readonly SessionEventBody['type'][] = ['session.created', 'session.resumed']
const pause: readonly SessionEventBody['type'][] = [
  'approval.required',
  'session.interrupted',
  'session.finished',
  'session.failed',
  'session.cancelled',
]

const isBegin = (type: string) => (begin as readonly string[]).includes(type)
const isPause = (type: string) => (pause as readonly string[]).includes(type)

/**
 * Measures phases that have ended, from what is stored of them, whichever processes worked on them. Whoever ends a phase calls it
 * once; when that process is killed just then, the phase is not measured.
 */
export async function measurePhases(
  { sql, measure }: Pick<Deployment, 'sql' | 'measure'>,
  session: string,
  ended: readonly MeasuredPhase[],
): Promise<void> {
  if (ended.length === 0) return
  const events = await eventTimes(sql, session, [...begin, ...pause, 'phase.started', 'phase.finished'])
  for (const phase of ended) {
    const seconds = secondsOf(events, phase)
    if (seconds !== undefined) measure.phaseEnded(phase, seconds)
  }
}

/**
 * Seconds of work between the beginning and the end of a phase, last ended. What a person took to answer and what the session lay
 * interrupted is not work; that a killed process was missed for a while is. Undefined where an end is missing.
 */
export function secondsOf(events: readonly TimedEvent[], phase: MeasuredPhase): number | undefined {
  const isTotal = phase === 'total'
  const isEnd = ({ type, phase: of }: TimedEvent) =>
    isTotal ? type === 'session.finished' : type === 'phase.finished' && of === phase
  const isStart = ({ type, phase: of }: TimedEvent) =>
    isTotal ? isBegin(type) : type === 'phase.started' && of === phase
  const last = events.findLastIndex(isEnd)
  // After a change of decisions a review goes through phases, and ends, once more.
  const before = events.slice(0, Math.max(0, last)).findLastIndex(isEnd)
  const from = events.slice(before + 1, Math.max(0, last)).find(isStart)
  const to = events[last]
  if (!from || !to) return undefined
  let working = 0
  let since: number | undefined
  for (const { type, at } of events) {
    if (isBegin(type)) since ??= at
    if (since !== undefined && (isPause(type) || at >= to.at)) {
      working += Math.max(0, Math.min(at, to.at) - Math.max(since, from.at))
      since = undefined
    }
    if (at >= to.at) break
  }
  return working
}
