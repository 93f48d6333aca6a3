import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { SessionView } from '../../contract/api/session.ts'
import type { SessionEvent } from '../../contract/events.ts'
import { planSchema } from '../../contract/plan.ts'
import { messageOf, SheafError } from '../../errors.ts'
import type { ApproveOptions } from '../commands/sessions.ts'
import { countsInWords, phaseNames, printable } from '../progress/words.ts'
import { withReviews } from '../reviews/open.ts'
import type { Begun, Reviews } from '../reviews/reviews.ts'
import { colors, remark, say } from '../terminal.ts'
import { followToEnd, isEnd, type Shown, showPast } from './follow.ts'
import { sayOutcome, whatToAnswer } from './outcome.ts'
import { sayPlan } from './say-plan.ts'

/** The most sessions that one listing holds. */
const mostListed = 1000

/** `sheaf sessions list`. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  await withReviews(async (reviews) => {
    const sessions = await reviews.list(mostListed)
    if (json) say(JSON.stringify(sessions, null, 2))
    else if (sessions.length === 0)
      remark('No sessions yet. Start one: sheaf research "QUESTION" --library FOLDER')
    else for (const session of sessions) say(summaryOf(session))
  })
}

function summaryOf({ id, status, createdAt, question }: SessionView): string {
  const started = createdAt.slice(0, 16).replace('T', ' ')
  return `${id}  ${status.padEnd(11)}  ${started}  ${printable(question)}`
}

/** `sheaf sessions show`. */
export async function show(id: string, { json }: { json?: boolean }): Promise<void> {
  await withReviews(async (reviews) => {
    const { session, events, failures } = await reviews.show(id)
    if (json) {
      say(JSON.stringify({ ...session, failures, events }, null, 2))
      return
    }
    say(colors.bold(printable(session.question)))
    say(`${session.id}, ${session.status}, started ${session.createdAt}`)
    if (session.queue) say(placeInWords(session.queue))
    if (session.error) say(printable([session.error.message, session.error.advice ?? ''].join(' ')))
    if (session.plan) sayPlan(session.plan)
    for (const event of events) sayPhase(event)
    for (const { item, message } of failures) say(`  ! ${printable(item)}: ${printable(message)}`)
    if (session.status === 'waiting')
      for (const line of whatToAnswer(id, session.gate ?? { gate: 'plan' })) say(line)
    if (session.status === 'finished') say(`Report: ${printable(session.outputFolder ?? '')}`)
  })
}

function placeInWords({ position, expectedStart }: NonNullable<SessionView['queue']>): string {
  const expected =
    expectedStart === undefined
      ? ''
      : `, expected to begin about ${expectedStart.slice(0, 16).replace('T', ' ')} UTC`
  return `Waits to be taken on: number ${position} in the line${expected}`
}

function sayPhase({ body }: SessionEvent): void {
  if (body.type === 'phase.finished')
    say(`  ${phaseNames[body.phase].padEnd(18)} ${countsInWords(body.counts)}`)
}

/** `sheaf sessions follow`: a review at work is followed to its end; of one that rests it is shown how it came there. */
export async function follow(id: string, options: Shown): Promise<void> {
  await withReviews(async (reviews) => {
    const { session, events } = await reviews.show(id)
    const isAtWork = session.status === 'queued' || session.status === 'running'
    if (isAtWork)
      return followToEnd(reviews, { session: id, after: 0 }, options, {
        restsAt: session.lastEvent,
        watches: true,
      })
    showPast(events, options)
    const end = events.findLast(isEnd)
    if (end) sayOutcome(id, end.body, options.json)
  })
}

/** `sheaf sessions approve`. */
export async function approve(id: string, options: ApproveOptions): Promise<void> {
  await withReviews(async (reviews) =>
    followToEnd(reviews, await approveWhatWaits(reviews, id, options), options),
  )
}

async function approveWhatWaits(
  reviews: Reviews,
  id: string,
  { plan, downloads, domains, tokens }: ApproveOptions,
): Promise<Begun> {
  const { gate } = await reviews.read(id)
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
  if (gate) return reviews.answerGate(id, 'approved', answer)
  return reviews.approvePlan(id, plan === undefined ? undefined : readPlan(plan))
}

/** `sheaf sessions reject`. */
export async function reject(id: string, options: Shown): Promise<void> {
  await withReviews(async (reviews) =>
    followToEnd(reviews, await reviews.answerGate(id, 'rejected'), options),
  )
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
  await withReviews(async (reviews) => {
    await reviews.cancel(id)
    remark(`Session ${id} is cancelled.`)
  })
}

/** `sheaf sessions resume`. */
export async function resume(id: string, options: Shown): Promise<void> {
  await withReviews(async (reviews) => followToEnd(reviews, await reviews.resume(id), options))
}

/** `sheaf sessions delete`. */
export async function remove(id: string): Promise<void> {
  await withReviews(async (reviews) => {
    await reviews.remove(id)
    remark(`Session ${id} is deleted. Its report and the papers are as they were.`)
  })
}
