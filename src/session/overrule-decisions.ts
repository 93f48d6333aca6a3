import type { Phase } from '../contract/events.ts'
import type { Overrule } from '../contract/screening.ts'
import { SheafError } from '../errors.ts'
import { overruled } from '../pipeline/screen/overruled.ts'
import { appendEvent } from '../store/events.ts'
import { forgetResults } from '../store/redo.ts'
import { changeDecisions, decisionsOf, storeOverrules } from '../store/screening.ts'
import { beginRun, changeSession, getSession } from '../store/sessions.ts'
import type { ValueTableName } from '../store/tables.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/** What is made anew when another set of papers is core; what was read and extracted stays, and only what is new is added. */
const restsOnCore: { phase: Phase; tables: ValueTableName[]; phases: Phase[] } = {
  phase: 'screen',
  tables: ['themes', 'matrices', 'claims', 'relations', 'audits', 'gaps'],
  phases: ['themes', 'claims', 'audit', 'gaps', 'report'],
}
/** What is made anew when papers that are not core change places: the report, which lists them. */
const listsAll: typeof restsOnCore = { phase: 'gaps', tables: [], phases: ['report'] }

/**
 * Puts a person's decisions in the place of screening's and does again what rests on them, no more. They stay when the
 * screening is redone later. Returns the number of the event before the one that says so.
 * @throws {SheafError} `not_found` for a paper that was not screened; `conflict` while the session works, before it has
 * screened, or for a retracted paper that is to be core.
 */
export async function overruleDecisions(
  deployment: Deployment,
  id: string,
  overrules: readonly Overrule[],
): Promise<number> {
  const resumed = await deployment.sql.transaction().execute(async (transaction) => {
    const { status } = await getSession(transaction, id)
    const before = new Map((await decisionsOf(transaction, id)).map((one) => [one.paperId, one]))
    const changes = overrules.map((overrule) => {
      const decision = before.get(overrule.paperId)
      if (!decision)
        throw new SheafError('not_found', `No paper ${overrule.paperId} was screened in session ${id}.`)
      const after = overruled(decision, overrule)
      if (after === decision)
        throw new SheafError('conflict', `Paper ${overrule.paperId} is retracted; it cannot be a core paper.`)
      return { decision, after }
    })
    const changesCore = changes.some(
      ({ decision, after }) => (decision.tier === 'core') !== (after.tier === 'core'),
    )
    const { phase, ...forgotten } = changesCore ? restsOnCore : listsAll
    const changed = await changeSession(transaction, id, { status: 'queued', phase, error: null }, [
      'finished',
      'interrupted',
      'failed',
    ])
    if (!changed)
      throw new SheafError('conflict', `Session ${id} is ${status}; its decisions cannot be changed now.`, {
        advice: 'Wait until it has ended, or cancel it.',
      })
    await storeOverrules(transaction, id, overrules)
    await changeDecisions(
      transaction,
      id,
      changes.map(({ after }) => after),
    )
    await forgetResults(transaction, id, forgotten)
    await beginRun(transaction, id)
    return appendEvent(transaction, id, { type: 'session.resumed' })
  })
  await admitSessions(deployment)
  return resumed.sequence - 1
}
