import { type Attributes, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import { BullMQOtel } from 'bullmq-otel'
import { messageOf } from '../errors.ts'
import { settledWithin } from '../settled-within.ts'
import { version } from '../version.ts'
import type { Trace } from './trace.ts'

/** Where traces go. */
export interface TracesOptions {
  /** Base address of an OpenTelemetry collector; traces go to `/v1/traces` below it. */
  readonly endpoint: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly redact: (text: string) => string
}

/** Traces of this process, as they are sent to a collector. */
export interface OpenTraces {
  readonly trace: Trace
  /** What carries a trace through the queues. */
  readonly queues: BullMQOtel
  /** Sends what is left. Never fails: a collector that is away is nobody's concern here. */
  close(): Promise<void>
}

/** Time for what is left when the process ends, and for each message to the collector. Milliseconds. */
const patience = 3_000

/** Queues look for work every few seconds; what begins there and belongs to nothing is no trace. */
const withoutIdling: Sampler = {
  shouldSample: (_context, _traceId, _name, kind) => ({
    decision: kind === SpanKind.INTERNAL ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => 'WithoutIdling',
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const

/** Starts tracing in this process, for which only one may be open at once: OpenTelemetry has one context for all. */
export function openTraces({ endpoint, headers = {}, redact }: TracesOptions): OpenTraces {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: patience,
  })
  const provider = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: withoutIdling }),
    spanProcessors: [new BatchSpanProcessor(redacting(exporter as SpanExporter, redact))],
  })
  provider.register()
  const tracer = trace.getTracer('sheaf', version)

  return {
    trace: {
      span(name, { kind, attributes = {}, from }, work) {
        const parent = from === undefined ? context.active() : propagation.extract(context.active(), from)
        const options = { kind: kind ? kinds[kind] : SpanKind.INTERNAL, attributes: { ...attributes } }
        return tracer.startActiveSpan(name, options, parent, async (span) => {
          try {
            return await work((more) => span.setAttributes({ ...more }))
          } catch (thrown) {
            span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(thrown) })
            throw thrown
          } finally {
            span.end()
          }
        })
      },
      note: (attributes) => void trace.getActiveSpan()?.setAttributes({ ...attributes }),
      ids() {
        const at = trace.getActiveSpan()?.spanContext()
        return at && { trace_id: at.traceId, span_id: at.spanId }
      },
    },
    queues: new BullMQOtel({ tracerName: 'sheaf-queues', version }),
    async close() {
      await settledWithin(provider.shutdown(), patience).catch(() => undefined)
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

/** Takes secrets out of what spans tell of failures, before they leave the process. */
function redacting(exporter: SpanExporter, redact: (text: string) => string): SpanExporter {
  const clean = (attributes: Attributes = {}): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string' ? redact(value) : value,
      ]),
    )
  const cleaned = (span: ReadableSpan): ReadableSpan =>
    Object.create(span, {
      attributes: { value: clean(span.attributes) },
      events: { value: span.events.map((event) => ({ ...event, attributes: clean(event.attributes) })) },
      status: {
        value:
          span.status.message === undefined
            ? span.status
            : { ...span.status, message: redact(span.status.message) },
      },
    })
  return {
    export: (spans, done) => exporter.export(spans.map(cleaned), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}
