import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { App } from '../../compose.ts'
import { localCaller } from '../../contract/caller.ts'
import type { SessionEvent } from '../../contract/events.ts'
import { planSchema } from '../../contract/plan.ts'
import { messageOf, SheafError } from '../../errors.ts'
import { answerGate, pendingGate } from '../../session/answer-gate.ts'
import { approvePlan } from '../../session/approve-plan.ts'
import { cancelSession } from '../../session/cancel-session.ts'
import { listSessions, type Session, showSession } from '../../session/read-sessions.ts'
import { removeSession } from '../../session/remove-session.ts'
import type { ApproveOptions } from '../commands/sessions.ts'
import { countsInWords, phaseNames, printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'
import { followToEnd, type Shown } from './follow.ts'
import { sayOutcome, whatToAnswer } from './outcome.ts'
import { resumeAndFollow } from './resume.ts'
import { sayPlan } from './say-plan.ts'
import { withApp } from './with-app.ts'

/** The most sessions that one listing holds. */
const mostListed = 1000

/** `sheaf sessions list`. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  await withApp(async ({ deployment }) => {
    const sessions = await listSessions(deployment, localCaller, { limit: mostListed })
    if (json) say(JSON.stringify(sessions.map(asJson), null, 2))
    else if (sessions.length === 0)
      remark('No sessions yet. Start one: sheaf research "QUESTION" --library FOLDER')
    else for (const session of sessions) say(summaryOf(session))
  })
}

function summaryOf({ id, status, createdAt, question }: Session): string {
  const started = createdAt.toISOString().slice(0, 16).replace('T', ' ')
  return `${id}  ${status.padEnd(11)}  ${started}  ${printable(question)}`
}

/** `sheaf sessions show`. */
export async function show(id: string, { json }: { json?: boolean }): Promise<void> {
  await withApp(async ({ deployment }) => {
    const { session, gate, events, failures } = await showSession(deployment, id)
    if (json) {
      say(JSON.stringify({ ...asJson(session), ...(gate && { gate }), failures, events }, null, 2))
      return
    }
    say(colors.bold(printable(session.question)))
    say(`${session.id}, ${session.status}, started ${session.createdAt.toISOString()}`)
    if (session.error) say(printable([session.error.message, session.error.advice ?? ''].join(' ')))
    if (session.plan) sayPlan(session.plan)
    for (const event of events) sayPhase(event)
    for (const { item, message } of failures) say(`  ! ${printable(item)}: ${printable(message)}`)
    if (session.status === 'waiting') for (const line of whatToAnswer(id, gate ?? { gate: 'plan' })) say(line)
    if (session.status === 'finished') say(`Report: ${printable(session.outputFolder ?? '')}`)
  })
}

function sayPhase({ body }: SessionEvent): void {
  if (body.type === 'phase.finished')
    say(`  ${phaseNames[body.phase].padEnd(18)} ${countsInWords(body.counts)}`)
}

/** `sheaf sessions approve`. */
export async function approve(id: string, options: ApproveOptions): Promise<void> {
  await withApp(async (app) => {
    const lastEvent = await approveWhatWaits(app, id, options)
    sayOutcome(app, id, await followToEnd(app, id, lastEvent, options), options.json)
  })
}

async function approveWhatWaits(
  { deployment }: App,
  id: string,
  { plan, downloads, domains, tokens }: ApproveOptions,
): Promise<number> {
  const gate = await pendingGate(deployment, id)
  const answer = {
    ...(downloads === undefined ? {} : { downloads }),
    ...(domains === undefined ? {} : { domains }),
    ...(tokens === undefined ? {} : { tokens }),
  }
  const foreign = Object.keys({ ...answer, ...(plan && { plan }) }).find(
    (name) => name !== (gate?.gate ?? 'plan'),
  )
  if (foreign !== undefined)
    throw new SheafError(
      'invalid_input',
      `Session ${id} does not wait for --${foreign}, but for approval of the ${gate?.gate ?? 'plan'}.`,
    )
  if (gate) return answerGate(deployment, id, 'approved', answer)
  return approvePlan(deployment, id, plan === undefined ? undefined : readPlan(plan))
}

/** `sheaf sessions reject`. */
export async function reject(id: string, options: Shown): Promise<void> {
  await withApp(async (app) => {
    const lastEvent = await answerGate(app.deployment, id, 'rejected')
    sayOutcome(app, id, await followToEnd(app, id, lastEvent, options), options.json)
  })
}

function readPlan(path: string): z.infer<typeof planSchema> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new SheafError('invalid_input', `${path} is not a readable JSON file: ${messageOf(cause)}`, {
      cause,
    })
  }
  // `sheaf sessions show --json` prints the plan inside its session: either is taken.
  const inside = z.object({ plan: z.unknown() }).safeParse(value)
  const parsed = planSchema.safeParse(inside.success ? inside.data.plan : value)
  if (parsed.success) return parsed.data
  throw new SheafError('invalid_input', `${path} is not a plan: ${z.prettifyError(parsed.error)}`)
}

/** `sheaf sessions cancel`. */
export async function cancel(id: string): Promise<void> {
  await withApp(async ({ deployment }) => {
    await cancelSession(deployment, id)
    remark(`Session ${id} is cancelled.`)
  })
}

/** `sheaf sessions resume`. */
export async function resume(id: string, options: Shown): Promise<void> {
  await withApp((app) => resumeAndFollow(app, id, options))
}

/** `sheaf sessions delete`. */
export async function remove(id: string): Promise<void> {
  await withApp(async ({ deployment }) => {
    await removeSession(deployment, id)
    remark(`Session ${id} is deleted. Its report and the papers are as they were.`)
  })
}

function asJson({ createdAt, finishedAt, ...session }: Session) {
  return {
    ...session,
    createdAt: createdAt.toISOString(),
    ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
  }
}
