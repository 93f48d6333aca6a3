import type { PaperToLabel, ScreeningState } from '../contract/api/screening.ts'
import type { Paper } from '../contract/paper.ts'
import type { Label } from '../contract/screening.ts'
import { SheafError } from '../errors.ts'
import { createScreener } from '../methods/screening/screener.ts'
import { adviseStopping } from '../methods/screening/stopping.ts'
import { judgeablePapers } from '../pipeline/candidates.ts'
import { papersToScreen } from '../pipeline/screen/labelled.ts'
import { appendEvent } from '../store/events.ts'
import { forgetResults } from '../store/redo.ts'
import { labelsOf, removeLabel, storeLabels } from '../store/screening.ts'
import { beginRun, changeSession, getSession, type Session } from '../store/sessions.ts'
import { admitSessions } from './admit-sessions.ts'
import type { Deployment } from './deployment.ts'

/** A session whose screening is being taught. Labels are stored one by one: nothing is lost when the person leaves. */
export interface Teaching {
  /** Labels so far, in the order in which they were given. */
  readonly labels: readonly Label[]
  /** How far it is, and whether one may stop. */
  state(): ScreeningState
  /** The paper whose label would help most now; undefined when all have one. */
  next(): PaperToLabel | undefined
  /** @throws {SheafError} `not_found` for a paper that cannot be labelled. */
  label(label: Label): Promise<void>
  /** Takes the last label back and returns its paper. */
  undo(): Promise<string | undefined>
}

/** Sessions whose papers are kept at hand, as the classifier reads them: some ten megabytes for 2,000 papers. */
const mostOpen = 4

/** What all teaching of a session stands on while its papers stay the same. */
interface Material {
  readonly papers: ReadonlyMap<string, Paper>
  /** The paper to label next. It is learnt anew only from other labels than the last time. */
  next(labels: readonly Label[]): string | undefined
}

/**
 * Opens sessions for teaching: one opened before is at hand until it goes on. Reading 2,000 papers takes half a second of
 * the thread, and learning from the labels a tenth, once after each of them.
 */
export function createTeachings({ sql }: Pick<Deployment, 'sql'>) {
  const opened = new Map<string, { state: string; material: Promise<Material> }>()

  function materialOf({ id, question, run, lastEvent }: Session): Promise<Material> {
    const state = `${run}/${lastEvent}`
    const known = opened.get(id)
    const entry = known?.state === state ? known : { state, material: readMaterial(sql, id, question) }
    // The last used stays last: the one unused for longest is forgotten.
    opened.delete(id)
    opened.set(id, entry)
    if (opened.size > mostOpen) opened.delete(opened.keys().next().value!)
    entry.material.catch(() => opened.get(id) === entry && opened.delete(id))
    return entry.material
  }

  return {
    /** @throws {SheafError} `not_found`; `conflict` while it works or before it has papers. */
    async open(id: string): Promise<Teaching> {
      const session = await getSession(sql, id)
      if (!['finished', 'interrupted', 'failed'].includes(session.status))
        throw new SheafError('conflict', `Session ${id} is ${session.status}; it cannot be taught now.`, {
          advice: 'Wait until it has ended, or stop it with Ctrl-C where it runs.',
        })
      const material = await materialOf(session)
      const labels = (await labelsOf(sql, id)).filter(({ paperId }) => material.papers.has(paperId))
      return teachingOf(sql, session, material, labels)
    },
  }
}

function teachingOf(
  sql: Deployment['sql'],
  { id, question }: Session,
  { papers, next }: Material,
  labels: readonly Label[],
): Teaching {
  return {
    labels,
    state() {
      const judgements = labels.map(({ label }) => label === 'include')
      const total = papers.size
      const included = judgements.filter(Boolean).length
      const advice = adviseStopping({ judgements, total })
      return { question, total, labelled: labels.length, included, advice }
    },
    next() {
      const paper = next(labels)
      return paper === undefined ? undefined : { id: paper, fields: papers.get(paper)!.fields }
    },
    async label(label) {
      if (!papers.has(label.paperId))
        throw new SheafError('not_found', `Session ${id} has no paper ${label.paperId} to label.`)
      await storeLabels(sql, id, [label])
    },
    async undo() {
      const last = labels.at(-1)
      if (last) await removeLabel(sql, id, last.paperId)
      return last?.paperId
    },
  }
}

async function readMaterial(sql: Deployment['sql'], id: string, question: string): Promise<Material> {
  const papers = await judgeablePapers(sql, id)
  if (papers.length === 0)
    throw new SheafError('conflict', `Session ${id} has no papers to label yet.`, {
      advice: `Let it collect them: sheaf research --resume ${id}`,
    })
  const screener = createScreener({ question, papers: papersToScreen(papers) })
  let learnt: { from: string; order: readonly string[] } | undefined
  return {
    papers: new Map(papers.map((paper) => [paper.id, paper])),
    next(labels) {
      const from = JSON.stringify(labels.map(({ paperId, label }) => [paperId, label]))
      if (learnt?.from !== from) learnt = { from, order: screener.train(labels).next(papers.length) }
      // A paper labelled "maybe" teaches nothing but is not asked for again.
      const labelled = new Set(labels.map(({ paperId }) => paperId))
      return learnt.order.find((paperId) => !labelled.has(paperId))
    },
  }
}

/**
 * Lets a session go on from its screening with the labels it has: decisions and all that rests on them are made anew, what
 * was read and extracted stays. Returns the number of the event before the one that says so.
 */
export async function redoScreening(deployment: Deployment, id: string): Promise<number> {
  const resumed = await deployment.sql.transaction().execute(async (transaction) => {
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
    await beginRun(transaction, id)
    return appendEvent(transaction, id, { type: 'session.resumed' })
  })
  await admitSessions(deployment)
  return resumed.sequence - 1
}
