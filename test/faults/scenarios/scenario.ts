import { startPostgres, startRedis } from '../../support/servers.ts'
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

type Place = Parameters<typeof openTrial>[0] & { api?: 'none'; workers?: number; mayFail?: boolean }

/** Tries a fault, as {@link tried} does, on a PostgreSQL and, where queues are on one, a Redis that only it uses and does not touch. */
export async function triedOnServers(
  { queues = 'redis', ...place }: Omit<Place, 'databaseUrl' | 'redisUrl'> & { queues?: 'redis' | 'postgres' },
  fault: (trial: Trial) => Promise<string | undefined>,
): Promise<Outcome> {
  await using postgres = await startPostgres()
  await using redis = queues === 'redis' ? await startRedis() : undefined
  return await tried({ ...place, databaseUrl: postgres.url, redisUrl: redis?.url }, fault)
}

/** Tries a fault on a deployment of an API and so many workers, and checks what it left. */
export async function tried(
  place: Place,
  fault: (trial: Trial) => Promise<string | undefined>,
): Promise<Outcome> {
  await using trial = await openTrial(place)
  if (place.api !== 'none') await trial.sheaf.serve('--workers', '0')
  for (let count = 0; count < (place.workers ?? 2); count += 1) await trial.sheaf.worker()
  const told = await fault(trial)
  await trial.until(1)
  const wrong = await trial.faults({ mayFail: place.mayFail ?? false })
  tell(trial, wrong)
  return { wrong, told: told ?? `${trial.sessions.length} reviews` }
}
