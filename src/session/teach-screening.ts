import type { ScreeningCandidate } from '../analysts/analyst.ts'
import type { Paper } from '../contract/paper.ts'
import type { Label } from '../contract/screening.ts'
import { SheafError } from '../errors.ts'
import { createScreener } from '../methods/screening/screener.ts'
import { adviseStopping, type StoppingAdvice } from '../methods/screening/stopping.ts'
import { candidatesOf } from '../pipeline/candidates.ts'
import { papersToScreen } from '../pipeline/screen/labelled.ts'
import { appendEvent } from '../store/events.ts'
import { forgetResults } from '../store/redo.ts'
import { labelsOf, removeLabel, storeLabels } from '../store/screening.ts'
import { beginRun, changeSession, getSession } from '../store/sessions.ts'
import { startRun } from './create-session.ts'
import type { Deployment } from './deployment.ts'

/** A session whose screening is being taught. Labels are stored one by one: nothing is lost when the person leaves. */
export interface Teaching {
  readonly question: string
  /** Number of papers that can be labelled. */
  readonly total: number
  /** Labels so far, in the order in which they were given. */
  labels(): readonly Label[]
  /** The paper whose label would help most now; undefined when all have one. */
  next(): Paper | undefined
  label(label: Label): Promise<void>
  /** Takes the last label back and returns its paper. */
  undo(): Promise<string | undefined>
  /** Whether one may stop, and how many relevant papers are probably still unseen. */
  advice(): StoppingAdvice
}

/**
 * Opens a session for teaching.
 * @throws {SheafError} `not_found`; `conflict` while it works or before it has papers.
 */
export async function openTeaching({ sql }: Pick<Deployment, 'sql'>, id: string): Promise<Teaching> {
  const session = await getSession(sql, id)
  if (!['finished', 'interrupted', 'failed'].includes(session.status))
    throw new SheafError('conflict', `Session ${id} is ${session.status}; it cannot be taught now.`, {
      advice: 'Wait until it has ended, or stop it with Ctrl-C where it runs.',
    })
  const candidates = await candidatesOf({ sql, session })
  if (candidates.length === 0)
    throw new SheafError('conflict', `Session ${id} has no papers to label yet.`, {
      advice: `Let it collect them: sheaf research --resume ${id}`,
    })
  const papers = new Map(candidates.map(({ paper }: ScreeningCandidate) => [paper.id, paper]))
  const screener = createScreener({ question: session.question, papers: papersToScreen(candidates) })
  let labels = (await labelsOf(sql, id)).filter(({ paperId }) => papers.has(paperId))

  return {
    question: session.question,
    total: candidates.length,
    labels: () => labels,
    next() {
      const labelled = new Set(labels.map(({ paperId }) => paperId))
      // A paper labelled "maybe" teaches nothing but is not asked for again.
      const ranked = screener.train(labels).next(candidates.length)
      const next = ranked.find((paperId) => !labelled.has(paperId))
      return next === undefined ? undefined : papers.get(next)
    },
    async label(label) {
      await storeLabels(sql, id, [label])
      labels = [...labels.filter(({ paperId }) => paperId !== label.paperId), label]
    },
    async undo() {
      const last = labels.at(-1)
      if (!last) return undefined
      await removeLabel(sql, id, last.paperId)
      labels = labels.slice(0, -1)
      return last.paperId
    },
    advice: () =>
      adviseStopping({
        judgements: labels.map(({ label }) => label === 'include'),
        total: candidates.length,
      }),
  }
}

/**
 * Lets a session go on from its screening with the labels it has: decisions and all that rests on them are made anew, what
 * was read and extracted stays. Returns the number of the event before the one that says so.
 */
export async function redoScreening(deployment: Deployment, id: string): Promise<number> {
  const { run, resumed } = await deployment.sql.transaction().execute(async (transaction) => {
    const { status } = await getSession(transaction, id)
    const changed = await changeSession(transaction, id, { status: 'queued', phase: 'merge', error: null }, [
      'finished',
      'interrupted',
      'failed',
    ])
    if (!changed) throw new SheafError('conflict', `Session ${id} is ${status}; it cannot be redone now.`)
    await forgetResults(transaction, id, {
      tables: ['decisions', 'themes', 'matrices', 'claims', 'relations', 'audits', 'gaps'],
      phases: ['screen', 'themes', 'claims', 'audit', 'gaps', 'report'],
    })
    const next = await beginRun(transaction, id)
    return { run: next, resumed: await appendEvent(transaction, id, { type: 'session.resumed' }) }
  })
  await startRun(deployment, id, run)
  return resumed.sequence - 1
}
