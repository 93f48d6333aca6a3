import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { refuseOpenDoor } from '../../access/loopback.ts'
import { serve as listen } from '../../api/serve.ts'
import { accessRules } from '../../compose/access.ts'
import { createOwnServer } from '../../compose/own-server.ts'
import { type App, openApp } from '../../compose.ts'
import { type Config, loadConfig } from '../../config.ts'
import { SheafError } from '../../errors.ts'
import type { MetricsJson } from '../../telemetry/aggregate.ts'
import { type Bounds, jobsFor, pools, workerBounds } from '../../workers/pools.ts'
import { startWorker } from '../../workers/start-worker.ts'
import { createSupervisor, type Supervisor } from '../../workers/supervisor.ts'
import type { ServeOptions } from '../commands/serve.ts'
import { exitCodes } from '../exit-codes.ts'
import { complain, remark } from '../terminal.ts'
import { endAnyway } from './end-anyway.ts'

/** Milliseconds that requests and tasks under way may take when the server stops; platforms end it by force after 10 to 30 s. */
const requestGrace = 2_000
const taskGrace = 5_000

/** `sheaf serve`: listens, works, and on SIGTERM or Ctrl-C hands back what is not done; the second one stops it at once. */
export async function serve({ host, port, workers }: ServeOptions): Promise<void> {
  const config = loadConfig(process.env, process.cwd())
  const bounds = workers === undefined ? undefined : boundsFor(workers, config)
  refuseOpenDoor(host, accessRules(config))
  const app = await openApp(config, { abandoned: 'go on' })
  try {
    let stopping = false
    const isLogged = config.log !== undefined
    const tell = isLogged ? app.telemetry.log.info : remark
    let supervisor: Supervisor | undefined
    await app.telemetry.listen(
      () => stopping,
      async () => ((await supervisor?.metrics()) ?? []) as MetricsJson[],
    )
    const own = createOwnServer(config)
    const server = await listen(
      {
        deployment: app.deployment,
        access: { ...app.access, isOwnSecret: own.accepts },
        isStopping: () => stopping,
        report: isLogged ? app.telemetry.report : complain,
        telemetry: app.telemetry,
        ...(app.config.maxStreams !== undefined && { streamLimits: { streams: app.config.maxStreams } }),
      },
      { host, port },
    )
    if (server.loopbackUrl !== undefined) own.announce(server.loopbackUrl)
    if (bounds && bounds.most > 0) supervisor = supervise(app, bounds, tell)
    if (!bounds) await app.startWorkers()
    const told = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    const where = config.region === undefined ? '' : ` It is in the region ${config.region}.`
    tell(`Sheaf serves on ${server.url}.${where} Stop it with Ctrl-C.`)
    await told
    stopping = true
    own.withdraw()
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => process.exit(exitCodes.cancelled))
    tell('Stopping; what is not done goes on at the next start. Press Ctrl-C again to stop at once.')
    endAnyway(tell)
    await server.close(requestGrace)
    await supervisor?.stop()
    await app.stopWorkers(taskGrace)
  } finally {
    await app.close()
  }
}

/** @throws {SheafError} `invalid_input` for words that are no number, or a database that one process alone can use. */
function boundsFor(words: string, { databaseUrl }: Config): Bounds {
  const bounds = workerBounds(words, availableParallelism())
  if (databaseUrl !== undefined) return bounds
  throw new SheafError('invalid_input', 'The embedded database belongs to one process.', {
    advice: 'Set DATABASE_URL to use --workers, or leave it away: this process does the work itself.',
  })
}

function supervise(
  { config: { region }, deployment: { queues } }: App,
  bounds: Bounds,
  tell: (message: string) => void,
): Supervisor {
  return createSupervisor({
    pools,
    bounds,
    counts: (queue) => jobsFor(queues, queue, region),
    start: startWorker,
    report: tell,
  })
}
