import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { phases } from '../contract/events.ts'
import { createBoundedNames } from './bounded-names.ts'
import type { CircuitState, Measure } from './measure.ts'
import { type MetricDefinition, type MetricKey, metrics, mostDomains } from './metrics.ts'

/** What every process can tell of the whole deployment. */
export interface DeploymentState {
  /** Queued or running. */
  readonly activeSessions: number
  /** Seconds; 0 without an active session. */
  readonly oldestActive: number
  readonly queues: readonly { readonly queue: string; readonly state: string; readonly jobs: number }[]
}

/** What a process measures, ready to be read. */
export interface Measured {
  readonly measure: Measure
  readonly registry: Registry
}

/** What is read when somebody looks; its owner sees to it that looks in short succession cost one. */
export interface StateReader {
  /** Undefined while the store cannot be used. */
  read(): Promise<DeploymentState | undefined>
}

type Instrument<Definition extends MetricDefinition> = Definition['type'] extends 'counter'
  ? Counter<Definition['labels'][number]>
  : Definition['type'] extends 'gauge'
    ? Gauge<Definition['labels'][number]>
    : Histogram<Definition['labels'][number]>

type Instruments = { readonly [Key in MetricKey]: Instrument<(typeof metrics)[Key]> }

const circuitValues: Readonly<Record<CircuitState, number>> = { closed: 0, poor: 1, open: 2 }

/** Makes the instruments of a process from their definitions, with Node's own, in a registry of their own. */
export function createMeasured({ read }: StateReader): Measured {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const domainOf = createBoundedNames(mostDomains)
  const circuits = new Map<string, () => CircuitState>()
  const counts = new Map<string, { lookups: number; hits: number }>()
  const streams: (() => number)[] = []

  const set = createInstruments(registry, {
    storeReady: async () => set.storeReady.set((await read()) ? 1 : 0),
    sessionsActive: async () => only(set.sessionsActive, (await read())?.activeSessions),
    oldestActiveSession: async () => only(set.oldestActiveSession, (await read())?.oldestActive),
    queueJobs: async () => {
      const state = await read()
      set.queueJobs.reset()
      for (const { queue, state: name, jobs } of state?.queues ?? [])
        set.queueJobs.set({ queue, state: name }, jobs)
    },
    cacheHitRate: () => {
      for (const [kind, { lookups, hits }] of counts)
        set.cacheHitRate.set({ cache_type: kind }, hits / lookups)
    },
    circuitState: () => {
      for (const [provider, state] of circuits) set.circuitState.set({ provider }, circuitValues[state()])
    },
    eventStreams: () => set.eventStreams.set(streams.reduce((sum, open) => sum + open(), 0)),
  })
  set.workerProcesses.set(0)
  // A count that is first seen at 1 has not grown, as Prometheus sees it, and one slow review would raise no alert.
  for (const phase of [...phases, 'total']) set.pipelineDuration.zero({ phase })

  const countOf = (kind: string) => {
    const count = counts.get(kind) ?? { lookups: 0, hits: 0 }
    counts.set(kind, count)
    return count
  }
  const measure: Measure = {
    phaseEnded: (phase, seconds) => set.pipelineDuration.observe({ phase }, seconds),
    cacheLookedUp(kind) {
      countOf(kind).lookups += 1
      set.cacheLookups.inc({ cache_type: kind })
    },
    cacheHit(kind) {
      countOf(kind).hits += 1
      set.cacheHits.inc({ cache_type: kind })
    },
    modelCallEnded({ provider, outcome, inputTokens = 0, outputTokens = 0, cost = 0 }) {
      set.modelCalls.inc({ provider, outcome })
      if (inputTokens > 0) set.modelTokens.inc({ provider, direction: 'input' }, inputTokens)
      if (outputTokens > 0) set.modelTokens.inc({ provider, direction: 'output' }, outputTokens)
      if (cost > 0) set.modelCost.inc({ provider }, cost)
    },
    downloadFailed: (host) => set.downloadErrors.inc({ domain: domainOf(host) }),
    limiterWaited: (service, seconds) => set.limiterWait.observe({ service: serviceLabel(service) }, seconds),
    watchCircuit(provider, state) {
      const name = serviceLabel(provider)
      // Hosts of full texts come and go by the thousand, and one of them that is down is no alarm.
      if (name !== hosts) circuits.set(name, state)
    },
    eventDelivered: (lag) => set.eventLag.observe(Math.max(0, lag)),
    watchStreams: (open) => void streams.push(open),
    jobEnded({ queue, outcome, seconds }) {
      set.jobs.inc({ queue, outcome })
      set.jobDuration.observe({ queue }, seconds)
    },
    requestAnswered: ({ method, route, status, seconds }) =>
      set.requestDuration.observe({ method, route, status: String(status) }, seconds),
    working: (isWorking) => set.workerProcesses.set(isWorking ? 1 : 0),
  }
  return { measure, registry }
}

/** The label of all hosts of full texts, whose services are named `host:…`. */
const hosts = 'hosts'

/** A service's name as a label: bounded, and without the address that a model's own server is told by. */
function serviceLabel(service: string): string {
  if (service.startsWith('host:')) return hosts
  return service.replace(/^model\//, '').replace(/@.*$/, '')
}

function createInstruments(
  registry: Registry,
  collect: Partial<Record<MetricKey, () => void | Promise<void>>>,
): Instruments {
  const made = Object.entries(metrics).map(([key, definition]: [string, MetricDefinition]) => {
    const { name, help, labels, buckets, together = 'sum' } = definition
    const own = collect[key as MetricKey]
    const common = {
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      ...(own && { collect: own }),
    }
    const make = {
      counter: () => new Counter(common),
      gauge: () => new Gauge({ ...common, aggregator: together }),
      histogram: () => new Histogram({ ...common, buckets: [...(buckets ?? [])] }),
    }
    return [key, make[definition.type]()]
  })
  return Object.fromEntries(made) as Instruments
}

/** Shows a value where there is one, and nothing rather than an old one. */
function only(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove()
  else gauge.set(value)
}
