import { sessionSettingsSchema } from '../contract/settings.ts'
import type { TaskContext, TaskKind } from '../pipeline/task.ts'
import type { Session } from '../store/sessions.ts'
import { versions } from '../version.ts'
import type { Deployment } from './deployment.ts'

/** Whether work of this run is still wanted: the session goes on, and was not started anew since. */
export function isCurrent(session: Session | undefined, run: number): session is Session {
  return session?.run === run && (session.status === 'queued' || session.status === 'running')
}

/** What tasks of a session are given. */
export function taskContext(deployment: Deployment, session: Session, signal: AbortSignal): TaskContext {
  const settings = sessionSettingsSchema.parse(session.settings)
  return {
    sql: deployment.sql,
    session,
    settings,
    analyst: deployment.analyst(settings, session.id),
    sources: deployment.sources(settings),
    archive: deployment.archive,
    blobs: deployment.blobs,
    fullTexts: deployment.fullTexts,
    versions: versions(),
    signal,
  }
}

/** A task's name in the ledger: the same in every run. */
export function taskKey(kind: TaskKind, item: string): string {
  return `${kind.name}/${item}`
}
