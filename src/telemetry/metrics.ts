/**
 * Every metric of Sheaf, once. What is measured, the rules and dashboards that read it, and the table of
 * docs/observability.md are made from these or held against them.
 */

/** How a metric is kept and put together. */
export interface MetricDefinition {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[]
  /**
   * What several processes' values make: `sum` of each one's own, `max` where each tells the same of the whole deployment, `min`
   * where the worst counts. Counters and histograms are always summed.
   */
  readonly together?: 'sum' | 'max' | 'min' | 'average'
}

/** A review takes seconds without models, minutes with them; the alert looks at 600 s. */
const phaseBuckets = [0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 180, 300, 450, 600, 900, 1800, 3600]
const jobBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600]
/** From a turn that is free to the patience of two minutes after which work is put back. */
const waitBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 3, 10, 30, 60, 120]
const lagBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Hosts of full texts that have a label of their own in one process, the first that fail; all others are `other`. */
export const mostDomains = 50

export const metrics = {
  pipelineDuration: {
    name: 'research_pipeline_duration_seconds',
    type: 'histogram',
    help: 'Seconds of work of finished phases of reviews, and of whole reviews as phase="total"; waiting for a person is not counted.',
    labels: ['phase'],
    buckets: phaseBuckets,
  },
  sessionsActive: {
    name: 'research_concurrent_sessions_active',
    type: 'gauge',
    help: 'Reviews that are queued or running, in the whole deployment.',
    labels: [],
    together: 'max',
  },
  oldestActiveSession: {
    name: 'research_oldest_active_session_seconds',
    type: 'gauge',
    help: 'Seconds since the review that has been at work longest was started or resumed, in the whole deployment; 0 without one.',
    labels: [],
    together: 'max',
  },
  workerProcesses: {
    name: 'research_worker_processes',
    type: 'gauge',
    help: '1 in a process that takes jobs, 0 in one that does not.',
    labels: [],
    together: 'sum',
  },
  storeReady: {
    name: 'research_store_ready',
    type: 'gauge',
    help: '1 while database and queues answer this process within 2 s and the database can be written, else 0.',
    labels: [],
    together: 'min',
  },
  queueJobs: {
    name: 'research_queue_jobs',
    type: 'gauge',
    help: 'Jobs of a queue by state, in the whole deployment.',
    labels: ['queue', 'state'],
    together: 'max',
  },
  jobs: {
    name: 'research_jobs_total',
    type: 'counter',
    help: 'Runs of jobs by what became of them: done, put_back, handed_on, retried, failed, cancelled.',
    labels: ['queue', 'outcome'],
  },
  jobDuration: {
    name: 'research_job_duration_seconds',
    type: 'histogram',
    help: 'Seconds that a run of a job took, whatever became of it.',
    labels: ['queue'],
    buckets: jobBuckets,
  },
  cacheLookups: {
    name: 'research_cache_lookups_total',
    type: 'counter',
    help: 'Look-ups in what is kept, by kind.',
    labels: ['cache_type'],
  },
  cacheHits: {
    name: 'research_cache_hits_total',
    type: 'counter',
    help: 'Look-ups that found what they sought.',
    labels: ['cache_type'],
  },
  cacheHitRate: {
    name: 'research_cache_hit_rate',
    type: 'gauge',
    help: 'Share of this process’s look-ups since its start that found something, 0 to 1. For a look; rules use the counters.',
    labels: ['cache_type'],
    together: 'average',
  },
  modelCalls: {
    name: 'research_llm_calls_total',
    type: 'counter',
    help: 'Calls of models by outcome: answered, failed, rate_limited, refused, unusable, aborted; kept where an earlier answer served.',
    labels: ['provider', 'outcome'],
  },
  modelTokens: {
    name: 'research_llm_tokens_total',
    type: 'counter',
    help: 'Tokens that models were sent (input) and gave (output).',
    labels: ['provider', 'direction'],
  },
  modelCost: {
    name: 'research_llm_cost_dollars_total',
    type: 'counter',
    help: 'US dollars that calls of models have cost, where the price is known.',
    labels: ['provider'],
  },
  circuitState: {
    name: 'research_circuit_state',
    type: 'gauge',
    help: 'How a provider or service stands with this process: 0 asked as usual, 1 after others, 2 left alone.',
    labels: ['provider'],
    together: 'max',
  },
  downloadErrors: {
    name: 'research_pdf_download_errors_total',
    type: 'counter',
    help: `Full texts that a host did not give, by host; the first ${mostDomains} hosts of a process by name, then other.`,
    labels: ['domain'],
  },
  limiterWait: {
    name: 'research_limiter_wait_seconds',
    type: 'histogram',
    help: 'Seconds that a request waited for its turn at a service; all hosts of full texts are one.',
    labels: ['service'],
    buckets: waitBuckets,
  },
  eventLag: {
    name: 'research_event_lag_seconds',
    type: 'histogram',
    help: 'Seconds from storing an event to giving it to its followers, by the clocks of database and process.',
    labels: [],
    buckets: lagBuckets,
  },
  eventStreams: {
    name: 'research_event_streams_open',
    type: 'gauge',
    help: 'Streams of events that this process has open.',
    labels: [],
    together: 'sum',
  },
  requestDuration: {
    name: 'research_http_request_duration_seconds',
    type: 'histogram',
    help: 'Seconds to answer a request of the API, or to open a stream, by method, route and status.',
    labels: ['method', 'route', 'status'],
    buckets: requestBuckets,
  },
} as const satisfies Record<string, MetricDefinition>

export type MetricKey = keyof typeof metrics
