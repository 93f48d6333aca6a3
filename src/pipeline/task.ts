import type { Analyst } from '../analysts/analyst.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Phase } from '../contract/events.ts'
import type { Plan } from '../contract/plan.ts'
import type { SessionSettings } from '../contract/settings.ts'
import type { QueueName } from '../queue/jobs.ts'
import type { FullTexts } from '../sources/full-texts.ts'
import type { Source } from '../sources/source.ts'
import type { Sql } from '../store/database.ts'
import type { Session } from '../store/sessions.ts'
import type { DocumentArchive } from './read/archive.ts'

/** What a task works with. It keeps nothing of its own: all that lasts is in the database. */
export interface TaskContext {
  readonly sql: Sql
  readonly session: Session
  readonly settings: SessionSettings
  readonly analyst: Analyst
  readonly sources: ReadonlyMap<string, Source>
  readonly archive: DocumentArchive
  /** Where the deployment keeps files. */
  readonly blobs: BlobStore
  readonly fullTexts: FullTexts
  /** Versions of Sheaf and what it stands on, for the manifest. */
  readonly versions: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** One piece of work, named by something that is the same in every run: a file, a paper, a theme. */
export interface TaskItem {
  /** Unique among the kind's items. */
  readonly key: string
  /** As a person knows it: a title, a file name. */
  readonly label: string
}

/** Writes a task's result. It runs in the transaction that marks the task finished, so that both happen or neither. */
export type StoreResult = (transaction: Sql) => Promise<void>

/**
 * A kind of task. `items` is a query over what is stored, so that "what is still to do" needs no memory: the items
 * there are, less those that the ledger knows as finished.
 */
export interface TaskKind {
  readonly name: string
  readonly phase: Phase
  readonly queue: Exclude<QueueName, 'sessions'>
  /** A review cannot go on without it: its final failure fails the session. Others become a line of the report. */
  readonly essential: boolean
  /** All items there are so far, in a fixed order. */
  items(context: TaskContext): Promise<TaskItem[]>
  /** The kind that goes on with what this one has finished, within the same step. */
  readonly next?: string
  /** The items that go on when this one is finished; without it, the item itself. */
  followers?(context: TaskContext, item: string): Promise<TaskItem[]>
  /** Does the work on one item and returns what writes its result. May run twice; only one result is stored. */
  run(context: TaskContext, item: string): Promise<StoreResult>
  /** What the phase has brought, for its line of progress; on one kind of a phase, its last. */
  counts?(context: TaskContext): Promise<Record<string, number>>
}

/** The session's plan. Throws a RangeError before there is one: steps that need it come after the one that makes it. */
export function planOf({ session }: Pick<TaskContext, 'session'>): Plan {
  if (!session.plan) throw new RangeError(`Session ${session.id} has no plan yet.`)
  return session.plan
}

/** The one item of a kind that does its work in one piece. */
export const whole: readonly TaskItem[] = [{ key: 'all', label: 'all' }]
