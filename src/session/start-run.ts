import { reviewJob } from '../queue/jobs.ts'
import type { Admitted } from '../store/admission.ts'
import type { Deployment } from './deployment.ts'

/** The name of the job that does a session's run. */
export function runName(session: string, run: number): string {
  return `${session}-${run}`
}

/** Puts the spine of a session's run into the queue. The same run again is no second one. */
export async function startRun(
  { queues }: Pick<Deployment, 'queues'>,
  { id: session, run, rank }: Admitted,
): Promise<void> {
  await queues.add(reviewJob, { session, run, rank }, runName(session, run))
}
