import type { SessionEvent, SessionEventBody } from '../../contract/events.ts'
import type { Progress } from './progress.ts'
import { countsInWords, phaseNames, printable } from './words.ts'

/** One line for each event but single steps of a phase, for output that is not a terminal. */
export function eventLines(write: (text: string) => void): Progress {
  return {
    show(event) {
      const line = lineOf(event)
      if (line !== undefined) write(`${event.at} ${line}\n`)
    },
    end() {},
  }
}

function lineOf({ session, body }: SessionEvent): string | undefined {
  switch (body.type) {
    case 'phase.progress':
      return undefined
    case 'phase.started':
      return `${phaseNames[body.phase]}: started`
    case 'phase.finished':
      return `${phaseNames[body.phase]}: ${countsInWords(body.counts) || 'done'}`
    case 'item.failed':
      return `${phaseNames[body.phase]}: ${itemFailure(body)}`
    case 'session.created':
      return `Session ${session}: ${printable(body.question)}`
    case 'session.resumed':
      return `Session ${session}: resumed`
    case 'approval.required':
      return `Session ${session}: waits for approval of the ${body.gate}`
    case 'session.finished':
      return `Session ${session}: finished, report in ${printable(body.report)}`
    case 'session.failed':
      return `Session ${session}: failed: ${printable(body.message)}`
    case 'session.interrupted':
      return `Session ${session}: interrupted`
    case 'session.cancelled':
      return `Session ${session}: cancelled`
  }
}

/** What a failed item's line says: its name and the reason. */
export function itemFailure(body: Extract<SessionEventBody, { type: 'item.failed' }>): string {
  return `${printable(body.item)}: ${printable(body.message)}`
}
