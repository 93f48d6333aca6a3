import { join } from 'node:path'
import process from 'node:process'
import type { SessionEventBody } from '../../contract/events.ts'
import { exitCodes, waitingForApproval } from '../exit-codes.ts'
import { printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'

/** How following a review ended: by the event after which it rests, or because the person left it to its server. */
export type Outcome = SessionEventBody | { type: 'left' }

/**
 * Says how a review ended and what to do next, and sets the exit code. With `json`, as one line on standard output, with
 * `counts` of what the process that did the work looked up and found.
 */
export function sayOutcome(
  session: string,
  end: Outcome,
  json: boolean | undefined,
  counts: Readonly<Record<string, unknown>> = {},
): void {
  if (json) say(JSON.stringify({ ...end, type: 'result', outcome: end.type, session, ...counts }))
  switch (end.type) {
    case 'session.finished':
      if (json) return
      remark()
      remark(`${colors.green('✓')} The review is written. Look at it in a browser:`)
      say(join(printable(end.report), 'report.html'))
      remark(colors.dim(`  Check it: sheaf verify ${printable(end.report)}`))
      return
    case 'session.failed':
      process.exitCode = exitCodes.verification_failed
      remark(`${colors.red('✗')} ${printable(end.message)}`)
      if (end.advice) remark(`  ${printable(end.advice)}`)
      remark(`  Then go on: sheaf research --resume ${session}`)
      return
    case 'session.interrupted':
      process.exitCode = exitCodes.cancelled
      remark(`Stopped. Nothing finished is lost. Go on: sheaf research --resume ${session}`)
      return
    case 'session.cancelled':
      process.exitCode = exitCodes.cancelled
      remark(`Session ${session} was cancelled.`)
      return
    case 'left':
      process.exitCode = exitCodes.cancelled
      remark('You no longer follow the review; the server goes on with it.')
      remark(`  Follow it again: sheaf sessions follow ${session}`)
      remark(`  Stop it:         sheaf sessions cancel ${session}`)
      return
    case 'approval.required':
      process.exitCode = waitingForApproval
      for (const line of whatToAnswer(session, end)) remark(line)
      return
    default:
      return
  }
}

type ApprovalRequired = Extract<SessionEventBody, { type: 'approval.required' }>

/** How each gate's answer may be changed. */
const answerOptions: Record<ApprovalRequired['gate'], string> = {
  plan: '[--plan edited.json]',
  downloads: '[--downloads NUMBER]',
  domains: '[--domains HOST,…]',
  tokens: '[--tokens NUMBER]',
}

/** What a session waits for, and how to answer. */
export function whatToAnswer(
  session: string,
  { gate, message }: Pick<ApprovalRequired, 'gate' | 'message'>,
): string[] {
  const approve = `sheaf sessions approve ${session} ${answerOptions[gate]}`
  if (gate === 'plan')
    return [
      `The plan waits for you. Read it: sheaf sessions show ${session}`,
      `                     Go on:   ${approve}`,
    ]
  return [
    printable(message ?? `The review waits for your approval of the ${gate}.`),
    `  Agree:                   ${approve}`,
    `  Go on without:           sheaf sessions reject ${session}`,
  ]
}
