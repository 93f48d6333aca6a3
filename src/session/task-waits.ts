import { gateSchema } from '../contract/gates.ts'
import type { ApprovalError, WaitingError } from '../errors.ts'
import type { TaskContext, TaskKind } from '../pipeline/task.ts'
import { appendEvent, appendWhileAtWork } from '../store/events.ts'
import { openGate } from '../store/gates.ts'
import { changeSession } from '../store/sessions.ts'
import { putTaskBack } from '../store/tasks.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/** Notes that a task waits for somebody else's limit, for who follows the session. It is no start that failed. */
export async function waitForLimit(
  { sql, session }: TaskContext,
  kind: TaskKind,
  { key, label }: { key: string; label: string },
  { waitsFor, message, until }: WaitingError,
): Promise<void> {
  await sql.transaction().execute(async (transaction) => {
    await putTaskBack(transaction, session.id, key)
    await appendWhileAtWork(transaction, session.id, {
      type: 'item.waiting',
      phase: kind.phase,
      item: label,
      waitsFor,
      reason: message,
      until: until.toISOString(),
    })
  })
}

/** Stops a session until a person has answered. Of several tasks that come to the same gate, the first says so. */
export async function waitForPerson(
  deployment: Deployment,
  { sql, session }: TaskContext,
  key: string,
  { gate: name, message, details }: ApprovalError,
): Promise<void> {
  const gate = gateSchema.shape.gate.parse(name)
  await sql.transaction().execute(async (transaction) => {
    await putTaskBack(transaction, session.id, key)
    const stopped = await changeSession(transaction, session.id, { status: 'waiting' }, ['queued', 'running'])
    if (!stopped) return
    await openGate(transaction, session.id, { gate, message, details })
    await appendEvent(transaction, session.id, { type: 'approval.required', gate, message })
  })
  await deployment.announce(session.id)
  await admitSessions(deployment)
}
