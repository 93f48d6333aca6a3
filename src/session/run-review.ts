import type { SessionEventBody } from '../contract/events.ts'
import { type Step, steps } from '../pipeline/steps.ts'
import type { TaskContext } from '../pipeline/task.ts'
import { childId } from '../queue/children.ts'
import { type ReviewPayload, taskPayloadSchema } from '../queue/jobs.ts'
import type { Child, SpineContext } from '../queue/queues.ts'
import type { Sql } from '../store/database.ts'
import { appendEvent } from '../store/events.ts'
import { changeSession, findSession, type SessionChange } from '../store/sessions.ts'
import { taskStates } from '../store/tasks.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'
import { giveUpTask } from './give-up-task.ts'
import { type MeasuredPhase, measurePhases } from './phase-times.ts'
import { isCurrent, taskContext, taskKey } from './review-state.ts'
import { sayFinished } from './say-finished.ts'
import { announceTotal, childFor } from './task-jobs.ts'

/**
 * The spine of a review: goes through the steps, starts what is still to do in each, and waits for it. It asks the
 * database what there is to do and keeps nothing itself, so that starting again after a crash is the same as starting.
 */
export async function runReview(
  deployment: Deployment,
  run: ReviewPayload,
  spine: SpineContext,
): Promise<void> {
  await changeSession(deployment.sql, run.session, { status: 'running' }, ['queued'])
  for (const step of steps) {
    let waitedFor = new Set<string>()
    for (;;) {
      const session = await findSession(deployment.sql, run.session)
      if (!isCurrent(session, run.run)) return
      const context = taskContext(deployment, session, spine.signal)
      if (step.wanted && !step.wanted(context.settings)) break
      const children = await stillToDo(step, context, run)
      if (children.length === 0) {
        const { goOn, ended } = await endStep(step, context)
        await deployment.announce(session.id)
        await measurePhases(deployment, session.id, ended)
        if (goOn) break
        await admitSessions(deployment)
        return
      }
      const overdue = children.filter(({ key }) => waitedFor.has(key))
      if (overdue.length > 0) await giveUpLost(deployment, overdue, spine)
      else {
        await spine.addChildren(children)
        await deployment.announce(session.id)
        await spine.waitForChildren()
        waitedFor = new Set(children.map(({ key }) => key))
      }
    }
  }
}

/** Jobs for the tasks of a step that have not ended. */
async function stillToDo(step: Step, context: TaskContext, run: ReviewPayload): Promise<Child[]> {
  const children: Child[] = []
  const states = await taskStates(context.sql, run.session)
  for (const kind of step.kinds) {
    const items = await kind.items(context)
    const before = children.length
    for (const [index, item] of items.entries()) {
      const key = taskKey(kind, item.key)
      const state = states.get(key)
      if (state?.ended) continue
      children.push(childFor(run, kind, item, { starts: state?.started ?? 0, position: index + 1 }))
    }
    if (children.length > before) await announceTotal(context.sql, run.session, kind, items.length)
  }
  return children
}

/**
 * Gives up tasks whose jobs the queue holds to be over while the ledger does not: whatever ended them could not be noted. Asking for
 * them once more would change nothing.
 */
async function giveUpLost(
  deployment: Deployment,
  children: readonly Child[],
  spine: SpineContext,
): Promise<void> {
  const failures = await spine.childFailures()
  for (const child of children) {
    const reason = failures.get(childId(spine.id, child.job.name, child.key)) ?? 'nothing is known of why'
    await giveUpTask(
      deployment,
      taskPayloadSchema.parse(child.payload),
      `It ended before it could begin: ${reason}`,
    )
  }
}

/**
 * Closes a step: says what came out, stops the session where it cannot go on or must wait, ends it after the last.
 * What it changes and the events that say so are one transaction, so that a crash repeats none of it.
 * Returns whether the next step follows, and what has ended by this and by nobody else.
 */
async function endStep(step: Step, context: TaskContext): Promise<{ goOn: boolean; ended: MeasuredPhase[] }> {
  const { sql, session, settings } = context
  const failure = await essentialFailure(step, context)
  if (failure !== undefined) {
    const error = { message: failure }
    await leave(sql, session.id, { status: 'failed', error }, { type: 'session.failed', ...error })
    return { goOn: false, ended: [] }
  }
  const ended: MeasuredPhase[] = await sayFinished(step, context)
  if (step.name === 'plan' && !session.planApproved) {
    await leave(sql, session.id, { status: 'waiting' }, { type: 'approval.required', gate: 'plan' })
    return { goOn: false, ended }
  }
  if (step !== steps.at(-1)) return { goOn: true, ended }
  const finished = { type: 'session.finished', report: settings.output } as const
  if (await leave(sql, session.id, { status: 'finished' }, finished)) ended.push('total')
  return { goOn: false, ended }
}

async function essentialFailure(step: Step, { sql, session }: TaskContext): Promise<string | undefined> {
  const states = await taskStates(sql, session.id)
  for (const kind of step.kinds)
    if (kind.essential)
      for (const [key, { failure }] of states)
        if (failure && key.startsWith(`${kind.name}/`)) return failure.message
  return undefined
}

/** Takes a session out of work, with the event that says so, unless it has left already. Returns whether it did. */
async function leave(
  sql: Sql,
  session: string,
  change: SessionChange,
  event: SessionEventBody,
): Promise<boolean> {
  return sql.transaction().execute(async (transaction) => {
    const left = await changeSession(transaction, session, change, ['queued', 'running'])
    if (left) await appendEvent(transaction, session, event)
    return left
  })
}
