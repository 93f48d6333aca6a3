import { type Phase, phases, type SessionEventBody } from '../contract/events.ts'
import { type Step, steps } from '../pipeline/steps.ts'
import type { TaskContext, TaskKind } from '../pipeline/task.ts'
import { appendEvent } from '../store/events.ts'
import { changeSession, findSession, lockSession, type Session } from '../store/sessions.ts'
import { isCurrent } from './review-state.ts'

/**
 * Says once what each phase of a step has brought, and returns those of which it has. `session.phase` is the last phase of
 * which it was said. A process that stood still for a while may find that another has said it, and more.
 */
export async function sayFinished(step: Step, context: TaskContext): Promise<Phase[]> {
  const { sql, session } = context
  const later = new Set(steps.slice(steps.indexOf(step) + 1).flatMap(({ kinds }) => kinds.map(phaseOf)))
  const own = [...new Set(step.kinds.map(phaseOf))].filter((phase) => !later.has(phase))
  const last = own.at(-1)
  if (last === undefined) return []
  const isSaid = ({ phase }: Session) => phase !== undefined && phases.indexOf(phase) >= phases.indexOf(last)
  if (isSaid(session)) return []
  const events: SessionEventBody[] = []
  for (const phase of own) {
    const counts: Record<string, number> = {}
    for (const kind of step.kinds)
      if (kind.phase === phase) Object.assign(counts, await kind.counts?.(context))
    events.push({ type: 'phase.finished', phase, counts })
  }
  return sql.transaction().execute(async (transaction) => {
    await lockSession(transaction, session.id)
    const now = await findSession(transaction, session.id)
    if (!isCurrent(now, session.run) || isSaid(now)) return []
    await changeSession(transaction, session.id, { phase: last })
    for (const event of events) await appendEvent(transaction, session.id, event)
    return own
  })
}

function phaseOf({ phase }: TaskKind): Phase {
  return phase
}
