/** What is noted on a span. Never a person's words, an address with its query, or a key. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A stretch of work and how it is shown in a trace. */
export interface SpanOptions {
  /** `server`: somebody asked for it; `client`: somebody else is asked. Default: neither. */
  readonly kind?: 'server' | 'client'
  readonly attributes?: SpanAttributes
  /** Headers of a request, which may name the trace that this belongs to (W3C Trace Context). */
  readonly from?: Readonly<Record<string, string | undefined>>
}

/** The trace and span that work belongs to, in hexadecimal digits. */
export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
}

/** The port through which work is traced. It knows nothing of OpenTelemetry; {@link untraced} is the default. */
export interface Trace {
  /**
   * Does work as one span of the trace that is at hand, or of a new one; what it throws is noted and passes. `note` adds to
   * the span what is known only later.
   */
  span<Result>(
    name: string,
    options: SpanOptions,
    work: (note: (attributes: SpanAttributes) => void) => Promise<Result>,
  ): Promise<Result>
  /** Adds to the span at hand. */
  note(attributes: SpanAttributes): void
  /** Where this is; undefined where nothing is traced. */
  ids(): TraceIds | undefined
}

/** Traces nothing. */
export const untraced: Trace = {
  span: (_name, _options, work) => work(() => undefined),
  note: () => undefined,
  ids: () => undefined,
}
