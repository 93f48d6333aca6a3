/**
 * Everything that leaves this machine for a source of papers or a host of full texts goes through this port, so that
 * limits, circuits, the cache and the guard against private addresses are in one place.
 */
export interface Upstream {
  /**
   * Sends a request when its service's limits allow, follows redirects safely, and tries again what can be tried again.
   * Resolves with any final answer below 500 other than 429, so that the caller reads 404 or 403 as its service means them.
   * @throws {WaitingError} when its turn is further away than the service's patience
   * @throws {ElsewhereError} within a job, when its service or host is asked in another region
   * @throws {SheafError} `upstream_failed` (retryable where a later call may succeed), `address_refused`, `cancelled`
   */
  request(request: UpstreamRequest): Promise<UpstreamResponse>
}

/** One request to one service. */
export interface UpstreamRequest {
  readonly service: Service
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** Text of a POST. */
  readonly body?: string
  /** What it takes of the service's limits beside the count of requests, by the limit's name: `{ credits: 10 }`. */
  readonly units?: Readonly<Record<string, number>>
  /** An answer beyond this many bytes is cut off and fails with `upstream_failed`. Default: 20 MB. */
  readonly maxBytes?: number
  /**
   * Whose turns a redirect to an address takes, where that is another's. Default: this request's service. May throw, so that
   * it is not followed.
   */
  readonly serviceAt?: (url: URL) => Service
  /** An answer may be taken from the cache of this kind, and is put there: for GET, answers of status 200 only. */
  readonly cache?: 'search' | 'none'
  readonly signal?: AbortSignal | undefined
}

/** An answer, whole. */
export interface UpstreamResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Where it came from, after redirects. */
  readonly url: string
  /** Whether it came from the cache: no request was made. */
  readonly cached: boolean
}

/** A service's terms, as its documentation and its answers give them. One value for each service, beside its client. */
export interface Service {
  /** Names its limits and its circuit; one for all keys and processes of a deployment. */
  readonly name: string
  /** As a person knows it. */
  readonly title: string
  /** Each is kept to by the whole deployment. */
  readonly limits: readonly Limit[]
  /** Requests under way at once in the whole deployment; undefined for no bound. */
  readonly connections?: number
  /** Longest wait for a turn before the task is put back, in milliseconds. */
  readonly patience: number
  /** Time for one whole answer, in milliseconds. */
  readonly timeout: number
  /** How often one request is sent at most, for failures that may pass. */
  readonly attempts: number
  /** Whether addresses come from outside (links in metadata) and so must not lead into a private network. */
  readonly guarded: boolean
  /** What an answer says about the time before which nothing more may be sent, beyond Retry-After and its kin. */
  readonly pause?: (response: UpstreamResponse) => Pause | undefined
}

/** At most `max` units in any stretch of `window` milliseconds. A request takes one unit, or what its `units` say. */
export interface Limit {
  /** `requests`, `credits`, `tokens`: unique in its service. */
  readonly name: string
  readonly max: number
  readonly window: number
}

/** A server's word that overrides the own count: of which limit nothing may be taken before when, and why. */
export interface Pause {
  readonly limit: string
  readonly until: Date
  readonly reason: string
}
