import { openTrial, type Trial, tell } from '../harness.ts'

/** What came of a fault. */
export interface Outcome {
  /** What was wrong, as sentences; none when all held. */
  readonly wrong: readonly string[]
  /** What was measured. */
  readonly told: string
}

/** Brings a fault about, with the numbers it draws. */
export type Fault = (random: () => number) => Promise<Outcome>

/** Tries a fault on a deployment of an API and so many workers, and checks what it left. */
export async function tried(
  place: Parameters<typeof openTrial>[0] & { workers?: number; mayFail?: boolean },
  fault: (trial: Trial) => Promise<string | undefined>,
): Promise<Outcome> {
  await using trial = await openTrial(place)
  await trial.sheaf.serve('--workers', '0')
  for (let count = 0; count < (place.workers ?? 2); count += 1) await trial.sheaf.worker()
  const told = await fault(trial)
  await trial.until(1)
  const wrong = await trial.faults({ mayFail: place.mayFail ?? false })
  tell(trial, wrong)
  return { wrong, told: told ?? `${trial.sessions.length} reviews` }
}
