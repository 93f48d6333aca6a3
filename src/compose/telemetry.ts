import type { Config } from '../config.ts'
import { messageOf, SheafError } from '../errors.ts'
import type { JobWatch } from '../queue/queues.ts'
import { type SettingName, settings } from '../settings.ts'
import type { MetricsJson } from '../telemetry/aggregate.ts'
import { inJob } from '../telemetry/job-scope.ts'
import type { MetricsListener } from '../telemetry/listener.ts'
import { type Log, unlogged } from '../telemetry/log.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import type { OpenTraces } from '../telemetry/open-telemetry.ts'
import type { DeploymentState } from '../telemetry/prometheus.ts'
import { createRedaction } from '../telemetry/redact.ts'
import { createRepeats } from '../telemetry/repeats.ts'
import { type Trace, untraced } from '../telemetry/trace.ts'

/** How a process tells how it fares: what the settings ask for is loaded, and nothing else. */
export interface Telemetry {
  readonly measure: Measure
  readonly trace: Trace
  readonly log: Log
  /** What carries a trace through the queues; undefined where nothing is traced. */
  readonly traceQueues: OpenTraces['queues'] | undefined
  /** Measures and logs the jobs that this process runs. */
  readonly jobs: JobWatch
  /** Faults that mend themselves (a lost connection): a warning in the log, or a sentence on standard error without one; once a minute. */
  fault(thrown: unknown): void
  /** The same of faults of Sheaf itself: an error. */
  report(thrown: unknown): void
  /** Says from where the state of the deployment is read, once it is open. */
  readFrom(state: StateSource): void
  /** This process's metrics, for a supervisor that puts several together; none where SHEAF_METRICS is not set. */
  metrics(): Promise<MetricsJson>
  /**
   * Listens where SHEAF_METRICS says; undefined where it is not set. Metrics of other processes, the workers that this one
   * supervises, are told together with its own.
   * @throws {SheafError} as `listenForProbes`
   */
  listen(
    isStopping?: () => boolean,
    others?: () => Promise<readonly MetricsJson[]>,
  ): Promise<MetricsListener | undefined>
  /** Stops listening and sends what is left of traces. */
  close(): Promise<void>
}

/** What is told of the whole deployment. */
export interface StateSource {
  readonly isReady: () => Promise<boolean>
  readonly read: () => Promise<DeploymentState>
}

/** The same fault is told again after so long, in milliseconds. */
const faultsLast = 60_000
/** Looks in such short succession are one, in milliseconds: several scrapers, and the metrics of one scrape. */
const lookLasts = 5_000
/** The state of a deployment is waited for so long, in milliseconds. */
const patience = 2_000

/** Opens what the settings ask for. Call it first, and close it last. */
export async function openTelemetry(config: Config): Promise<Telemetry> {
  const redact = createRedaction(secretsOf(config))
  const traces = await openTracesOf(config, redact)
  const trace = traces?.trace ?? untraced
  const log = await openLog(config, redact, trace)
  let source: StateSource | undefined
  const { isReady, read } = createLooks(() => source, log)
  const measured = config.metrics && (await import('../telemetry/prometheus.ts')).createMeasured({ read })
  const measure = measured?.measure ?? unmeasured
  const isLogged = config.log !== undefined
  const say = (thrown: unknown) => void process.stderr.write(redact(`sheaf: ${messageOf(thrown)}\n`))
  const isDue = createRepeats(faultsLast)
  let listener: MetricsListener | undefined

  return {
    measure,
    trace,
    log,
    traceQueues: traces?.queues,
    jobs: watchJobs({ measure, trace, log }),
    fault(thrown) {
      if (!isDue(messageOf(thrown))) return
      if (isLogged) log.warn(messageOf(thrown), { error: thrown })
      else say(thrown)
    },
    report(thrown) {
      if (isLogged) log.error(messageOf(thrown), { error: thrown })
      else say(thrown)
    },
    readFrom(state) {
      source = state
    },
    async metrics() {
      if (!measured) return []
      return (await import('../telemetry/aggregate.ts')).metricsAsJson(measured.registry)
    },
    async listen(isStopping = () => false, others = async () => []) {
      if (!config.metrics || !measured) return undefined
      const { listenForProbes } = await import('../telemetry/listener.ts')
      listener = await listenForProbes(config.metrics, {
        async metrics() {
          const supervised = await others()
          if (supervised.length === 0) return measured.registry.metrics()
          const { aggregateMetrics, metricsAsJson } = await import('../telemetry/aggregate.ts')
          return aggregateMetrics([await metricsAsJson(measured.registry), ...supervised])
        },
        isReady: async () => !isStopping() && (await isReady()),
      })
      return listener
    },
    async close() {
      await listener?.close()
      await traces?.close()
    },
  }
}

