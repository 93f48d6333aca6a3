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
    case 'item.waiting':
      return `${phaseNames[body.phase]}: ${waitingInWords(body)}`
    case 'session.created':
      return `Session ${session}: ${printable(body.question)}`
    case 'session.resumed':
      return `Session ${session}: resumed`
    case 'analyst.fallback':
      return `Judged without a model (${body.task}): ${printable(body.reason)}`
    case 'approval.required':
      return `Session ${session}: waits for approval of the ${body.gate}${body.message === undefined ? '' : `: ${printable(body.message)}`}`
    case 'answer.ready':
      return `Session ${session}: a question was answered`
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

/** What a waiting item's line says: for whom, until when, and why. */
export function waitingInWords(body: Extract<SessionEventBody, { type: 'item.waiting' }>): string {
  const until = body.until.slice(0, 19).replace('T', ' ')
  return `waits for ${printable(body.waitsFor)} until ${until} UTC: ${printable(body.reason)}`
}

/** What a failed item's line says: its name, where it has one, and the reason. */
export function itemFailure(body: Extract<SessionEventBody, { type: 'item.failed' }>): string {
  return body.item === 'all' ? printable(body.message) : `${printable(body.item)}: ${printable(body.message)}`
}
