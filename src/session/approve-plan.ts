import type { Plan } from '../contract/plan.ts'
import { type SessionSettings, sessionSettingsSchema } from '../contract/settings.ts'
import { SheafError } from '../errors.ts'
import { appendEvent } from '../store/events.ts'
import { beginRun, changeSession, getSession, storePlan } from '../store/sessions.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/**
 * Approves the plan of a waiting session, as it is or as edited, and lets the review go on. What the sources are asked
 * is made anew from an edited plan. Returns the number of the event before the one that says so.
 * @throws {SheafError} `not_found`; `conflict` when the session does not wait for this.
 */
export async function approvePlan(deployment: Deployment, id: string, edited?: Plan): Promise<number> {
  const resumed = await deployment.sql.transaction().execute(async (transaction) => {
    const { status, plan, planApproved, settings } = await getSession(transaction, id)
    if (status !== 'waiting' || !plan || planApproved)
      throw new SheafError('conflict', `Session ${id} does not wait for approval; it is ${status}.`)
    const approved = edited ? withQueries(deployment, sessionSettingsSchema.parse(settings), edited) : plan
    if (!(await storePlan(transaction, id, approved, true)))
      throw new SheafError('conflict', `The plan of session ${id} has been approved meanwhile.`)
    await changeSession(transaction, id, { status: 'queued' }, ['waiting'])
    await beginRun(transaction, id)
    return appendEvent(transaction, id, { type: 'session.resumed' })
  })
  await admitSessions(deployment)
  return resumed.sequence - 1
}

function withQueries(deployment: Deployment, settings: SessionSettings, plan: Plan): Plan {
  const sources = [...deployment.sources(settings).values()]
  return { ...plan, sources: sources.map((source) => ({ source: source.name, query: source.query(plan) })) }
}