async function openTracesOf(
  { tracesEndpoint, tracesHeaders }: Config,
  redact: (text: string) => string,
): Promise<OpenTraces | undefined> {
  if (tracesEndpoint === undefined) return undefined
  const { openTraces } = await import('../telemetry/open-telemetry.ts')
  return openTraces({ endpoint: tracesEndpoint, headers: headersIn(tracesHeaders), redact })
}

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry has it. */
function headersIn(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs.flatMap(([name = '', ...value]) =>
      name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())]],
    ),
  )
}

async function openLog({ log: level }: Config, redact: (text: string) => string, trace: Trace): Promise<Log> {
  if (level === undefined) return unlogged
  const { createJsonLines } = await import('../telemetry/json-lines.ts')
  return createJsonLines({ level, redact, trace, write: (line) => void process.stderr.write(line) })
}

/** Values that no line and no trace may hold: secret settings, headers made of them, passwords of databases. */
function secretsOf(config: Config): string[] {
  const names = Object.keys(settings) as SettingName[]
  const values = names.flatMap((name) => ('secret' in settings[name] ? [config[name]] : []))
  const passwords = [config.databaseUrl, config.redisUrl].flatMap((url) => {
    const { password = '' } = URL.parse(url ?? '') ?? {}
    return [password, decodeURIComponent(password)]
  })
  return [...values, ...Object.values(headersIn(config.tracesHeaders)), ...passwords].filter(
    (value) => typeof value === 'string',
  )
}

function watchJobs({ measure, trace, log }: { measure: Measure; trace: Trace; log: Log }): JobWatch {
  return {
    within: ({ queue, id, session }, run) =>
      inJob({ queue, job: id, ...(session !== undefined && { session }) }, () => {
        trace.note({ 'sheaf.job': id, ...(session !== undefined && { 'sheaf.session': session }) })
        return run()
      }),
    ended({ queue, outcome, seconds, thrown }) {
      measure.jobEnded({ queue, outcome, seconds })
      const told = { outcome, seconds }
      if (outcome === 'failed') log.error('A job failed.', { ...told, error: thrown })
      else if (outcome === 'retried') log.warn('A job failed and is tried again.', { ...told, error: thrown })
      else log[outcome === 'put_back' || outcome === 'handed_on' ? 'debug' : 'info']('A job ended.', told)
    },
  }
}

/** Reads the deployment's state at most every few seconds, and never for long. */
function createLooks(sourceNow: () => StateSource | undefined, log: Log) {
  let last: { readonly at: number; readonly state: Promise<DeploymentState | undefined> } | undefined

  async function look(): Promise<DeploymentState | undefined> {
    const source = sourceNow()
    if (!source || !(await source.isReady())) return undefined
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new SheafError('store_unavailable', 'The store does not answer in time.')),
      patience,
    )
    try {
      return await Promise.race([source.read(), late.promise])
    } catch (thrown) {
      log.warn('The state of the deployment cannot be read.', { error: thrown })
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    isReady: async () => (await sourceNow()?.isReady()) ?? false,
    read() {
      if (!last || performance.now() - last.at > lookLasts) last = { at: performance.now(), state: look() }
      return last.state
    },
  }
}
