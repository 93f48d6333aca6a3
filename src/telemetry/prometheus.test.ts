import { expect, test } from 'vitest'
import { aggregateMetrics, metricsAsJson } from './aggregate.ts'
import { listenForProbes } from './listener.ts'
import { type MetricDefinition, metrics, mostDomains } from './metrics.ts'
import { createMeasured, type DeploymentState } from './prometheus.ts'

const state: DeploymentState = {
  activeSessions: 3,
  oldestActive: 42,
  queues: [{ queue: 'search', state: 'waiting', jobs: 7 }],
}
const measured = (read = async (): Promise<DeploymentState | undefined> => state) => createMeasured({ read })

test('definitions keep to the conventions', () => {
  for (const { name, type, labels, buckets = [] } of Object.values<MetricDefinition>(metrics)) {
    expect(name).toMatch(/^research_[a-z_]+$/)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    expect([...buckets]).toEqual([...buckets].sort((one, other) => one - other))
    expect(new Set(labels).size).toBe(labels.length)
  }
  expect(metrics.pipelineDuration.buckets).toContain(600)
  expect(new Set(Object.values(metrics).map(({ name }) => name)).size).toBe(Object.keys(metrics).length)
})

test('shows what was measured, and Node’s own metrics', async () => {
  const { measure, registry } = measured()
  measure.phaseEnded('total', 61)
  measure.cacheLookedUp('searches')
  measure.cacheLookedUp('searches')
  measure.cacheHit('searches')
  measure.modelCallEnded({
    provider: 'openai/x',
    outcome: 'answered',
    inputTokens: 10,
    outputTokens: 5,
    cost: 0.25,
  })
  measure.watchCircuit('model/openai/x@http://127.0.0.1:1/v1', () => 'poor')
  measure.watchCircuit('host:papers.example', () => 'open')
  measure.limiterWaited('host:papers.example', 2)
  measure.limiterWaited('arxiv', 2)
  measure.eventDelivered(-0.2)
  measure.watchStreams(() => 4)
  measure.jobEnded({ queue: 'search', outcome: 'done', seconds: 1 })
  measure.requestAnswered({ method: 'GET', route: '/api/v1/sessions/:session', status: 200, seconds: 0.01 })
  measure.working(true)
  const text = await registry.metrics()
  for (const line of [
    'research_pipeline_duration_seconds_bucket{le="120",phase="total"} 1',
    'research_cache_lookups_total{cache_type="searches"} 2',
    'research_cache_hits_total{cache_type="searches"} 1',
    'research_cache_hit_rate{cache_type="searches"} 0.5',
    'research_llm_calls_total{provider="openai/x",outcome="answered"} 1',
    'research_llm_tokens_total{provider="openai/x",direction="output"} 5',
    'research_llm_cost_dollars_total{provider="openai/x"} 0.25',
    'research_circuit_state{provider="openai/x"} 1',
    'research_limiter_wait_seconds_count{service="hosts"} 1',
    'research_limiter_wait_seconds_count{service="arxiv"} 1',
    'research_event_lag_seconds_bucket{le="0.005"} 1',
    'research_event_streams_open 4',
    'research_jobs_total{queue="search",outcome="done"} 1',
    'research_http_request_duration_seconds_count{method="GET",route="/api/v1/sessions/:session",status="200"} 1',
    'research_worker_processes 1',
    'research_concurrent_sessions_active 3',
    'research_oldest_active_session_seconds 42',
    'research_queue_jobs{queue="search",state="waiting"} 7',
    'research_store_ready 1',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).toMatch(/^process_cpu_seconds_total /m)
  expect(text).not.toContain('papers.example')
  for (const { name } of Object.values(metrics)) expect(text).toContain(`# TYPE ${name} `)
})

test('nothing is said of a deployment whose store is away, but that it is', async () => {
  let away = false
  const { registry } = measured(async () => (away ? undefined : state))
  await registry.metrics()
  away = true
  const text = await registry.metrics()
  expect(text).toContain('research_store_ready 0')
  expect(text).not.toMatch(/^research_(concurrent_sessions_active|queue_jobs)[ {]/m)
})

test('hosts have labels of their own up to a bound, then they are one', async () => {
  const { measure, registry } = measured()
  for (let host = 0; host < mostDomains + 10; host += 1) measure.downloadFailed(`h${host}.example`)
  measure.downloadFailed('h0.example')
  const text = await registry.metrics()
  expect(text.match(/^research_pdf_download_errors_total\{/gm)).toHaveLength(mostDomains + 1)
  expect(text).toContain('research_pdf_download_errors_total{domain="other"} 10')
  expect(text).toContain('research_pdf_download_errors_total{domain="h0.example"} 2')
})

test('metrics of several processes become one’s', async () => {
  const [one, other] = [measured(), measured(async () => undefined)]
  one.measure.working(true)
  other.measure.working(true)
  one.measure.jobEnded({ queue: 'search', outcome: 'done', seconds: 1 })
  other.measure.jobEnded({ queue: 'search', outcome: 'done', seconds: 100 })
  other.measure.watchCircuit('arxiv', () => 'open')
  // As they pass between processes.
  const told = JSON.parse(
    JSON.stringify([await metricsAsJson(one.registry), await metricsAsJson(other.registry)]),
  )
  const lines = (await aggregateMetrics(told)).split('\n')
  for (const line of [
    'research_worker_processes 2',
    'research_jobs_total{queue="search",outcome="done"} 2',
    'research_job_duration_seconds_bucket{le="1",queue="search"} 1',
    'research_job_duration_seconds_count{queue="search"} 2',
    'research_concurrent_sessions_active 3',
    'research_store_ready 0',
    'research_circuit_state{provider="arxiv"} 2',
  ])
    expect(lines).toContain(line)
})

test('the listener tells metrics and probes, and nothing else', async () => {
  const { registry } = measured()
  let ready = true
  const listener = await listenForProbes(
    { host: '127.0.0.1', port: 0 },
    { metrics: () => registry.metrics(), isReady: async () => ready },
  )
  try {
    const get = (path: string) => fetch(listener.url + path)
    const answer = await get('/metrics')
    expect(answer.headers.get('content-type')).toContain('version=0.0.4')
    expect(await answer.text()).toContain('research_queue_jobs')
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    ready = false
    expect((await get('/readyz')).status).toBe(503)
    expect((await get('/')).status).toBe(404)
    const { port } = new URL(listener.url)
    await expect(
      listenForProbes(
        { host: '127.0.0.1', port: Number(port) },
        { metrics: async () => '', isReady: async () => true },
      ),
    ).rejects.toMatchObject({ code: 'conflict' })
  } finally {
    await listener.close()
  }
})
