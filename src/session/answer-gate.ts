import type { Gate, GateAnswer } from '../contract/gates.ts'
import { SheafError } from '../errors.ts'
import type { Sql } from '../store/database.ts'
import { appendEvent } from '../store/events.ts'
import { gatesOf, resolveGate } from '../store/gates.ts'
import { beginRun, changeSession, getSession, storeSettings } from '../store/sessions.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/** The question that a waiting session has for a person; undefined when it waits for nothing but its plan's approval. */
export async function pendingGate({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<Gate | undefined> {
  const { status } = await getSession(sql, id)
  if (status !== 'waiting') return undefined
  return [...(await gatesOf(sql, id)).values()].find(({ state }) => state === 'pending')
}

/** Without more tokens, the rest is judged without a model; what a model has judged stays. */
async function goOnWithoutModel(transaction: Sql, id: string): Promise<void> {
  const { settings } = await getSession(transaction, id)
  await storeSettings(transaction, id, { ...settings, analyst: 'extractive' })
}

/**
 * Answers what a session waits for and lets the review go on: approved as asked or as the answer changes it; rejected,
 * it goes on within what was allowed. Returns the number of the event before the one that says so.
 * @throws {SheafError} `not_found`; `conflict` when the session waits for nothing of this kind.
 */
export async function answerGate(
  deployment: Pick<Deployment, 'sql' | 'queues' | 'admission'>,
  id: string,
  state: 'approved' | 'rejected',
  answer: GateAnswer = {},
): Promise<number> {
  const resumed = await deployment.sql.transaction().execute(async (transaction) => {
    const gate = await pendingGate({ sql: transaction }, id)
    if (!gate || !(await resolveGate(transaction, id, gate.gate, state, answer)))
      throw new SheafError('conflict', `Session ${id} does not wait for an answer.`)
    if (gate.gate === 'tokens' && state === 'rejected') await goOnWithoutModel(transaction, id)
    await changeSession(transaction, id, { status: 'queued' }, ['waiting'])
    await beginRun(transaction, id)
    return appendEvent(transaction, id, { type: 'session.resumed' })
  })
  await admitSessions(deployment)
  return resumed.sequence - 1
}
