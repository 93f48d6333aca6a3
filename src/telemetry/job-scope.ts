import { AsyncLocalStorage } from 'node:async_hooks'

/** The job that work belongs to, as it stands in each line that is logged meanwhile. */
export interface JobScope {
  readonly queue: string
  readonly job: string
  readonly session?: string
}

const scopes = new AsyncLocalStorage<JobScope>()

/** Does work as part of a job. */
export function inJob<Result>(scope: JobScope, work: () => Promise<Result>): Promise<Result> {
  return scopes.run(scope, work)
}

/** The job at hand, if this is part of one. */
export function jobAtHand(): JobScope | undefined {
  return scopes.getStore()
}
