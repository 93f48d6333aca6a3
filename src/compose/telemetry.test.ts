import { spawnSync } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openTestApi, type TestApi } from '../../test/support/api.ts'
import { type Laboratory, laboratoryQuestion, startLaboratory } from '../../test/support/laboratory.ts'
import type { MetricsListener } from '../telemetry/listener.ts'

/** A span, as the collector is told it. */
interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
}

/** An OpenTelemetry collector that keeps what it is told. */
async function startCollector() {
  const spans: Span[] = []
  const bodies: string[] = []
  const authorizations = new Set<string | undefined>()
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    bodies.push(body)
    authorizations.add(request.headers.authorization)
    if (request.url === '/v1/traces')
      for (const { scopeSpans } of JSON.parse(body).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans)
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { spans, bodies, authorizations, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const secret = 'sk-planted-4711'
const attributeOf = ({ attributes }: Span, name: string) =>
  attributes.find(({ key }) => key === name)?.value.stringValue

/** One review of a few records, from a request with a trace to its end; the tests look at what was told of it. */
let lab: Laboratory
let collector: Awaited<ReturnType<typeof startCollector>>
let api: TestApi
let listener: MetricsListener
let session: string
const lines: string[] = []
const traceId = '0af7651916cd43dd8448eb211c80319c'
const metricsNow = async () => (await fetch(`${listener.url}/metrics`)).text()

beforeAll(async () => {
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  lab = await startLaboratory({ scholarly: { papers: 600 } })
  collector = await startCollector()
  api = await openTestApi({
    environment: {
      ...lab.withModels('openai'),
      OPENAI_API_KEY: secret,
      SHEAF_METRICS: '127.0.0.1:0',
      SHEAF_LOG: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20planted-collector',
    },
  })
  listener = (await api.app.telemetry.listen())!
  await api.app.startWorkers()
  const answer = await api.send('POST', '/sessions', {
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    json: {
      question: laboratoryQuestion,
      settings: { sources: ['arxiv'], maxRecords: 5, maxPapers: 2, analyst: 'model' },
    },
  })
  expect(answer.status).toBe(202)
  session = ((await answer.json()) as { session_id: string }).session_id
})
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  collector?.close()
  await lab?.[Symbol.asyncDispose]()
  vi.restoreAllMocks()
})

test('a review goes on to its end', async () => {
  const status = async () =>
    ((await (await api.send('GET', `/sessions/${session}`)).json()) as { status: string }).status
  await expect.poll(status, { timeout: 25_000, interval: 200 }).toBe('finished')
})

test('what no setting asks for is not loaded', () => {
  const script = `
    import Module from 'node:module'
    const { openTelemetry } = await import('./src/compose/telemetry.ts')
    await openTelemetry({ home: '', reviews: '', origins: {} })
    await import('./src/compose.ts')
    console.log(JSON.stringify(Object.keys(Module._cache)))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const loaded: string[] = JSON.parse(stdout)
  expect(loaded.some((path) => path.includes('/node_modules/'))).toBe(true)
  expect(
    loaded.filter((path) => /node_modules\/(prom-client|pino|@opentelemetry|bullmq-otel)\//.test(path)),
  ).toEqual([])
})

test('metrics tell of the review by the definitions’ labels', async () => {
  const text = await metricsNow()
  for (const line of [
    /^research_pipeline_duration_seconds_count\{phase="total"\} 1$/m,
    /^research_pipeline_duration_seconds_count\{phase="collect"\} 1$/m,
    /^research_cache_lookups_total\{cache_type="searches"\} 1$/m,
    /^research_llm_calls_total\{provider="openai\/gpt-5.4-mini",outcome="answered"\} \d+$/m,
    /^research_llm_tokens_total\{provider="openai\/gpt-5.4-mini",direction="input"\} \d+$/m,
    /^research_limiter_wait_seconds_count\{service="arxiv"\} \d+$/m,
    /^research_circuit_state\{provider="arxiv"\} 0$/m,
    /^research_circuit_state\{provider="openai\/gpt-5.4-mini"\} 0$/m,
    /^research_jobs_total\{queue="search",outcome="done"\} \d+$/m,
    /^research_queue_jobs\{queue="sessions",state="active"\} 0$/m,
    /^research_concurrent_sessions_active \d$/m,
    /^research_store_ready 1$/m,
    /^research_worker_processes 1$/m,
    /^research_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/sessions",status="202"\} 1$/m,
    /^research_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/sessions\/:session",status="200"\} \d+$/m,
  ])
    expect(text).toMatch(line)
  expect(text).not.toContain(session)
  expect((await fetch(`${listener.url}/readyz`)).status).toBe(200)
})

test('a path that leads nowhere is no label', async () => {
  await api.send('GET', '/nowhere/planted')
  const text = await metricsNow()
  expect(text).toMatch(/route="unmatched",status="404"\} 1$/m)
  expect(text).not.toContain('planted')
})

test('every line is JSON, those of jobs name session, job, queue and trace, and none holds a secret', () => {
  const told = lines.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line))
  const ofJobs = told.filter(({ msg }) => msg === 'A job ended.')
  expect(ofJobs.length).toBeGreaterThan(5)
  for (const line of ofJobs)
    expect(line).toMatchObject({
      session,
      trace_id: traceId,
      span_id: expect.stringMatching(/^[\da-f]{16}$/),
      job: expect.any(String),
      queue: expect.stringMatching(/^(sessions|search|documents|analysis|synthesis)$/),
      outcome: expect.stringMatching(/^(done|put_back)$/),
    })
  expect(lines.join('')).not.toMatch(/planted/)
})

test('a fault is a line of the log, without what lets somebody in', () => {
  lines.length = 0
  api.app.telemetry.fault(new Error(`redis://:planted-pass@cache:6379 is away; key ${secret}`))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'redis://[redacted]@cache:6379 is away; key [redacted]',
      error: expect.anything(),
    }),
  ])
  expect(lines.join('')).not.toMatch(/planted/)
  api.app.telemetry.fault(new Error(`redis://:planted-pass@cache:6379 is away; key ${secret}`))
  expect(lines).toHaveLength(1)
})

test('one trace leads from the request of the API to the upstream request and the call of a model', async () => {
  // What is left is sent at the end.
  await api.app.stopWorkers(0)
  await api.app.close()
  const { spans } = collector
  const parents = new Map(spans.map((span) => [span.spanId, span]))
  const pathTo = (span: Span | undefined): string[] =>
    span === undefined ? [] : [...pathTo(parents.get(span.parentSpanId ?? '')), span.name]
  const ofReview = spans.filter((span) => span.traceId === traceId)
  const upstream = ofReview.find((span) => attributeOf(span, 'sheaf.service') === 'arxiv')
  const model = ofReview.find((span) => attributeOf(span, 'gen_ai.request.model') === 'gpt-5.4-mini')
  for (const span of [upstream, model]) {
    const path = pathTo(span)
    expect(path.slice(0, 3)).toEqual(['POST', 'add sessions.review', 'process sessions'])
    expect(path.at(-2)).toMatch(/^process (documents|analysis|synthesis)$/)
  }
  expect(ofReview.some((span) => attributeOf(span, 'sheaf.session') === session)).toBe(true)
  expect(collector.authorizations).toEqual(new Set(['Bearer planted-collector']))
  // Neither what was asked nor keys, and nobody's looking for work.
  const told = collector.bodies.join('')
  expect(told).not.toMatch(/planted|hallucination/)
  expect(new Set(spans.map((span) => span.traceId)).size).toBeLessThan(100)
})
