/** How far a provider or service is left alone: asked as usual, after others, or not at all. */
export type CircuitState = 'closed' | 'poor' | 'open'

/** What became of one run of a job. `put_back`: it waits for its children, a limit, or another worker; `handed_on`: another region does it. */
export type JobOutcome = 'done' | 'put_back' | 'handed_on' | 'retried' | 'failed' | 'cancelled'

/** How a call of a model ended, with what it took; tokens and dollars are absent where nobody knows. */
export interface MeasuredCall {
  /** `provider/model`. */
  readonly provider: string
  readonly outcome: string
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  /** US dollars. */
  readonly cost?: number | undefined
}

/** An answered request of the API. */
export interface MeasuredRequest {
  readonly method: string
  /** The route's pattern, never the path: `/api/v1/sessions/:session`. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/**
 * The port through which the code tells how it fares. It knows nothing of Prometheus, never fails and never waits, and who takes
 * part of it has {@link unmeasured} for the default.
 */
export interface Measure {
  /** A phase of a review, or with `total` the whole, has ended after so many seconds of work. */
  phaseEnded(phase: string, seconds: number): void
  cacheLookedUp(kind: string): void
  cacheHit(kind: string): void
  modelCallEnded(call: MeasuredCall): void
  /** A full text was not had from a host. */
  downloadFailed(host: string): void
  /** Somebody has waited for a turn, also in vain. */
  limiterWaited(service: string, seconds: number): void
  /** Names a circuit whose state is read when somebody looks. */
  watchCircuit(provider: string, state: () => CircuitState): void
  /** Followers were given an event so many seconds after it was stored. */
  eventDelivered(lagSeconds: number): void
  /** Names the count of open streams, read when somebody looks. */
  watchStreams(open: () => number): void
  jobEnded(job: { readonly queue: string; readonly outcome: JobOutcome; readonly seconds: number }): void
  requestAnswered(request: MeasuredRequest): void
  /** This process takes jobs from now on, or no more. */
  working(isWorking: boolean): void
}

const nothing = () => undefined

/** Measures nothing. */
export const unmeasured: Measure = {
  phaseEnded: nothing,
  cacheLookedUp: nothing,
  cacheHit: nothing,
  modelCallEnded: nothing,
  downloadFailed: nothing,
  limiterWaited: nothing,
  watchCircuit: nothing,
  eventDelivered: nothing,
  watchStreams: nothing,
  jobEnded: nothing,
  requestAnswered: nothing,
  working: nothing,
}
